"""What a journal says of the data its run reads and the sessions it is made of, for a life that goes on."""

from __future__ import annotations

from pathlib import Path

from tui_client.errors import BrokenFile
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.rows import Mark, digest_of, mark_of


def check_data(reader: JournalReader, path: Path) -> None:
    """Raise BrokenFile where a data file is another one than the run began with: its rows may not be the same.

    A file that was only touched, or checked out anew, is the same by its digest.
    """
    ((size, mtime_ns, digest),) = reader.file.select("SELECT data_size, data_mtime_ns, data_sha256 FROM run")
    if size is None or mark_of(path) == Mark(size, mtime_ns):
        return
    if digest is None or digest_of(path) != digest:
        raise BrokenFile(path, "is not as it was when the run began. Restore it, or replay it anew")


def selected_steps(reader: JournalReader, steps: int) -> int:
    """How many steps the chosen sessions have from where they go on. steps: of a whole session."""
    ((found,),) = reader.file.select("SELECT coalesce(sum(? - step), 0) FROM selected", (steps,))
    return int(found)
