"""Files from the workbench: saving, the tree's actions, and what others do to the disk meanwhile."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import pytest

from tui_client.tui.modals.conflict import ConflictDialog


def _set_page(path: Path, page: int) -> None:
    text = path.read_text(encoding="utf-8")
    assert "page = 1 " in text
    path.write_text(text.replace("page = 1 ", f"page = {page} ", 1), encoding="utf-8")


async def _edit_method(b: Any, method: str) -> None:
    b.screen.builder.query_one("#method").value = method
    await b.until(lambda: b.screen.current.draft.method == method)


async def test_saving_changes_the_line_that_was_edited(bench: Any, sample: Path) -> None:
    """Comments, order and layout stay; the star goes."""
    path = sample / "users" / "list.toml"
    before = path.read_text(encoding="utf-8").splitlines()
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/users/all")
        assert b.tabs == ["list*"]
        await b.until(lambda: "list*" in b.tree_row("users/list"))
        await b.press("ctrl+s")
        await b.until(lambda: "Saved list.toml." in b.said)
        assert b.tabs == ["list"]
    changed = [line for line in difflib.ndiff(before, path.read_text(encoding="utf-8").splitlines()) if line[0] in "+-"]
    assert [line.split("#")[0].strip() for line in changed] == ['- url = "/users"', '+ url = "/users/all"']


async def test_a_new_request_asks_for_its_name(bench: Any, sample: Path) -> None:
    """It is in the tree at once, with the cursor on it; Esc keeps it unsaved."""
    async with bench(sample) as b:
        await b.type_url("/users/1")
        await b.press("ctrl+s", "escape")
        assert b.tabs == ["new*"]
        await b.press("ctrl+s")
        await b.answer("users/mine")
        await b.until(lambda: b.screen.collections.node and b.screen.collections.node.key == "users/mine")
        assert b.tabs == ["mine"]
        assert (sample / "users" / "mine.toml").is_file()


@pytest.mark.parametrize("name", ["../../outside", "users/../../outside", "environments/outside", ".git/outside"])
async def test_no_name_leads_out_of_the_collection(bench: Any, sample: Path, name: str) -> None:
    """It is refused or made safe; the text stays in the editor or in the collection."""
    before = set(sample.parent.rglob("*outside*"))
    async with bench(sample) as b:
        await b.type_url("/users/1")
        await b.press("ctrl+s")
        await b.answer(name)
        made = set(sample.parent.rglob("*outside*")) - before
        assert all(path.is_relative_to(sample) for path in made)
        assert bool(made) != (b.tabs == ["new*"])


async def test_saving_under_another_name_leaves_the_first_file(bench: Any, sample: Path) -> None:
    """The tab is the new file from then on."""
    old = (sample / "users" / "list.toml").read_text()
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/copy")
        b.screen.action_save_as()
        await b.answer("users/copy")
        await b.until(lambda: b.tabs == ["copy"])
    assert (sample / "users" / "list.toml").read_text() == old
    assert "/copy" in (sample / "users" / "copy.toml").read_text()


async def test_a_save_that_fails_keeps_the_edit(bench: Any, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is said, the file is untouched, and the same edit can be saved once the cause is gone."""
    path = sample / "users" / "list.toml"
    old = path.read_text()
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/users/edited")
        monkeypatch.setattr("secrets.token_hex", lambda _=None: "taken")
        in_the_way = path.with_name(".tui-client-taken.tmp")
        in_the_way.mkdir()
        await b.press("ctrl+s")
        await b.until(lambda: b.said)
        assert b.said == f"Could not save {path}: File exists. The old file is untouched."
        assert b.tabs == ["list*"]
        assert b.screen.current.draft.url == "/users/edited"
        assert b.screen.builder.query_one("#url").value == "/users/edited"
        assert path.read_text() == old
        in_the_way.rmdir()
        await b.press("ctrl+s")
        await b.until(lambda: "Saved list.toml." in b.said)
        assert b.tabs == ["list"]
    assert 'url = "/users/edited"' in path.read_text()


# Someone else was there first


async def test_keeping_mine_opens_theirs_beside_it(bench: Any, sample: Path) -> None:
    """Their comments stay in the file, their values in a tab of their own."""
    path = sample / "users" / "list.toml"
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/mine")
        path.write_text("# their comment\n" + path.read_text().replace('url = "/users"', 'url = "/theirs"'))
        await b.press("ctrl+s")
        await b.click("#mine")
        await b.until(lambda: len(b.tabs) == 2)
        assert 'url = "/mine"' in path.read_text() and "# their comment" in path.read_text()
        assert [item.draft.url for item in b.screen.requests.items] == ["/mine", "/theirs"]
        assert b.screen.current.key == "users/list"


async def test_taking_theirs_opens_mine_beside_it(bench: Any, sample: Path) -> None:
    """The file is as they left it."""
    path = sample / "users" / "list.toml"
    theirs = path.read_text().replace('url = "/users"', 'url = "/theirs"')
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/mine")
        path.write_text(theirs)
        await b.press("ctrl+s")
        await b.click("#theirs")
        await b.until(lambda: len(b.tabs) == 2)
        assert path.read_text() == theirs
        assert [item.draft.url for item in b.screen.requests.items] == ["/theirs", "/mine"]


async def test_escape_in_a_conflict_changes_nothing(bench: Any, sample: Path) -> None:
    """The edit stays in the editor, the file as it is."""
    path = sample / "users" / "list.toml"
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/mine")
        _set_page(path, 9)
        theirs = path.read_text()
        await b.press("ctrl+s")
        await b.until(lambda: isinstance(b.top, ConflictDialog))
        await b.press("escape")
        assert b.screen.current.draft.url == "/mine" and b.screen.current.dirty
        assert path.read_text() == theirs


async def test_the_same_edit_by_both_is_no_conflict(bench: Any, sample: Path) -> None:
    """Nothing is asked where nothing differs."""
    path = sample / "users" / "list.toml"
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/same")
        path.write_text(path.read_text().replace('url = "/users"', 'url = "/same"'))
        await b.press("ctrl+s")
        await b.until(lambda: b.tabs == ["list"])


async def test_keeping_mine_over_a_file_that_is_broken_keeps_its_text(bench: Any, sample: Path) -> None:
    """Merge markers may be all that is left of someone's work."""
    path = sample / "users" / "list.toml"
    theirs = "<<<<<<< HEAD\n" + path.read_text()
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/mine")
        path.write_text(theirs)
        await b.press("ctrl+s")
        await b.click("#mine")
        await b.until(lambda: 'url = "/mine"' in path.read_text())
        assert (sample / "users" / "list.toml.theirs").read_text() == theirs


@pytest.mark.parametrize(("answer", "written"), [("#mine", True), ("#theirs", False)])
async def test_an_edit_of_a_deleted_file_is_not_lost(bench: Any, sample: Path, answer: str, written: bool) -> None:
    """Kept, it is written again; else it goes on as a new request."""
    path = sample / "users" / "list.toml"
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/mine")
        path.unlink()
        await b.press("ctrl+s")
        await b.click(answer)
        await b.pilot.pause()
        assert path.exists() is written
        assert b.screen.current.draft.url == "/mine"
        assert b.screen.current.dirty is not written


# The disk changes by itself


async def test_an_untouched_request_follows_its_file(bench: Any, sample: Path) -> None:
    """A git checkout is seen at once."""
    async with bench(sample) as b:
        await b.open("users/list")
        _set_page(sample / "users" / "list.toml", 42)
        await b.until(lambda: "page=42" in b.text)
        assert b.tabs == ["list"]


async def test_an_edit_stays_when_its_file_changes(bench: Any, sample: Path) -> None:
    """It gets a mark and a sentence."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/mine")
        _set_page(sample / "users" / "list.toml", 42)
        await b.until(lambda: b.tabs == ["list* ≠ disk"])
        await b.until(lambda: "users/list changed on disk. Your edit stays" in b.said)
        assert b.screen.current.draft.url == "/mine"


async def test_a_file_that_is_deleted_and_comes_back(bench: Any, sample: Path) -> None:
    """The request stays open meanwhile and can be written again."""
    path = sample / "users" / "list.toml"
    text = path.read_text()
    async with bench(sample) as b:
        await b.open("users/list")
        path.unlink()
        await b.until(lambda: b.tabs == ["list ✗ disk"])
        await b.until(lambda: not b.in_tree("users/list"))
        await b.press("ctrl+s")
        await b.until(lambda: path.exists() and b.tabs == ["list"])
        assert path.read_text() == text


async def test_a_file_that_breaks_says_so_and_what_was_read_stays(bench: Any, sample: Path) -> None:
    """Half a save by an editor must not empty the screen."""
    async with bench(sample) as b:
        await b.open("users/list")
        (sample / "users" / "list.toml").write_text("url = \n")
        await b.until(lambda: "list.toml:1" in b.said)
        assert b.screen.current.draft.url == "/users"


async def test_an_environment_that_is_gone_is_not_used(bench: Any, sample: Path) -> None:
    """Another one takes its place, and the line on top says which."""
    async with bench(sample) as b:
        await b.open("users/list")
        (sample / "environments" / "local.toml").unlink()
        await b.until(lambda: "env staging" in b.text)


# From the tree


async def test_an_open_request_follows_a_rename_with_its_edit(bench: Any, sample: Path) -> None:
    """F2 from anywhere; its last status goes along."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.send()
        await b.type_url("/mine")
        await b.press("f2")
        await b.answer("everyone")
        await b.until(lambda: b.tabs == ["everyone*"])
        await b.until(lambda: b.in_tree("users/everyone"))
        assert b.tree_row("users/everyone").endswith("200")
        await b.press("ctrl+s")
        await b.until(lambda: b.tabs == ["everyone"])
        assert "/mine" in (sample / "users" / "everyone.toml").read_text()
        assert not (sample / "users" / "list.toml").exists()


async def test_open_requests_follow_a_folder_that_is_renamed(bench: Any, sample: Path) -> None:
    """All that is open in it."""
    async with bench(sample) as b:
        await b.open("users/get")
        await b.open("users/list")
        await b.press("f3", "left", "f2")
        await b.answer("people")
        await b.until(lambda: [item.key for item in b.screen.requests.items] == ["people/get", "people/list"])
        assert (sample / "people" / "list.toml").is_file()


async def test_moving_asks_for_a_folder(bench: Any, sample: Path) -> None:
    """The open request goes along."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.press("f3", "m")
        await b.answer("orders")
        await b.until(lambda: b.screen.current.key.startswith("orders/list"))


async def test_a_duplicate_is_opened(bench: Any, sample: Path) -> None:
    """Under a free name."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.press("f3", "d")
        await b.until(lambda: len(b.tabs) == 2)
        assert b.screen.current.key != "users/list"
        assert (sample / f"{b.screen.current.key}.toml").is_file()


async def test_delete_and_undo(bench: Any, sample: Path) -> None:
    """An untouched tab goes with its file; u brings the file back, byte for byte."""
    path = sample / "users" / "list.toml"
    text = path.read_text()
    async with bench(sample) as b:
        await b.open("users/list")
        await b.press("f3", "delete")
        await b.until(lambda: not path.exists())
        assert b.tabs == ["new"]
        await b.press("u")
        await b.until(lambda: b.in_tree("users/list"))
        assert path.read_text() == text


async def test_deleting_an_edited_request_keeps_its_tab(bench: Any, sample: Path) -> None:
    """The edit is nowhere else."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/mine")
        await b.press("f3", "delete")
        await b.until(lambda: b.tabs == ["list* ✗ disk"])


async def test_an_undo_that_fails_can_be_tried_again(bench: Any, sample: Path) -> None:
    """Something took the name; nothing is written over, nothing forgotten."""
    path = sample / "users" / "list.toml"
    text = path.read_text()
    async with bench(sample) as b:
        await b.open("users/list")
        await b.press("f3", "delete")
        await b.until(lambda: not path.exists())
        path.write_text('url = "/other"\n')
        await b.press("u")
        await b.until(lambda: "Could not save" in b.said)
        path.unlink()
        await b.press("u")
        await b.until(path.exists)
        assert path.read_text() == text


async def test_a_folder_is_deleted_only_after_a_question(bench: Any, sample: Path) -> None:
    """The safe answer has the focus."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.press("f3", "left", "delete")
        await b.until(lambda: b.top is not b.screen)
        await b.press("enter")
        assert (sample / "users" / "list.toml").exists()
        await b.press("delete")
        await b.click("#delete")
        await b.until(lambda: not (sample / "users").exists())
        await b.press("u")
        await b.until(lambda: (sample / "users" / "list.toml").exists())


async def test_a_new_folder_is_made_where_the_cursor_is(bench: Any, sample: Path) -> None:
    """Also from the palette, which has no key for it."""
    async with bench(sample) as b:
        await b.open("users/list")
        b.screen.action_new_folder()
        await b.answer("admins")
        await b.until(lambda: (sample / "users" / "admins").is_dir())


async def test_keys_of_the_reply_save_open_and_read_it_anew(bench: Any, sample: Path, tmp_path: Path) -> None:
    """Saved as it came, opened elsewhere, read in another charset; what can't be done is told."""
    target = tmp_path / "body.json"
    async with bench(sample) as b:
        await b.type_url("/users/1")
        await b.send()
        b.screen.reply.focus_reply()
        for name, said in ((str(target), f"to {target}"), ("~nobody-here/x", "can't be a file")):
            await b.press("s")
            await b.until(lambda: b.top.query("#sent"))
            await b.pilot.click("#sent")
            await b.answer(name)
            await b.until(lambda said=said: said in b.said)
        assert target.read_bytes() == b.screen.reply.exchange.response.body.read()
        await b.press("o")
        await b.until(lambda: "Editor:" in b.text)
        await b.press("escape")
        await b.until(lambda: b.top is b.screen)
        await b.press("e")
        await b.answer("utf-16 be")
        await b.until(lambda: "UTF-16-BE" in b.text)
