"""Journals as a user names them: runs of the store, or files that lie elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from tui_client.replay.journal.locks import is_locked
from tui_client.replay.journal.store import RunStore

SUFFIX: Final = ".sqlite"


class Journal(msgspec.Struct, frozen=True):
    """name: the run's, or the path as it was given. stored: it is one of the user's runs, found by its name."""

    name: str
    path: Path
    stored: bool = True

    @property
    def is_running(self) -> bool:
        """Whether a living process of this machine runs it."""
        return is_locked(self.path.with_suffix(".lock"))


def journal_of(store: RunStore, text: str) -> Journal:
    """A file that ends in .sqlite and is there; else a run: its name, its beginning, or last. Raises NotFound."""
    path = Path(text).expanduser()
    if path.suffix == SUFFIX and path.is_file():
        return Journal(text, path, stored=False)
    run = store.find(text)
    return Journal(run, store.path(run))
