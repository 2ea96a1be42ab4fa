"""What the writer's thread does: exchanges into rows and files, and forgetting what is too much."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import Final

from tui_client.errors import BrokenFile, SaveFailed, TuiClientError
from tui_client.history import prune
from tui_client.history.bodies import FOLDER, KeptFile, write_body
from tui_client.history.codec import ENTRY_COLUMNS, Packed, Parts, hidden_in, pack, secrets_in, with_file
from tui_client.history.database import Damaged, Database
from tui_client.history.limits import Limits
from tui_client.history.sent import Sent

_ENTRY: Final = f"INSERT INTO entries ({', '.join(ENTRY_COLUMNS[1:])}, kept_bytes) VALUES ({', '.join('?' * 12)})"
_PARTS: Final = f"INSERT INTO parts VALUES ({', '.join('?' * 7)})"
_TEXT: Final = "INSERT INTO texts (rowid, text) VALUES (?, ?)"
# So often is counted whether it is too much; and after every body as large as this.
_COUNT_EVERY: Final = 64
_LARGE: Final = 1_000_000


class Recorder:
    """Writes to a database, for one thread."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits
        self._looked = False
        self._forgetting = False

    def write(self, batch: list[Sent]) -> str:
        """Write exchanges in one commit; an empty batch opens the file. Why it could not be done, "" if it was."""
        try:
            self._write_or_renew(batch)
        except (BrokenFile, SaveFailed) as error:
            return _sentence(error)
        except OSError as error:
            return f"The history is damaged, and can't be set aside: {error.strerror or error}."
        except Exception as error:  # noqa: BLE001 - in a thread nobody would hear of it, and nothing more be written
            # Its text may hold what was to be masked.
            return f"An error of tui-client keeps an exchange out of the history: {type(error).__name__}."
        return ""

    def tend(self) -> bool:
        """Forget a bite of what is too old or too much, if there may be such; whether there may be more."""
        if not self._forgetting:
            return False
        self._forgetting = False
        with suppress(TuiClientError, OSError):  # the next write says what is the matter
            self._forgetting = prune.bite(self._database, self._limits)
        return self._forgetting

    def _write_or_renew(self, batch: list[Sent]) -> None:
        try:
            self._write(batch)
        except Damaged as damaged:
            self._database.renew(damaged)
            self._write(batch)

    def _write(self, batch: list[Sent]) -> None:
        rows = [self._packed(sent) for sent in batch]
        try:
            with self._database.transaction() as connection:
                for packed, parts, file in rows:
                    self._insert(connection, packed, parts, 0 if file is None else file.size)
                if not self._looked:
                    self._looked = True
                    self._forgetting |= prune.is_old(connection, self._limits)
        except BaseException:
            for _, parts, file in rows:
                if file is not None:
                    with suppress(OSError):
                        (self._database.folder / FOLDER / parts.body_file).unlink()
            raise

    def _packed(self, sent: Sent) -> tuple[Packed, Parts, KeptFile | None]:
        secrets = secrets_in(sent)
        packed = pack(sent, secrets)
        if packed.body is not None or sent.exchange.response is None:
            return packed, with_file(packed, None), None
        file = None
        # The row says that its body could not be kept; why is said of the row itself, if that can't be written.
        with suppress(OSError):
            response = sent.exchange.response
            hidden = hidden_in(response.body, response.headers, secrets)
            file = write_body(self._database.folder / FOLDER, response.body, hidden, self._limits.body_bytes)
        return packed, with_file(packed, file), file

    def _insert(self, connection: sqlite3.Connection, packed: Packed, parts: Parts, file_bytes: int) -> None:
        kept = packed.kept_bytes + file_bytes
        number = connection.execute(_ENTRY, (*packed.entry, kept)).lastrowid
        connection.execute(_PARTS, (number, *parts))
        connection.execute(_TEXT, (number, packed.text))
        if kept >= _LARGE or (number or 0) % _COUNT_EVERY == 0:
            self._forgetting = True


def _sentence(error: BrokenFile | SaveFailed) -> str:
    return f"What is sent can't be kept in the history, {error.path}: {error.reason.removesuffix('.')}."
