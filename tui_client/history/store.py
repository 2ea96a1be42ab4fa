"""The history as everyone uses it. Making one costs nothing: SQLite is imported at its first use, in a thread."""

from __future__ import annotations

import asyncio
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from tui_client.history.entry import Entry, Kept
from tui_client.history.limits import Limits
from tui_client.history.sent import Sent
from tui_client.history.writer import Writer

if TYPE_CHECKING:
    from tui_client.history.database import Database
    from tui_client.history.recording import Recorder
    from tui_client.model.exchange import Exchange
    from tui_client.model.request import Request

_CLOSE_S: Final = 5.0
_SETTLE_S: Final = 5.0


class History:
    """Every exchange of the past. All but `record`, `start` and `settled` block: call them in a thread.

    Reading raises BrokenFile for a file that is damaged, of a newer version, or can't be read; removing SaveFailed too.
    """

    def __init__(self, folder: Path, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        """folder: made with mode 0700 when the first exchange is written."""
        self._folder = folder
        self._limits = limits
        self._writer = Writer(self._write, self._tend)
        self._making = Lock()
        self._made: Database | None = None

    @classmethod
    def open(cls, folder: Path, limits: Limits = Limits()) -> History:  # noqa: B008 - frozen
        """A history that can be read and written now. Raises BrokenFile, SaveFailed."""
        history = cls(folder, limits)
        with history._database.writing():
            return history

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return self._folder

    @property
    def problem(self) -> str:
        """Why the last exchanges could not be written, or that a broken file was set aside; "" if all is well."""
        return self._writer.problem or ("" if self._made is None else self._made.set_aside)

    @property
    def dropped(self) -> int:
        """How many exchanges were recorded and are lost."""
        return self._writer.dropped

    def start(self) -> None:
        """Open the file in the writer's thread, so that the first `record` finds it open. Does not wait."""
        self._writer.start()

    def record(self, exchange: Exchange, request: Request, *, key: str, root: str, environment: str) -> None:
        """Have an exchange written, without its secrets. Does not wait; what there is no room for is dropped.

        request: as it was written. key, root, environment: as in Entry.
        """
        self._writer.put(Sent(exchange, request, key, root, environment))

    async def settled(self) -> None:
        """Wait until everything recorded so far is written, 5 seconds at most."""
        await asyncio.to_thread(self._writer.wait, _SETTLE_S)

    def recent(self, limit: int = 200, before: int | None = None, root: str = "") -> tuple[Entry, ...]:
        """The newest entries, newest first. before: only those with a lower id. root: of one collection, "" for all."""
        return self.search("", limit, before, root)

    def search(self, text: str, limit: int = 200, before: int | None = None, root: str = "") -> tuple[Entry, ...]:
        """The newest entries with all of these words or beginnings of words, newest first.

        Looked for in method, URL, key, status, failure, header values, and the first 64 KiB of the bodies.
        """
        from tui_client.history.search import find

        with self._database.reading() as connection:
            return () if connection is None else find(connection, text, limit, before, root)

    def load(self, entry_id: int) -> Kept:
        """One entry with all that was kept of it. Raises NotFound."""
        from tui_client.errors import BrokenFile, NotFound
        from tui_client.history.bodies import FOLDER
        from tui_client.history.codec import kept_of
        from tui_client.history.search import parts_of

        with self._database.reading() as connection:
            if connection is None:
                raise NotFound("entry of the history", str(entry_id))
            entry, parts = parts_of(connection, entry_id)
        try:
            return kept_of(entry, parts, self._folder / FOLDER)
        except (ValueError, RecursionError) as error:
            raise BrokenFile(self._database.path, f"entry {entry_id} can't be read: {error}") from error

    def delete(self, entry_id: int) -> None:
        """Remove one entry; one that is gone already is well gone."""
        from tui_client.history.prune import forget_one

        if self._database.path.exists():
            forget_one(self._database, entry_id)

    def clear(self, root: str = "") -> int:
        """Remove all entries, or those of one collection; how many there were."""
        from tui_client.history.prune import forget_all

        return forget_all(self._database, root)

    def close(self) -> None:
        """Write what waits, for 5 seconds at most, and let go of the file."""
        self._writer.close(_CLOSE_S)
        if self._made is not None:
            self._made.close()

    def _write(self, batch: list[Sent]) -> str:
        return self._recorder.write(batch)

    def _tend(self) -> bool:
        return self._recorder.tend()

    @cached_property
    def _recorder(self) -> Recorder:
        from tui_client.history.recording import Recorder

        return Recorder(self._database, self._limits)

    @property
    def _database(self) -> Database:
        from tui_client.history.database import Database

        with self._making:
            self._made = self._made or Database(self._folder)
        return self._made
