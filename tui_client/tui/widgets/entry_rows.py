"""Entries of the history as rows; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from rich.cells import cell_len, set_cell_size

from tui_client.history.entry import Entry
from tui_client.text import format_bytes, format_duration_ms, safe_line
from tui_client.tui.widgets.outline import OutlineRow, RowState

# What a row has room for; more of an address says nothing in a list.
_LONGEST_PATH: Final = 500
_LONGEST_NAME: Final = 16


def entry_state(entry: Entry) -> RowState:
    """The sign of a row: a reply that is one, a status of 400 or more, no whole reply."""
    if entry.failure or entry.status is None:
        return RowState.ERRORED
    return RowState.FAILED if entry.status >= 400 else RowState.PASSED


def status_word(entry: Entry) -> str:
    """The status, or the kind of what came instead: "201", "connect", "timeout"."""
    if entry.status is not None:
        return str(entry.status)
    return entry.failure.partition(".")[0].replace("_", " ") or "no reply"


def address_path(url: str) -> str:
    """Path and query of a URL: "/users?page=2"; not yet safe to print."""
    rest = url.partition("://")[2] or url
    at = next((index for index, sign in enumerate(rest) if sign in "/?#"), len(rest))
    path = rest[at : at + _LONGEST_PATH]
    return path if path.startswith("/") else f"/{path}"


def clock_text(when: datetime, today: date) -> str:
    """The local time of today, the day before that: "12:04", "21 Nov", "21 Nov 2025"."""
    local = when.astimezone()
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{local:%d %b}" if local.year == today.year else f"{local:%d %b %Y}"


def moment_text(when: datetime, today: date) -> str:
    """The local time to the second, with the day where it is not today's: "21 Nov 12:04:31"."""
    local = when.astimezone()
    day = "" if local.date() == today else clock_text(when, today) + " "
    return f"{day}{local:%H:%M:%S}"


UNVERIFIED: Final = "⚠"


class EntryRows:
    """Entries as rows, newest first; each is made when it is drawn. What was not verified has a mark.

    whole: with the seconds, how long it took, the size and the environment behind the status.
    """

    def __init__(self, entries: Sequence[Entry] = (), today: date = date.min, *, whole: bool = False) -> None:
        self.entries = entries
        self._today = today
        self._whole = whole
        self._mark_cells = 2 if any(not entry.verified for entry in entries) else 0
        self._time_cells = max((len(self._time(entry)) for entry in entries), default=0)
        environments = (cell_len(_environment(entry)) for entry in entries) if whole else ()
        self._environment_cells = max(environments, default=0)

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, index: int) -> OutlineRow:
        entry = self.entries[index]
        # The few methods that are longer push their path along.
        method = f"{entry.method[:10]:<{6 if self._whole else 4}}"
        label = f"{self._time(entry):<{self._time_cells}} {method} {address_path(entry.url)}"
        return OutlineRow(str(entry.id), label, 0, entry_state(entry), note=self._note(entry))

    def _time(self, entry: Entry) -> str:
        return (moment_text if self._whole else clock_text)(entry.when, self._today)

    def _note(self, entry: Entry) -> str:
        mark = " " * self._mark_cells if entry.verified else f" {UNVERIFIED}"
        if not self._whole:
            return status_word(entry) + mark
        status = "—" if entry.status is None else str(entry.status)
        size = "" if entry.status is None else format_bytes(entry.body_bytes)
        environment = set_cell_size(_environment(entry), self._environment_cells)
        note = f"{status:<3}{mark} {format_duration_ms(entry.total_ms):>8} {size:>8}"
        return f"{note}  {environment}" if environment else note

    def place(self, id_: str) -> int | None:
        """Where this entry stands; None if it is not among them."""
        return next((index for index, entry in enumerate(self.entries) if str(entry.id) == id_), None)

    def at(self, index: int) -> Entry | None:
        """The entry of a row."""
        return self.entries[index] if 0 <= index < len(self.entries) else None


def _environment(entry: Entry) -> str:
    return safe_line(entry.environment[:_LONGEST_NAME])
