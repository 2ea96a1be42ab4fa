"""`replay --from-history`: what was sent in the past, as a recording."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tui_client.cli import output
from tui_client.cli.history_entries import found, opened
from tui_client.errors import UsageError
from tui_client.replay.past_recording import PastRecording, record_past, write_recording
from tui_client.text import format_count, safe_line

MOST: Final = 10_000  # entries
_SHOWN: Final = 5


def recording_of(query: str, path: Path | None) -> Path:
    """Write a recording of the entries that have these words, and say what of them it lacks; gives its file. Blocks.

    path: only what was sent from the collections there. Raises UsageError if nothing is left, BrokenFile, SaveFailed.
    """
    entries = found(query, MOST, path)
    with opened() as history:
        made = record_past(history.load(entry.id) for entry in reversed(entries))
        _tell(made, len(entries))
        if not made.requests:
            raise UsageError(f"There is nothing in the history to replay for {query!r}; tui-client history lists it.")
        return write_recording(history.folder, made.har)


def _tell(made: PastRecording, entries: int) -> None:
    if entries == MOST:
        output.say(f"Only the newest {format_count(MOST)} entries are replayed.")
    for name, count in sorted(made.without.items()):
        of = "1 request" if count == 1 else f"{format_count(count)} requests"
        output.say(safe_line(f"{name} was left out of {of}: the history keeps no secrets."))
    for one in made.skipped[:_SHOWN]:
        output.say(safe_line(f"Entry {one.number} ({one.what}) is not sent: {one.reason}."))
    if (more := len(made.skipped) - _SHOWN) > 0:
        output.say(f"And {format_count(more)} more entries are not sent.")
