"""The virtual tree: cursor, keys, mouse, and what it draws."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown
from textual.message import Message
from textual.pilot import Pilot

from tui_client.tui.widgets.outline import Outline, OutlineRow, RowList, RowState, cut

HOSTILE = "[/dim] \x1b[31m\x1b]52;c;eA==\x07 \u202e[@click=app.quit]x[/] \x9b31m\ttab\nline"


class Host(App[None]):
    """Shows one outline and keeps what it posts."""

    def __init__(self, rows: tuple[OutlineRow, ...], follows: bool = False) -> None:
        super().__init__()
        self.outline = Outline(follows=follows)
        self._first = RowList(rows)
        self.posted: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.outline

    def on_mount(self) -> None:
        self.outline.focus()
        self.outline.rows = self._first

    def on_outline_chosen(self, message: Outline.Chosen) -> None:
        self.posted.append(message)

    def on_outline_fold_requested(self, message: Outline.FoldRequested) -> None:
        self.posted.append(message)

    def on_outline_seen(self, message: Outline.Seen) -> None:
        self.posted.append(message)

    def of(self, kind: type[Message]) -> list[Message]:
        """The messages of one kind."""
        return [message for message in self.posted if isinstance(message, kind)]

    def lines(self) -> list[str]:
        """What is drawn, line by line."""
        return ["".join(segment.text for segment in strip) for strip in self.screen._compositor.render_strips()]


@asynccontextmanager
async def shown(
    *rows: OutlineRow, size: tuple[int, int] = (30, 10), follows: bool = False
) -> AsyncIterator[tuple[Host, Pilot[None]]]:
    host = Host(rows, follows)
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        yield host, pilot


def many(count: int, first: int = 0) -> tuple[OutlineRow, ...]:
    """So many plain rows."""
    return tuple(OutlineRow(f"r{n}", f"row {n}") for n in range(first, first + count))


TREE = (
    OutlineRow("a/", "a", 0, RowState.OPEN),
    OutlineRow("a/x", "x", 1, badge="GET", note="200"),
    OutlineRow("b/", "b", 0, RowState.CLOSED),
)


async def test_a_row_shows_its_sign_method_name_and_note() -> None:
    """The note stands at the right edge."""
    async with shown(*TREE, OutlineRow("bad", "bad", state=RowState.BROKEN, note="line 4")) as (host, _):
        assert [line.rstrip() for line in host.lines()[:4]] == [
            "▾ a",
            "    GET    x              200",
            "▸ b",
            "! bad                  line 4",
        ]


async def test_a_draft_keeps_its_mark_when_its_name_is_cut() -> None:
    """What is cut ends in an ellipsis; mark and status stay."""
    async with shown(OutlineRow("x", "a name much longer than the panel", mark="*", note="200")) as (host, _):
        assert host.lines()[0].rstrip().endswith("…* 200")


async def test_a_long_reason_leaves_room_for_the_name() -> None:
    """It is cut to half of the row, with a sign."""
    row = OutlineRow("x", "orders", state=RowState.BROKEN, note="a reason that is much too long for here")
    async with shown(row) as (host, _):
        line = host.lines()[0]
        assert line.startswith("! orders")
        assert line.rstrip().endswith("…")


async def test_hostile_text_reaches_the_terminal_as_signs() -> None:
    """In every part of a row; nothing is markup."""
    async with shown(OutlineRow("x", HOSTILE, badge=HOSTILE, mark="*", note=HOSTILE), size=(200, 5)) as (host, _):
        text = "".join(host.lines())
        assert "[/dim]" in text
        assert "␛" in text
        assert not [sign for sign in text if ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 or sign == "\u202e"]


@pytest.mark.parametrize("width", [1, 2, 3, 7, 12])
async def test_every_row_is_as_wide_as_the_widget(width: int) -> None:
    """However narrow that is, and with characters two cells wide."""
    rows = (*TREE, OutlineRow("w", "日本語の名前" * 5, note="状態", badge="GET"))
    async with shown(*rows, size=(width, 6)) as (host, _):
        assert {cell_len(line) for line in host.lines()} == {width}


async def test_a_row_beside_the_scrollbar_shows_its_end() -> None:
    """The bar takes a column from the rows, it does not cover them."""
    rows = tuple(OutlineRow(f"r{n}", f"row {n}", note="200") for n in range(50))
    async with shown(*rows) as (host, _):
        assert host.lines()[3].rstrip(" ▁▂▃▄▅▆▇█").endswith("200")


async def test_enter_chooses_a_leaf_and_folds_a_folder() -> None:
    """The owner does it; the outline only says so."""
    async with shown(*TREE) as (host, pilot):
        await pilot.press("enter", "down", "enter", "down", "space")
        folds = host.of(Outline.FoldRequested)
        assert [(fold.row.id, fold.fold) for fold in folds if isinstance(fold, Outline.FoldRequested)] == [
            ("a/", True),
            ("b/", False),
        ]
        assert [message.row.id for message in host.of(Outline.Chosen) if isinstance(message, Outline.Chosen)] == ["a/x"]


async def test_left_folds_or_goes_to_the_folder_above() -> None:
    """And right unfolds what is folded, nothing else."""
    async with shown(*TREE) as (host, pilot):
        await pilot.press("down", "right", "left")
        assert host.outline.cursor == 0
        assert host.of(Outline.FoldRequested) == []
        await pilot.press("left", "end", "right")
        folds = [m for m in host.of(Outline.FoldRequested) if isinstance(m, Outline.FoldRequested)]
        assert [(fold.row.id, fold.fold) for fold in folds] == [("a/", True), ("b/", False)]


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (("down", "j"), 2),
        (("down", "down", "up", "k"), 0),
        (("up",), 0),
        (("end",), 99),
        (("end", "down"), 99),
        (("end", "home"), 0),
        (("pagedown",), 9),
        (("pagedown", "pageup"), 0),
    ],
)
async def test_keys_move_the_cursor_within_the_rows(keys: tuple[str, ...], place: int) -> None:
    """It stays on the screen."""
    async with shown(*many(100)) as (host, pilot):
        await pilot.press(*keys)
        assert host.outline.cursor == place
        assert f"r{place}" in host.outline.visible_ids()


async def test_a_click_chooses_the_row_under_the_mouse() -> None:
    """Also after scrolling."""
    async with shown(*many(100)) as (host, pilot):
        host.outline.scroll_to(y=40, animate=False)
        await pilot.pause()
        await pilot.click(Outline, offset=(5, 3))
        assert host.outline.cursor == 43
        assert [m.row.id for m in host.of(Outline.Chosen) if isinstance(m, Outline.Chosen)] == ["r43"]


async def test_a_double_click_folds_a_folder_once() -> None:
    """The second click of two would undo the first."""
    async with shown(*TREE) as (host, pilot):
        await pilot.click(Outline, offset=(3, 0), times=2)
        assert len(host.of(Outline.FoldRequested)) == 1


async def test_a_click_below_the_last_row_does_nothing() -> None:
    """There is nothing there."""
    async with shown(*TREE) as (host, pilot):
        await pilot.click(Outline, offset=(3, 8))
        assert host.of(Outline.Chosen) == []
        assert host.outline.cursor == 0


async def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    """And tells which rows came into view."""
    async with shown(*many(100)) as (host, pilot):
        await pilot._post_mouse_events([MouseScrollDown], Outline, offset=(3, 3), button=0)
        await pilot.pause()
        await pilot.wait_for_animation()
        assert host.outline.scroll_offset.y > 0
        assert host.outline.cursor == 0
        seen = host.of(Outline.Seen)[-1]
        assert isinstance(seen, Outline.Seen)
        assert seen.ids == host.outline.visible_ids()


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        (many(20, first=-5), 8),
        (many(3), 2),
        (many(2), 1),
        ((*many(3), *many(3, first=7)), 3),
        ((), 0),
    ],
    ids=["rows above", "rows below gone", "its row gone at the end", "its row gone in the middle", "all gone"],
)
async def test_the_cursor_stays_on_its_row_when_the_rows_change(rows: tuple[OutlineRow, ...], place: int) -> None:
    """By id; where its row is gone, the one that took its place."""
    async with shown(*many(10)) as (host, pilot):
        await pilot.press("down", "down", *(["down"] if len(rows) != 3 else []))
        host.outline.rows = RowList(rows)
        await pilot.pause()
        assert host.outline.cursor == place


async def test_rows_that_come_above_leave_the_view_where_it_was() -> None:
    """Nothing jumps."""
    async with shown(*many(100)) as (host, pilot):
        host.outline.cursor = 50
        await pilot.pause()
        before = host.outline.visible_ids()
        host.outline.rows = RowList(many(120, first=-20))
        await pilot.pause()
        assert host.outline.visible_ids() == before


async def test_a_follower_on_the_last_row_stays_on_the_last_row() -> None:
    """As rows come in; once moved up it stays where it is."""
    async with shown(follows=True) as (host, pilot):
        for count in (5, 40):
            host.outline.rows = RowList(many(count))
            await pilot.pause()
            assert host.outline.cursor == count - 1
        await pilot.press("up")
        host.outline.rows = RowList(many(80))
        await pilot.pause()
        assert host.outline.cursor == 38


async def test_only_the_rows_on_the_screen_are_made() -> None:
    """A hundred thousand rows cost what ten do."""
    made: set[int] = set()

    class Counted(RowList):
        def __len__(self) -> int:
            return 100_000

        def __getitem__(self, index: int) -> OutlineRow:
            made.add(index)
            return OutlineRow(str(index), f"row {index}")

    async with shown(*many(1)) as (host, pilot):
        host.outline.rows = Counted()
        await pilot.pause()
        await pilot.press("end", "up", "pageup")
        assert len(made) < 60


@pytest.mark.parametrize(("text", "cells", "cut_text"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日本", 3, "日…")])
def test_what_is_cut_ends_in_an_ellipsis(text: str, cells: int, cut_text: str) -> None:
    """Measured in cells."""
    assert cut(text, cells) == cut_text


@pytest.mark.parametrize("keys", [("enter",), ("left",), ("right",), ("down",), ("end",)])
async def test_keys_on_no_rows_do_nothing(keys: tuple[str, ...]) -> None:
    """An empty outline has no row to choose."""
    async with shown() as (host, pilot):
        await pilot.press(*keys)
        assert host.outline.current is None
        assert host.of(Outline.Chosen) == []
