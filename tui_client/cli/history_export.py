"""`tui-client history export`: entries of the history with their replies and times, for other tools."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tui_client.cli import output
from tui_client.cli.history_entries import found, opened
from tui_client.errors import BrokenFile, NotFound, UsageError
from tui_client.formats._har.exchanges import entries_of
from tui_client.formats._har.log import log_parts
from tui_client.history.entry import Entry, Kept
from tui_client.model.wording import describe
from tui_client.text import format_count, safe_line

_COMMENT: Final = "Secrets are masked"


def export(text: str, limit: int, path: Path | None, file: Path | None) -> None:
    """Write the newest entries with these words as HAR, in the order in which they were sent.

    One that can't be read is told, and left out. Raises UsageError where there is none, BrokenFile, SaveFailed.
    """
    entries = found(text, limit, path)
    if not entries:
        raise UsageError("There is nothing to export: no entry of the history matches.")
    parts = log_parts(_har_entries(entries[::-1]), _COMMENT)
    if file is None:
        with output.for_who_reads():
            for part in parts:
                output.out_part(part)
        return
    from tui_client.storage.atomic import write_atomically

    write_atomically(file.absolute(), (part.encode() for part in parts))
    counted = "1 entry was" if len(entries) == 1 else f"{format_count(len(entries))} entries were"
    output.say(safe_line(f"{counted} written to {file}."))


def _har_entries(entries: tuple[Entry, ...]) -> Iterator[dict[str, Any]]:
    with opened() as history:
        for entry in entries:
            try:
                yield from _of(history.load(entry.id))
            except NotFound:
                continue  # it was removed meanwhile
            except BrokenFile as error:
                output.say(safe_line(f"Entry {entry.id} is left out: {error}"))


def _of(kept: Kept) -> Iterator[dict[str, Any]]:
    entry, failure = kept.entry, kept.exchange.failure
    own = {"id": entry.id, "request": entry.key, "environment": entry.environment}
    for one in entries_of(kept.exchange, "" if failure is None else describe(failure)):
        # A name of our own is passed over by those who don't know it.
        yield {**one, "_history": {name: value for name, value in own.items() if value}}
