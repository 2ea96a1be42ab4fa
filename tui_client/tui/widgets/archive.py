"""What the screen asks of the history."""

from __future__ import annotations

from typing import Protocol

from tui_client.history.entry import Entry, Kept


class Archive(Protocol):
    """The exchanges of the past. All but `settled` block: call them in a thread.

    before: only entries with a lower id. root: only those of the collection in this directory, "" for all.
    """

    def recent(self, limit: int = 200, before: int | None = None, root: str = "") -> tuple[Entry, ...]:
        """The newest entries, newest first."""

    def search(self, text: str, limit: int = 200, before: int | None = None, root: str = "") -> tuple[Entry, ...]:
        """The newest entries with all of these words, newest first."""

    def load(self, entry_id: int) -> Kept:
        """One with all that was kept of it. Raises NotFound."""

    def delete(self, entry_id: int) -> None:
        """Remove one."""

    def clear(self, root: str = "") -> int:
        """Remove all, or those of one collection; how many."""

    async def settled(self) -> None:
        """Wait until everything recorded so far is written."""
