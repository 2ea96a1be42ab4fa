"""What was granted, remembered outside of all collections.

A collection is known by the real path of its directory: a copy of it, and one that was moved, is asked for anew.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from tui_client.errors import SaveFailed, UsageError
from tui_client.trust.grants import Grant, GrantKind, covers, written
from tui_client.trust.private_files import alone, read_private, write_private

# What the file says, by a collection's real path: {"/home/ann/shop": ["env:HOME"]}.
_Grants = dict[str, list[str]]
_VERSIONLESS: Final = (0, 0, 0)


class GrantStore:
    """Grants by collection, in one private JSON file; read again whenever another process has changed it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._version = _VERSIONLESS
        self._grants: dict[str, tuple[Grant, ...]] = {}

    def allows(self, collection: str | Path, grant: Grant) -> bool:
        """Whether the user has granted this, or more, to the collection. Raises UsageError for a damaged file."""
        return any(covers(given, grant) for given in self.list(collection))

    def list(self, collection: str | Path) -> tuple[Grant, ...]:
        """All grants of a collection, in the order they were given."""
        return self._read().get(place(collection), ())

    def all(self) -> Mapping[str, tuple[Grant, ...]]:
        """All grants by the real path of their collection, which may be gone by now. Raises as `allows` does."""
        return {collection: given for collection, given in sorted(self._read().items()) if given}

    def add(self, collection: str | Path, grant: Grant) -> None:
        """Remember a grant. Raises SaveFailed."""
        with alone(self._path):
            self._version = _VERSIONLESS  # what another has just written may look like what was there
            given = self.list(collection)
            if grant not in given:
                self._write({**self._grants, place(collection): (*given, grant)})

    def revoke(self, collection: str | Path, grant: Grant) -> None:
        """Forget a grant; one that was never given is no error. Raises SaveFailed."""
        with alone(self._path):
            self._version = _VERSIONLESS  # what another has just written may look like what was there
            given = self.list(collection)
            if grant in given:
                rest = tuple(other for other in given if other != grant)
                self._write({**self._grants, place(collection): rest})

    def _read(self) -> dict[str, tuple[Grant, ...]]:
        version = self._stat()
        if version != self._version:
            self._grants = self._load()
            self._version = version
        return self._grants

    def _stat(self) -> tuple[int, int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return _VERSIONLESS
        return found.st_ino, found.st_size, found.st_mtime_ns

    def _load(self) -> dict[str, tuple[Grant, ...]]:
        try:
            data = read_private(self._path)
            found = msgspec.json.decode(data, type=_Grants) if data is not None else {}
            return {key: tuple(map(_parse, texts)) for key, texts in found.items()}
        except (OSError, ValueError, RecursionError) as error:
            raise UsageError(
                f"{self._path} can't be read: {error}. Repair it, or remove it to be asked again."
            ) from error

    def _write(self, grants: dict[str, tuple[Grant, ...]]) -> None:
        texts: _Grants = {key: [written(grant) for grant in given] for key, given in grants.items() if given}
        try:
            data = msgspec.json.format(msgspec.json.encode(texts))
        except UnicodeEncodeError as error:
            raise SaveFailed(self._path, "a path in it is not UTF-8") from error
        write_private(self._path, data)
        self._read()


def place(collection: str | Path) -> str:
    """What a collection is known by."""
    return os.path.realpath(collection)


def _parse(text: str) -> Grant:
    # Not `parse_grant`: a path that was made absolute once must not be resolved again.
    kind, _, subject = text.partition(":")
    if not subject:
        raise ValueError("a grant of nothing stands in it")
    return Grant(GrantKind(kind), subject)
