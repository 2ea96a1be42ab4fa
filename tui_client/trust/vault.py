"""Where secret values lie: the OS keyring, or a file that only its owner can read."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol

import msgspec

from tui_client.errors import UsageError
from tui_client.trust.private_files import alone, read_private, write_private

SERVICE: Final = "tui-client"


class Keyring(Protocol):
    """What is used of the `keyring` package's backends."""

    def get_password(self, service: str, username: str) -> str | None:
        """The value, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a value."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget a value; an error if there is none."""


class NoKeyring:
    """Stands for a machine without one."""

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise OSError("no keyring")

    def delete_password(self, service: str, username: str) -> None:
        return None


def system_keyring() -> Keyring:
    """The keyring of this machine, NoKeyring where there is none that works."""
    try:
        import keyring  # takes a while, and only those with secrets need it

        found = keyring.get_keyring()
        return found if found.priority > 0 else NoKeyring()
    except Exception:  # noqa: BLE001 - a backend may raise anything while it is looked for (D-Bus, ctypes, plugins)
        return NoKeyring()


class _Contents(msgspec.Struct):
    """The file: values that no keyring holds, and the names of all values (a keyring can't list its own)."""

    values: dict[str, str] = {}
    names: dict[str, list[str]] = {}


class Vault:
    """Values by key. Calls may block while the keyring asks its user; a keyring that fails once is not asked again."""

    def __init__(self, path: Path, backend: Keyring | None = None) -> None:
        self._path = path
        self._keyring = backend

    def get(self, key: str) -> str | None:
        """The value, or None. Raises UsageError if the file is damaged."""
        try:
            value = self._backend().get_password(SERVICE, key)
        except Exception:  # noqa: BLE001 - backends raise what they like; the file stands in for them
            self._keyring, value = NoKeyring(), None
        return value if value is not None else self._read().values.get(key)

    def set(self, key: str, value: str) -> None:
        """Keep a value: in the keyring if there is one, else in the file. Raises SaveFailed."""
        in_keyring = self.set_in_keyring(key, value)
        if in_keyring and key not in self._read().values:
            return
        with alone(self._path):
            contents = self._read()
            if in_keyring:
                contents.values.pop(key, None)
            else:
                contents.values[key] = value
            self._write(contents)

    def set_in_keyring(self, key: str, value: str) -> bool:
        """Keep a value in the keyring; False if there is none that takes it."""
        try:
            self._backend().set_password(SERVICE, key, value)
        except Exception:  # noqa: BLE001 - backends raise what they like; the file stands in for them
            self._keyring = NoKeyring()
            return False
        return True

    def delete(self, key: str) -> None:
        """Forget a value; one that isn't there is no error. Raises SaveFailed."""
        backend = self._backend()
        try:
            if backend.get_password(SERVICE, key) is not None:
                backend.delete_password(SERVICE, key)
        except Exception:  # noqa: BLE001 - backends raise what they like; the file stands in for them
            self._keyring = NoKeyring()
        if key in self._read().values:
            with alone(self._path):
                contents = self._read()
                contents.values.pop(key, None)
                self._write(contents)

    def names(self, scope: str) -> tuple[str, ...]:
        """The names noted for a scope, sorted."""
        return tuple(self._read().names.get(scope, ()))

    def note_name(self, scope: str, name: str, *, present: bool) -> None:
        """Note that a value of this name is kept, or is no longer. Raises SaveFailed."""
        if (name in self.names(scope)) is present:
            return
        with alone(self._path):
            contents = self._read()
            names = {*contents.names.get(scope, ())} - {name}
            contents.names[scope] = sorted(names | {name} if present else names)
            self._write(contents)

    def _backend(self) -> Keyring:
        if self._keyring is None:
            self._keyring = system_keyring()
        return self._keyring

    def _read(self) -> _Contents:
        try:
            data = read_private(self._path)
            return msgspec.json.decode(data, type=_Contents) if data is not None else _Contents()
        except (OSError, ValueError, RecursionError) as error:
            # Not the decoder's words: they may quote a value.
            raise UsageError(
                f"{self._path} can't be read. Repair it, or remove it and set its secrets anew."
            ) from error

    def _write(self, contents: _Contents) -> None:
        write_private(self._path, msgspec.json.encode(contents))
