"""The workbench comes back as it was left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from tui_client.tui.app import WorkbenchApp
from tui_client.tui.session.file import open_session


async def test_the_workbench_comes_back_as_it_was_left(bench: Any, sample: Path) -> None:
    """Tabs, drafts, the environment and the room, after an end that asked for nothing; nothing is sent for it."""
    async with bench(sample, size=(160, 48)) as b:
        await b.open("users/list")
        await b.open("users/get")
        await b.type_url("/unsaved")
        b.screen.use_environment("")
        b.screen.action_grow()
        left = b.tabs
    async with bench(sample, size=(160, 48)) as b:
        await b.until(lambda: b.tabs == left)
        assert b.screen.current.key == "users/get"
        assert b.screen.current.draft.url == "/unsaved"
        assert b.screen.environment == ""
        assert b.screen.room.habits == ("-reply-2",)
        assert not b.screen.sends.ids
        await b.until(lambda: "/unsaved" in b.text)
        # In the tree its row is marked, too.
        await b.until(lambda: b.in_tree("users/get") and "*" in b.tree_row("users/get"))


async def test_a_second_window_starts_fresh_and_says_so(bench: Any, sample: Path) -> None:
    """It neither takes nor overwrites what the first one keeps."""
    async with bench(sample) as first:
        await first.open("users/list")
        async with bench(sample) as second:
            await second.until(lambda: "another window" in second.said)
            assert second.tabs == ["new"]
            await second.type_url("/second")
    async with bench(sample) as b:
        await b.until(lambda: b.tabs == ["list"])


@pytest.mark.parametrize("typed", ["/typed", ""], ids=["typed", "nothing typed"])
@pytest.mark.parametrize("opened", [True, False], ids=["just opened", "not opened yet"])
async def test_an_end_in_the_first_moments_keeps_what_was_typed(
    own_folders: None, tmp_path: Path, typed: str, opened: bool
) -> None:
    """Also between reading the last session and putting it back; the next window can have it in any case."""
    (tmp_path / "work").mkdir()

    class Slow(WorkbenchApp):
        """Its session is not put back before it ends."""

        def _first_frame(self) -> None:
            pass

    app = Slow(tmp_path / "work")
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.workbench is not None
        if opened:
            app.workbench.session._open()
        if typed:
            app.workbench.builder.query_one("#url", Input).value = typed
            await pilot.pause()
    found = open_session(tmp_path / "work")
    assert found.file is not None
    found.file.close()
    assert [tab.draft.url for tab in found.state.tabs if tab.draft] == ([typed] if typed else [])


@pytest.mark.parametrize("spelled", ["../demo", "linked"])
async def test_a_draft_keeps_its_file_however_the_workspace_is_spelled(
    bench: Any, sample: Path, monkeypatch: pytest.MonkeyPatch, spelled: str
) -> None:
    """By a path from another folder, or by a link: a save goes into the file it was made from."""
    (sample / "linked").symlink_to(sample)
    monkeypatch.chdir(sample.parent)
    async with bench(Path(sample.name)) as b:
        await b.open("users/list")
        await b.type_url("/mine")
    monkeypatch.chdir(sample)
    async with bench(Path(spelled)) as b:
        await b.until(lambda: b.tabs == ["list*"])
        await b.press("ctrl+s")
        await b.until(lambda: b.tabs == ["list"])
    assert 'url = "/mine"' in (sample / "users" / "list.toml").read_text()
