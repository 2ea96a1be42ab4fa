"""Nothing that is on disk, or was typed, goes unseen: ways on which an edit and another's change meet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.widgets import Input

from tui_client.tui.modals.conflict import ConflictDialog
from tui_client.tui.state import Section


def _changed(path: Path) -> str:
    """Somebody else gives the file another page; its text then."""
    text = path.read_text(encoding="utf-8")
    assert "page = 1 " in text
    path.write_text(text.replace("page = 1 ", "page = 77 ", 1), encoding="utf-8")
    return path.read_text(encoding="utf-8")


async def _asked(b: Any) -> None:
    await b.press("ctrl+s")
    await b.until(lambda: isinstance(b.top, ConflictDialog))


async def test_a_rename_forgets_no_change_by_others(bench: Any, sample: Path) -> None:
    """An edit made before the file changed is still asked for when it is saved under its new name."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/mine")
        _changed(sample / "users" / "list.toml")
        await b.press("f2")
        await b.answer("everyone")
        await b.until(lambda: b.tabs == ["everyone* ≠ disk"])
        await _asked(b)
        await b.click("#merge")
        await b.until(lambda: b.tabs == ["everyone"])
    text = (sample / "users" / "everyone.toml").read_text()
    assert "page = 77 " in text and 'url = "/mine"' in text


async def test_a_folders_rename_forgets_no_change_by_others(bench: Any, sample: Path) -> None:
    """The same for all that is open in it."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/mine")
        theirs = _changed(sample / "users" / "list.toml")
        await b.press("f3", "left", "f2")
        await b.answer("people")
        await b.until(lambda: b.screen.current.key == "people/list")
        await _asked(b)
        await b.press("escape")
    assert (sample / "people" / "list.toml").read_text() == theirs


async def test_a_broken_file_keeps_no_other_from_following_its_folder(bench: Any, sample: Path) -> None:
    """Else a save would make the old folder again, beside the new one."""
    async with bench(sample) as b:
        await b.open("users/get")
        await b.type_url("/one")
        await b.open("users/list")
        await b.type_url("/mine")
        (sample / "users" / "get.toml").write_text("url = \n")
        await b.press("f3", "left", "f2")
        await b.answer("people")
        await b.until(lambda: b.screen.current.key == "people/list")
        assert [item.draft.url for item in b.screen.requests.items] == ["/one", "/mine"]


async def test_undo_does_not_go_behind_a_change_by_others(bench: Any, sample: Path) -> None:
    """A draft of before would be saved over what came from the disk, and nobody asked."""
    path = sample / "users" / "list.toml"
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/mine")
        await b.press("ctrl+s")
        await b.until(lambda: b.tabs == ["list"])
        theirs = _changed(path)
        await b.until(lambda: "page=77" in b.text)
        await b.press("ctrl+z", "ctrl+s")
        await b.until(lambda: "Nothing to save." in b.said)
        assert b.tabs == ["list"]
    assert path.read_text() == theirs


async def test_undo_does_not_go_behind_what_was_taken_of_theirs(bench: Any, sample: Path) -> None:
    """What was mine is open beside it."""
    path = sample / "users" / "list.toml"
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/mine")
        await b.type_url("/mine/too")
        theirs = _changed(path)
        await _asked(b)
        await b.click("#theirs")
        await b.until(lambda: len(b.tabs) == 2)
        await b.press("ctrl+z", "ctrl+s")
        await b.until(lambda: "Nothing to save." in b.said)
        assert [item.draft.url for item in b.screen.requests.items] == ["/users", "/mine/too"]
    assert path.read_text() == theirs


@pytest.mark.parametrize(("before", "typed"), [("1", "true"), ("1", "1.0"), ("0", "-0.0")])
async def test_a_check_for_a_value_of_another_type_is_an_edit(
    bench: Any, sample: Path, before: str, typed: str
) -> None:
    """To Python 1 is true; to whoever checks a reply it isn't."""
    path = sample / "users" / "one.toml"
    text = f'url = "/a"\n\n[[assert]]\nquery = "json"\nexpr = "$.a"\nop = "=="\nvalue = {before}\n'
    path.write_text(text)
    async with bench(sample) as b:
        await b.open("users/one")
        b.screen.builder.show_section(Section.CHECKS)
        await b.until(lambda: b.screen.builder.query("#asserts Input"))
        b.screen.builder.query("#asserts Input").first(Input).value = f'json "$.a" == {typed}'
        await b.until(lambda: b.tabs == ["one*"])
        await b.press("ctrl+s")
        await b.until(lambda: b.tabs == ["one"])
        assert path.read_text() == text.replace(f"value = {before}", f"value = {typed}")
        await b.press("ctrl+z")
        await b.until(lambda: b.tabs == ["one*"])


async def test_of_several_deletes_each_can_be_taken_back(bench: Any, sample: Path) -> None:
    """One whose name was taken meanwhile does not stand in the way of those before it."""
    first, second = (sample / "users" / f"{name}.toml" for name in ("get", "list"))
    text = first.read_text()
    async with bench(sample) as b:
        for path in (first, second):
            await b.open(f"users/{path.stem}")
            await b.press("f3", "delete")
            await b.until(lambda path=path: not path.exists())
        second.write_text('url = "/other"\n')
        await b.press("u")
        await b.until(lambda: "Could not save" in b.said)
        await b.press("u")
        await b.until(first.exists)
    assert first.read_text() == text and second.read_text() == 'url = "/other"\n'


async def test_lines_that_were_merged_into_what_nobody_wrote_are_told_of(bench: Any, sample: Path) -> None:
    """They wrote the rows in another form, I removed one: by lines both are done, and the row is there."""
    path = sample / "users" / "one.toml"
    rows = '[[headers]]\nname = "A"\nvalue = "1"\n# b\n[[headers]]\nname = "B"\nvalue = "2"\n'
    path.write_text(f"x-a = 1\n\n{rows}")
    async with bench(sample) as b:
        await b.open("users/one")
        draft = b.screen.current.draft
        b.screen.edit(replace(draft, headers=draft.headers[1:]))
        path.write_text('headers = [["A", "1"], ["B", "2"]]\nx-a = 1\n\n# b\n')
        await _asked(b)
        words = "Look at the result: only you changed headers, and it has something else there."
        assert not b.top.query_one("#merge").disabled
        assert words in b.text
        await b.press("t")
        await b.until(lambda: words not in b.text)
        await b.press("escape")
