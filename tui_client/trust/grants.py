"""What the user, not the collection, has decided: what a collection may reach on this machine."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

import msgspec


class GrantKind(StrEnum):
    """What there is to be granted."""

    ENV = "env"  # an environment variable of the host
    FILE = "file"  # a file or directory outside the collection
    HOST = "host"  # a host ("host:port") that gets a secret it never got before
    INSECURE = "insecure"  # a host whose certificate is not verified


class Grant(msgspec.Struct, frozen=True):
    """One thing a collection may reach; written "env:HOME" on the command line."""

    kind: GrantKind
    subject: str


class Gate(Protocol):
    """Asks the user once for a grant and remembers the answer; headless gates know only what was given."""

    async def allow(self, collection: str, grant: Grant) -> bool:
        """Whether `collection` (the absolute path of its directory) may; asks if that was never decided."""
