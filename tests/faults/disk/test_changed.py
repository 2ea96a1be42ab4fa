"""A file that changed on disk and in the editor: nothing is overwritten unasked, and neither version is lost."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from fault_matrix import fault

from tui_client.tui.modals.conflict import ConflictDialog, DeletedDialog

LIST = "users/list.toml"
MARKED = '<<<<<<< HEAD\nurl = "/a"\n=======\nurl = "/b"\n>>>>>>> other\n'


async def edited(b: Any) -> None:
    """The request is open, with an edit of its own."""
    await b.open("users/list")
    await b.type_url("/mine")


async def asked(b: Any, dialog: type = ConflictDialog) -> Any:
    """Saving asks."""
    await b.press("ctrl+s")
    await b.until(lambda: isinstance(b.top, dialog) and b.top.query("Button"))
    await b.pilot.pause()
    return b.top


def change(path: Path, old: str, new: str) -> str:
    """What someone else does; gives the new text."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")
    return path.read_bytes().decode()


@fault("disk.changed")
async def test_changes_in_different_places_are_merged_by_enter(bench: Any, sample: Path) -> None:
    """Both are in the file, their comments too; the editor shows them, and no other tab is needed."""
    path = sample / LIST
    async with bench(sample) as b:
        await edited(b)
        theirs = change(path, "page = 1 ", "page = 9 ")
        await asked(b)
        await b.press("enter")
        await b.until(lambda: b.tabs == ["list"])
        assert path.read_text() == theirs.replace('url = "/users"', 'url = "/mine"')
        await b.until(lambda: "page=9" in b.text)
        assert b.screen.current.draft.url == "/mine" and not b.screen.current.dirty


@fault("disk.changed")
async def test_a_conflict_is_decided_line_by_line(bench: Any, sample: Path) -> None:
    """What was not chosen is open beside it; line ends stay those of the file."""
    path = sample / LIST
    async with bench(sample) as b:
        await edited(b)
        change(path, 'url = "/users"', 'url = "/theirs"')
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        theirs = path.read_bytes()
        dialog = await asked(b)
        assert dialog.query_one("#merge").disabled
        await b.press("m")
        await b.click("#merge")
        await b.until(lambda: len(b.tabs) == 2)
        assert path.read_bytes() == theirs.replace(b'"/theirs"', b'"/mine"')
        assert [item.draft.url for item in b.screen.requests.items] == ["/mine", "/theirs"]
        assert b.screen.current.key == "users/list"


@fault("disk.changed")
async def test_a_result_that_is_no_request_stays_in_the_dialog(bench: Any, sample: Path) -> None:
    """It says which line; another choice can be saved."""
    path = sample / LIST
    async with bench(sample) as b:
        await edited(b)
        change(path, 'url = "/users"', 'url = "/theirs"')
        dialog = await asked(b)
        await b.press("b")
        await b.until(lambda: "The result is no request yet: line" in b.text)
        assert dialog.query_one("#merge").disabled and b.top is dialog
        await b.press("t")
        await b.click("#merge")
        await b.until(lambda: len(b.tabs) == 2)
        assert 'url = "/theirs"' in path.read_text()
        assert [item.draft.url for item in b.screen.requests.items] == ["/theirs", "/mine"]


@fault("disk.changed")
@pytest.mark.parametrize("button", ["#merge", "#mine"])
async def test_a_third_version_begins_the_question_anew(bench: Any, sample: Path, button: str) -> None:
    """While one was looked at another came: nothing of it is overwritten."""
    path = sample / LIST
    async with bench(sample) as b:
        await edited(b)
        change(path, "page = 1 ", "page = 9 ")
        first = await asked(b)
        third = change(path, "page = 9 ", "page = 77 ")
        first.query_one(button).press()
        await b.until(lambda: isinstance(b.top, ConflictDialog) and b.top is not first)
        assert path.read_text() == third
        await b.until(lambda: "page = 77" in b.text)
        await b.pilot.pause()
        await b.press("enter")
        await b.until(lambda: b.tabs == ["list"])
        assert path.read_text() == third.replace('url = "/users"', 'url = "/mine"')


@fault("disk.changed")
async def test_the_marks_of_a_git_merge_can_be_settled_here(bench: Any, sample: Path) -> None:
    """The dialog says what is wrong with theirs; it can't be taken whole, and its text is kept beside the file."""
    path = sample / LIST
    async with bench(sample) as b:
        await edited(b)
        marked = change(path, 'url = "/users"\n', MARKED)
        dialog = await asked(b)
        assert "merge-conflict markers" in b.text and not dialog.query("#theirs")
        await b.press("m")
        await b.click("#merge")
        await b.until(lambda: b.tabs == ["list"])
        assert 'url = "/mine"' in path.read_text() and "<<<" not in path.read_text()
        assert path.with_name("list.toml.theirs").read_text() == marked


@fault("disk.changed")
async def test_enter_alone_writes_no_deleted_file_again(bench: Any, sample: Path) -> None:
    """Esc keeps the edit in the editor."""
    async with bench(sample) as b:
        await edited(b)
        (sample / LIST).unlink()
        await asked(b, DeletedDialog)
        await b.press("enter", "escape")
        await b.until(lambda: b.top is b.screen)
        assert not (sample / LIST).exists()
        assert b.screen.current.draft.url == "/mine" and b.screen.current.dirty


@fault("disk.changed")
@pytest.mark.parametrize("kind", ["directory", "pipe", "link out"])
async def test_a_file_that_became_something_else_keeps_the_edit(bench: Any, sample: Path, kind: str) -> None:
    """Nothing is waited for, nothing outside is read or written; once the cause is gone, the edit is saved."""
    path = sample / LIST
    text = path.read_text()
    outside = sample.parent / "outside.toml"
    outside.write_text('url = "/outside"\n')
    async with bench(sample) as b:
        await edited(b)
        path.unlink()
        {"directory": path.mkdir, "pipe": lambda: os.mkfifo(path), "link out": lambda: path.symlink_to(outside)}[kind]()
        await b.press("ctrl+s")
        await b.until(lambda: "Could not save" in b.said)
        assert b.screen.current.draft.url == "/mine" and b.screen.current.dirty
        assert outside.read_text() == 'url = "/outside"\n' and "/outside" not in b.text
        path.rmdir() if kind == "directory" else path.unlink()
        path.write_text(text)
        await b.press("ctrl+s")
        await b.until(lambda: b.tabs == ["list"])
        assert 'url = "/mine"' in path.read_text()
