"""Keyrings for tests: none of them is the user's."""

from __future__ import annotations

import pytest


class MemoryKeyring:
    """A keyring that works."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str] = {}
        self.reads = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.reads += 1
        return self.values.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.values[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.values[service, username]


class BrokenKeyring:
    """A keyring that is there and fails, as one without a D-Bus session does; counts how often it was tried."""

    def __init__(self) -> None:
        self.tried = 0

    def _fail(self) -> None:
        self.tried += 1
        raise RuntimeError("no session bus")

    def get_password(self, service: str, username: str) -> str | None:
        self._fail()
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        self._fail()

    def delete_password(self, service: str, username: str) -> None:
        self._fail()


@pytest.fixture
def keyring() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def broken_keyring() -> BrokenKeyring:
    return BrokenKeyring()
