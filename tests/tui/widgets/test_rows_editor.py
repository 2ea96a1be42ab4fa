"""Rows of name and value, parts and lines."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.events import Paste
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Static

from tui_client.kinds.body.multipart import Part
from tui_client.model.request import NameValue
from tui_client.tui.widgets.lines_editor import LineRow, LinesEditor
from tui_client.tui.widgets.parts_editor import PartRow, PartsEditor
from tui_client.tui.widgets.row_list import MOST_SHOWN
from tui_client.tui.widgets.rows_editor import EditorRow, NameValueRow, RowsEditor, parse_row

A, B, C = (EditorRow(NameValue(name, name.upper())) for name in "abc")


class Host(App[None]):
    """One widget."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield Vertical(self.widget)


def editor(**options: bool) -> tuple[RowsEditor, list[tuple[EditorRow, ...]]]:
    told: list[tuple[EditorRow, ...]] = []
    names = SuggestFromList(("Accept",), case_sensitive=False)
    return RowsEditor(told.append, names=names, **options), told


def row(rows: RowsEditor, index: int) -> NameValueRow:
    found = rows.rows[index]
    assert isinstance(found, NameValueRow)
    return found


async def test_rows_shown_before_the_widgets_are_there_are_shown() -> None:
    """`show` works at any time: before mounting, and several times in one turn."""
    rows, told = editor()
    rows.show((A, B))
    rows.show((B,))
    async with Host(rows).run_test() as pilot:
        rows.show((C, A, B))
        rows.show((A, C))
        assert rows.values == (A, C)
        await pilot.pause()
        assert [field.name_field.value for field in (row(rows, 0), row(rows, 1), row(rows, 2))] == ["a", "c", ""]
        assert len(rows.rows) == 3
        assert len([child for child in rows.children if child.display]) == 3
        assert told == []


async def test_typing_into_the_empty_row_makes_another_one() -> None:
    """There is always a row for more; the empty one is not told."""
    rows, told = editor()
    async with Host(rows).run_test() as pilot:
        row(rows, 0).name_field.focus()
        await pilot.press("x", "tab", "1")
        assert told == [(EditorRow(NameValue("x")),), (EditorRow(NameValue("x", "1")),)]
        assert len(rows.rows) == 2


async def test_an_echo_keeps_the_cursor_and_the_emptied_row() -> None:
    """Showing what was told changes nothing, not even a row that was emptied in the middle."""
    rows, told = editor()
    rows.show((A, B))
    async with Host(rows).run_test() as pilot:
        row(rows, 0).value_field.focus()
        await pilot.press("home", "x")
        rows.show(told[-1])
        assert row(rows, 0).value_field.cursor_position == 1
        await pilot.press("delete", "backspace")
        row(rows, 0).name_field.focus()
        await pilot.press("end", "backspace")
        assert told[-1] == (B,)
        rows.show((B,))
        assert row(rows, 1).value == B


async def test_the_switch_turns_a_row_off_and_on() -> None:
    """A row that is off keeps what it says."""
    rows, told = editor()
    rows.show((A,))
    async with Host(rows).run_test() as pilot:
        row(rows, 0).switch.focus()
        await pilot.press("space", "enter")
        off = EditorRow(NameValue("a", "A", enabled=False))
        assert told == [(off,), (A,)]
        await pilot.click(row(rows, 0).switch)
        assert told[-1] == (off,)
        row(rows, 1).switch.focus()
        await pilot.press("space")
        assert len(told) == 3


async def test_a_row_is_removed_by_key_and_mouse() -> None:
    """Delete on the sign before it, or the cross behind it; those below move up. Backspace is for text only."""
    rows, told = editor()
    rows.show((A, B, C))
    async with Host(rows).run_test() as pilot:
        row(rows, 0).switch.focus()
        await pilot.press("backspace")
        assert told == []
        await pilot.press("delete")
        assert told == [(B, C)]
        await pilot.click(row(rows, 1).query_one("RemoveSign"))
        assert told[-1] == (B,)
        assert rows.values == (B,)


async def test_up_and_down_stay_in_the_column() -> None:
    """The same field of the next row, and no further than the ends."""
    rows, _ = editor()
    rows.show((A, B))
    app = Host(rows)
    async with app.run_test() as pilot:
        row(rows, 0).value_field.focus()
        await pilot.press("down")
        assert app.focused is row(rows, 1).value_field
        await pilot.press("down", "down", "down")
        assert app.focused is row(rows, 2).value_field
        await pilot.press("up")
        assert app.focused is row(rows, 1).value_field


async def test_enter_goes_on_to_the_next_field() -> None:
    """From the name to the value, and on to the next row."""
    rows, _ = editor()
    app = Host(rows)
    async with app.run_test() as pilot:
        row(rows, 0).name_field.focus()
        await pilot.press("a", "enter", "1", "enter", "b")
        assert [one.row for one in rows.values] == [NameValue("a", "1"), NameValue("b")]


async def test_pasted_lines_become_rows() -> None:
    """Headers from a browser, or pairs from anywhere, in one paste."""
    rows, told = editor()
    rows.show((A,))
    async with Host(rows).run_test() as pilot:
        field = row(rows, 1).name_field
        field.focus()
        field.post_message(Paste("Accept: text/html\r\n\r\nX-Time: 10:00\r\nq=a:b\nalone\n"))
        await pilot.pause()
        pasted = [("Accept", "text/html"), ("X-Time", "10:00"), ("q", "a:b"), ("alone", "")]
        assert told == [(A, *(EditorRow(NameValue(*pair)) for pair in pasted))]
        assert rows.values == told[-1]


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [("a=b=c", "a", "b=c"), ("a: b", "a", "b"), (" a ", "a", ""), ("url=http://x", "url", "http://x")],
)
def test_a_pasted_line_is_cut_at_its_first_sign(line: str, name: str, value: str) -> None:
    """Colon or equals sign, whichever comes first."""
    assert parse_row(line) == NameValue(name, value)


async def test_locked_names_can_not_be_typed_or_added() -> None:
    """Path parameters: as many rows as the URL has names."""
    rows, told = editor(locked=True)
    rows.show((EditorRow(NameValue("id")),))
    async with Host(rows).run_test() as pilot:
        assert len(rows.rows) == 1
        assert row(rows, 0).name_field.disabled
        row(rows, 0).value_field.focus()
        await pilot.press("7")
        assert told == [(EditorRow(NameValue("id", "7")),)]
        assert len(rows.rows) == 1


async def test_names_are_completed() -> None:
    """A header's name is offered while it is typed."""
    rows, told = editor()
    async with Host(rows).run_test() as pilot:
        row(rows, 0).name_field.focus()
        await pilot.press("a", "c")
        await pilot.pause()
        await pilot.press("right")
        assert told[-1][0].row.name == "Accept"


async def test_parts_have_a_column_for_each_field() -> None:
    """Name, value, file, type and file name; switched off like any row."""
    told: list[tuple[object, ...]] = []
    parts = PartsEditor(Part, told.append)
    parts.show((Part("note", "hi"),))
    async with Host(parts).run_test() as pilot:
        first, second = (one for one in parts.rows if isinstance(one, PartRow))
        assert list(first.fields) == ["name", "value", "file", "type", "filename"]
        second.fields["name"].focus()
        await pilot.press("x")
        second.fields["file"].focus()
        await pilot.press("f")
        first.switch.focus()
        await pilot.press("space")
        assert told[-1] == (Part("note", "hi", enabled=False), Part("x", file="f"))
        await pilot.press("delete")
        assert told[-1] == (Part("x", file="f"),)


def problem(text: str) -> str:
    return "" if text.strip().isdigit() else f"{text} is no number"


async def test_a_line_that_can_not_be_read_says_so_and_counts_as_before() -> None:
    """The others go on being told, and nothing that was right is lost while one is typed."""
    told: list[tuple[str, ...]] = []
    lines = LinesEditor(told.append, problem, "a number")
    lines.show(("1", "2"))
    async with Host(lines).run_test() as pilot:
        first, second, last = (one for one in lines.rows if isinstance(one, LineRow))
        first.field.focus()
        await pilot.press("x")
        assert told[-1] == ("1", "2")
        assert first.problem == "1x is no number"
        second.field.focus()
        await pilot.press("3")
        assert told[-1] == ("1", "23")
        last.field.focus()
        await pilot.press("y")
        assert told[-1] == ("1", "23")
        first.field.focus()
        await pilot.press("backspace", "4")
        assert told[-1] == ("14", "23")
        assert first.problem == ""


async def test_pasted_lines_become_lines() -> None:
    """Several asserts in one paste."""
    told: list[tuple[str, ...]] = []
    lines = LinesEditor(told.append, problem, "a number")
    async with Host(lines).run_test() as pilot:
        first = lines.rows[0]
        assert isinstance(first, LineRow)
        first.field.focus()
        first.field.post_message(Paste("1\nno\n3\n"))
        await pilot.pause()
        assert told == [("1", "3")]
        assert lines.values == ("1", "no", "3")


async def test_of_very_many_rows_the_first_are_shown_and_none_is_lost() -> None:
    """A widget for each would hold the keys for a minute; edits and removals keep what is not shown."""
    rows, told = editor()
    many = tuple(EditorRow(NameValue(f"n{number}", "v")) for number in range(50_000))
    async with Host(rows).run_test() as pilot:
        rows.show(many)
        await pilot.pause()
        assert len(rows.rows) == MOST_SHOWN and rows.values == many
        assert "49,900 more" in str(rows.query_one(".rest", Static).content)
        row(rows, 0)._set(value="w")
        assert told[-1] == (EditorRow(NameValue("n0", "w")), *many[1:])
        rows.remove_row(rows.rows[0])
        assert told[-1] == many[1:] and rows.rows[-1].value == many[MOST_SHOWN]
        rows.show((A, B))
        assert rows.values == (A, B) and not rows.query_one(".rest", Static).display
        assert [each.value for each in rows.rows] == [A, B, rows._empty]


async def test_a_row_typed_behind_the_last_that_is_shown_stays() -> None:
    """What is told comes back as the draft: the field that is typed into must not be put away by it."""
    rows, told = editor()
    many = tuple(EditorRow(NameValue(f"n{number}", "v")) for number in range(MOST_SHOWN))
    async with Host(rows).run_test() as pilot:
        rows.show(many)
        await pilot.pause()
        row(rows, MOST_SHOWN)._set(name="typed")
        rows.show(told[-1])
        assert len(told[-1]) == MOST_SHOWN + 1
        assert rows.rows[MOST_SHOWN].value.row.name == "typed" and rows.rows[MOST_SHOWN].display


async def test_the_values_of_a_row_are_gone_through_by_keys() -> None:
    """Alt+Down takes the next, after the last the first; a row that can have any value keeps its own."""
    rows, told = editor()
    rows.show((EditorRow(NameValue("state", "open"), values=("open", "closed")), A))
    async with Host(rows).run_test() as pilot:
        await pilot.pause()
        row(rows, 0).value_field.focus()
        await pilot.pause()
        seen = []
        for key in ("alt+down", "alt+down", "alt+up"):
            await pilot.press(key)
            seen.append(row(rows, 0).value_field.value)
        assert seen == ["closed", "open", "closed"]
        assert told[-1][0].row.value == "closed"
        row(rows, 1).value_field.focus()
        await pilot.pause()
        await pilot.press("alt+down")
        assert row(rows, 1).value_field.value == "A"
