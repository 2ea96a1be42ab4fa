"""Entries of the history as rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from tui_client.history.entry import Entry
from tui_client.tui.widgets.entry_rows import EntryRows, address_path, clock_text, status_word
from tui_client.tui.widgets.outline import RowState

NOW = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)
TODAY = NOW.astimezone().date()
CLOCK = f"{NOW.astimezone():%H:%M}"
CREATED = Entry(7, NOW, "POST", "http://127.0.0.1:8123/users?a=1", status=201, total_ms=12.4, body_bytes=1200)
REFUSED = Entry(8, NOW, "GET", "http://127.0.0.1:9", failure="connect.refused", environment="local")


def test_a_row_says_when_what_and_how_it_went() -> None:
    """In a line, with a sign beside the colour."""
    row = EntryRows((CREATED,), TODAY)[0]
    assert (row.label, row.note, row.state) == (f"{CLOCK} POST /users?a=1", "201", RowState.PASSED)


@pytest.mark.parametrize(
    ("entry", "state"),
    [
        (CREATED, RowState.PASSED),
        (Entry(1, NOW, "GET", "", status=404), RowState.FAILED),
        (Entry(1, NOW, "GET", "", status=200, failure="incomplete"), RowState.ERRORED),
        (REFUSED, RowState.ERRORED),
    ],
)
def test_each_end_has_a_sign_of_its_own(entry: Entry, state: RowState) -> None:
    """Never colour alone."""
    assert EntryRows((entry,), TODAY)[0].state is state


def test_a_whole_row_has_columns_for_time_size_and_environment() -> None:
    """The status comes first, so that it takes the colour; times line up over days."""
    yesterday = Entry(1, NOW - timedelta(days=1), "DELETE", "http://h/x", status=500, total_ms=1.5, body_bytes=9)
    rows = EntryRows((CREATED, REFUSED, yesterday), TODAY, whole=True)
    assert rows[0].note == "201  12.4 ms   1.2 kB       "
    assert rows[1].note == "—    0.00 ms           local"
    assert [rows[index].label.index("/") for index in range(3)] == [rows[0].label.index("/")] * 3


def test_what_was_not_verified_has_a_mark() -> None:
    """Behind the status, in a list of any width; only where there is such an entry does it take room."""
    loose = msgspec.structs.replace(CREATED, id=9, verified=False)
    assert [EntryRows((loose, CREATED), TODAY)[index].note for index in range(2)] == ["201 ⚠", "201  "]
    rows = EntryRows((loose, CREATED), TODAY, whole=True)
    assert [rows[index].note for index in range(2)] == ["201 ⚠  12.4 ms   1.2 kB", "201    12.4 ms   1.2 kB"]


def test_rows_are_found_by_their_entry() -> None:
    """Also from outside of the list."""
    rows = EntryRows((REFUSED, CREATED), TODAY)
    assert (rows.place("7"), rows.place("9")) == (1, None)
    assert rows.at(1) is CREATED
    assert rows.at(2) is None


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("http://h:1/a/b?c=d", "/a/b?c=d"),
        ("http://h", "/"),
        ("h?c", "/?c"),
        ("", "/"),
        ("http://h/" + "x" * 9999, "/" + "x" * 499),
    ],
)
def test_an_address_is_shown_from_its_path_on(url: str, path: str) -> None:
    """Whatever the server was called, and no longer than a row can be."""
    assert address_path(url) == path


@pytest.mark.parametrize(("days", "form"), [(0, "%H:%M"), (1, "%d %b"), (400, "%d %b %Y")])
def test_the_time_of_an_older_one_is_its_day(days: int, form: str) -> None:
    """And its year where that is another."""
    when = NOW - timedelta(days=days)
    assert clock_text(when, TODAY) == when.astimezone().strftime(form)


def test_without_a_reply_the_kind_of_failure_stands_there() -> None:
    """In a word."""
    assert status_word(REFUSED) == "connect"
    assert status_word(Entry(1, NOW, "GET", "")) == "no reply"
    assert EntryRows((), date.min).at(0) is None
