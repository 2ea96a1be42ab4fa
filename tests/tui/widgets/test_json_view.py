"""Folding, and the path of the cursor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tui_client.model.exchange import BytesBody
from tui_client.tui.widgets.body_rows import BodyDocument
from tui_client.tui.widgets.find_text import TextScanner
from tui_client.tui.widgets.json_view import JsonView
from tui_client.tui.widgets.lexers import Language

TEAM = b'{"id": 7, "team": {"a": 1, "b": [true, null], "c": {}, "d": ""}, "tags": ["x{", "y"], "last": 1.10}'


class Host(App[None]):
    """The view alone."""

    def __init__(self, json: bytes) -> None:
        super().__init__()
        text = msgspec.json.format(json, indent=2)
        self.document = BodyDocument(BytesBody(text), Language.JSON, indented=True)

    def compose(self) -> ComposeResult:
        yield JsonView()

    def on_mount(self) -> None:
        self.view.show(self.document)
        self.view.focus()

    @property
    def view(self) -> JsonView:
        return self.query_one(JsonView)

    @property
    def text(self) -> list[str]:
        """What the rows say, without their numbers."""
        view = self.view
        lines = [view.render_line(y).text[view._rows.gutter - 2 :].rstrip() for y in range(view.size.height)]
        return [line for line in lines if line]


@asynccontextmanager
async def shown(json: bytes = TEAM, height: int = 30) -> AsyncIterator[tuple[Host, Pilot[None]]]:
    app = Host(json)
    async with app.run_test(size=(60, height)) as pilot:
        yield app, pilot


async def until(pilot: Pilot[None], ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not ready():
            await pilot.pause()


async def test_a_folded_object_is_one_line_with_the_number_of_its_parts() -> None:
    """And unfolds to what it was; the rows below keep their numbers."""
    async with shown() as (app, pilot):
        view, before = app.view, app.text
        view.cursor = 2
        view.toggle_fold()
        await until(pilot, lambda: view.row_count == 9)
        assert app.text[2] == '▸   "team": { 4 },'
        assert app.text[3] == '▾   "tags": ['
        assert view._rows.index.row(3).line == 12
        view.toggle_fold()
        assert app.text == before


async def test_inside_a_container_the_key_folds_that_one() -> None:
    """The cursor goes to where it began, and outer folds keep what is folded inside."""
    async with shown() as (app, pilot):
        view = app.view
        view.cursor = 5  # true, in team.b
        view.toggle_fold()
        await until(pilot, lambda: view.row_count < 16)
        assert (view.cursor, app.text[4]) == (4, '▸     "b": [ 2 ],')
        view.cursor = 3
        view.toggle_fold()
        await until(pilot, lambda: view.row_count == 9)
        view.toggle_fold()
        assert app.text[4] == '▸     "b": [ 2 ],'


async def test_all_on_one_level_fold_at_once() -> None:
    """From the top line: the parts of the whole; again, and all is open."""
    async with shown() as (app, pilot):
        view, rows = app.view, app.view.row_count
        view.toggle_all()
        await until(pilot, lambda: view.row_count < rows)
        assert [line.strip() for line in app.text] == [
            "▾ {",
            '"id": 7,',
            '▸   "team": { 4 },',
            '▸   "tags": [ 2 ],',
            '"last": 1.10',
            "}",
        ]
        view.toggle_all()
        assert view.row_count == rows


async def test_the_path_and_the_value_of_the_cursor_are_known() -> None:
    """What an assert or a capture is made of; numbers as they were sent."""
    async with shown() as (app, pilot):
        view = app.view
        found = []
        for cursor in (0, 6, 14, 15):
            view.cursor = cursor
            await until(pilot, lambda: view.path != "")
            found.append((view.path, view.value_text))
        assert found == [("$", "{"), ("$.team.b[1]", "null"), ("$.tags", "["), ("$.last", "1.10")]


async def test_a_match_in_a_fold_unfolds_it() -> None:
    """A match of a search is never hidden."""
    async with shown() as (app, pilot):
        view, rows = app.view, app.view.row_count
        view.toggle_all()
        await until(pilot, lambda: view.row_count < rows)
        view.search(TextScanner("null", "utf-8"))
        await until(pilot, lambda: view.matches == (1, 1, True))
        assert app.text[view.cursor].strip() == "null"


async def test_folds_stay_when_the_window_changes_its_size() -> None:
    """Rows are cut anew, folds are of the text."""
    async with shown(b'{"long": {"text": "' + b"word " * 200 + b'"}, "after": 1}') as (app, pilot):
        view = app.view
        view.cursor = 1
        view.toggle_fold()
        await until(pilot, lambda: view.row_count == 4)
        await pilot.resize_terminal(30, 20)
        await pilot.pause()
        assert (view.row_count, view.cursor) == (4, 1)
        view.toggle_fold()
        assert view.row_count > 10


async def test_a_fold_that_takes_effect_above_the_cursor_leaves_it_on_a_row() -> None:
    """Rows that are counted again may become fewer than there were, in any turn."""
    async with shown(b"[[0" + b",0" * 100_000 + b"],1]") as (app, pilot):
        view = app.view
        await until(pilot, lambda: view.complete)
        view.cursor = 1
        view.toggle_fold()
        await until(pilot, lambda: view.row_count == 4)
        view._begin(view.document)
        view.cursor = view.row_count - 1
        assert view.cursor > 1000
        while not view.complete:
            view._rows.index.extend()
        assert (view.line_text(), view.value_text, view.path) == ("]", "[", "")
        await pilot.press("up")
        await until(pilot, lambda: view.path == "$[1]")


async def test_other_texts_have_no_folds_and_no_paths() -> None:
    """Neither JSON as it was sent, nor an empty body."""
    async with shown() as (app, pilot):
        for document in (BodyDocument(BytesBody(TEAM), Language.JSON), BodyDocument(indented=True)):
            app.view.show(document)
            app.view.toggle_fold()
            app.view.toggle_all()
            await pilot.pause()
            assert (app.view.path, app.view.value_text) == ("", "")
