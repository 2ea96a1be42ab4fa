"""What is quick or early ends nothing: keys and clicks faster than dialogs open and close."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tui_client.tui.app import WorkbenchApp
from tui_client.tui.commands import Palette
from tui_client.tui.modals.choose import Choice, Choose
from tui_client.tui.modals.pick import Pick


async def test_the_palette_opens_while_it_closes(bench: Any, sample: Path) -> None:
    """Opened, closed and opened again in one go, and clicked away twice, it is there once, then gone."""
    async with bench(sample) as b:

        def quickly() -> None:
            b.app.action_command_palette()
            b.top.dismiss()
            b.app.action_command_palette()
            b.app.action_command_palette()

        b.app.call_next(quickly)
        await b.until(lambda: isinstance(b.top, Palette) and b.top.is_mounted)
        assert len(b.app.screen_stack) == 2
        palette = b.top
        palette.dismiss()
        palette.dismiss()
        await b.pilot.pause()
        assert b.app.screen_stack == [b.screen]


async def test_the_palette_pages_without_room_for_its_list(bench: Any, sample: Path) -> None:
    """In a terminal of one by one, too."""
    async with bench(sample, size=(1, 1)) as b:
        await b.press("ctrl+p", "pagedown", "pageup", "escape")
        await b.until(lambda: b.top is b.screen)


async def test_a_second_answer_closes_nothing_that_lies_below(bench: Any, sample: Path) -> None:
    """A double click on a button of a dialog is one."""
    async with bench(sample) as b:
        answers: list[str | None] = []
        dialog = Choose("Sure?", "Really?", (Choice("no", "No"), Choice("yes", "Yes")))
        b.app.push_screen(dialog, answers.append)
        await b.until(lambda: b.top is dialog and dialog.is_mounted)
        dialog.dismiss("yes")
        dialog.dismiss("no")
        await b.pilot.pause()
        assert answers == ["yes"]
        assert b.top is b.screen and len(b.app.screen_stack) == 1


async def test_a_dialog_that_closes_before_it_stands_breaks_nothing(bench: Any, sample: Path) -> None:
    """A newer question takes its place in the same turn."""
    async with bench(sample) as b:

        def both() -> None:
            b.app.push_screen(Pick("gone", ()))
            b.app.pop_screen()

        b.app.call_next(both)
        await b.pilot.pause()
        await b.until(lambda: b.top is b.screen)
        assert b.app.crash is None


async def test_leaving_while_a_dialog_opens_is_no_crash(own_folders: None, tmp_path: Path) -> None:
    """A signal may come at any moment."""
    app = WorkbenchApp(tmp_path)
    async with app.run_test() as pilot:
        await pilot.pause()
        app.push_screen(Pick("gone", ()))
        app.exit(return_code=143)
    assert app.crash is None and app.return_code == 143


async def test_a_dialog_that_misses_a_part_is_a_crash(own_folders: None, tmp_path: Path) -> None:
    """Only what is on its way out may find nothing of itself."""
    from textual.css.query import NoMatches

    app = WorkbenchApp(tmp_path)
    with pytest.raises(NoMatches):
        async with app.run_test() as pilot:
            await pilot.pause()
            app.screen.call_next(lambda: app.screen.query_one("#nothing"))
            await pilot.pause()
    assert isinstance(app.crash, NoMatches)
