"""Secret variables: from `environments/NAME.secret.toml`, else from the OS keyring or our own private file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from tui_client.trust.secret_files import SecretFiles
from tui_client.trust.vault import Keyring, Vault


class SecretStore:
    """Secret values by collection, environment and name; `data_dir` is the user's, outside of all collections.

    Calls may block while the keyring asks its user; values that came from it are kept in memory.
    """

    def __init__(self, data_dir: Path, backend: Keyring | None = None) -> None:
        self.vault: Final = Vault(data_dir / "secrets.json", backend)
        self._files = SecretFiles()
        self._seen: dict[str, str] = {}

    def get(self, collection: Path, environment: str, name: str) -> str | None:
        """The value, or None if it was never set. Raises RequestFailed for a secret file that can't be read."""
        in_file = self._files.values(collection, environment).get(name)
        if in_file is not None:
            return in_file
        key = _key(collection, environment, name)
        value = self._seen.get(key)
        if value is None:
            value = self.vault.get(key)
            if value is not None:
                self._seen[key] = value
        return value

    def set(self, collection: Path, environment: str, name: str, value: str) -> None:
        """Keep a value: where it already stands, else in the keyring, else in the environment's secret file.

        Without an environment and without a keyring it goes to the private file in the data folder.
        Raises SaveFailed, OutsideCollection, and RequestFailed for a secret file that can't be read.
        """
        key = _key(collection, environment, name)
        self._seen.pop(key, None)
        if name in self._files.values(collection, environment):
            self._files.write(collection, environment, name, value)
        elif not environment:
            self.vault.set(key, value)
            self.vault.note_name(_scope(collection, environment), name, present=True)
        elif self.vault.set_in_keyring(key, value):
            self.vault.note_name(_scope(collection, environment), name, present=True)
        else:
            self._files.write(collection, environment, name, value)

    def delete(self, collection: Path, environment: str, name: str) -> None:
        """Forget a value wherever it stands; one that was never set is no error. Raises as `set` does."""
        key = _key(collection, environment, name)
        self._seen.pop(key, None)
        if name in self._files.values(collection, environment):
            self._files.write(collection, environment, name, None)
        self.vault.delete(key)
        self.vault.note_name(_scope(collection, environment), name, present=False)

    def names(self, collection: Path, environment: str) -> tuple[str, ...]:
        """The names that have a value, sorted."""
        kept = self.vault.names(_scope(collection, environment))
        return tuple(sorted({*kept, *self._files.values(collection, environment)}))


def _scope(collection: Path, environment: str) -> str:
    return hashlib.sha256(f"{collection.absolute()}\0{environment}".encode("utf-8", "surrogateescape")).hexdigest()


def _key(collection: Path, environment: str, name: str) -> str:
    return hashlib.sha256(f"{_scope(collection, environment)}\0{name}".encode()).hexdigest()
