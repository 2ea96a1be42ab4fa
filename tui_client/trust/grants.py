"""What the user, not the collection, has decided: what a collection may reach on this machine."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Protocol

import msgspec

from tui_client.errors import UsageError


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


def parse_grant(text: str) -> Grant:
    """A grant as written on the command line: "env:HOME", "file:../data", "host:api.example.com:443", "insecure:…".

    A file's path becomes absolute; a host without a port stands for all of its ports. Raises UsageError.
    """
    word, _, subject = text.partition(":")
    subject = subject.strip()
    if word not in set(GrantKind) or not subject or not subject.isprintable():
        kinds = ", ".join(GrantKind)
        raise UsageError(f"{text!r} is not a grant. Write KIND:SUBJECT, KIND one of {kinds}; env:HOME, for example.")
    kind = GrantKind(word)
    if kind is GrantKind.FILE:
        subject = _absolute(subject)
    elif kind is not GrantKind.ENV:
        subject = subject.lower()
    return Grant(kind, subject)


def _absolute(written: str) -> str:
    try:
        return str(Path(written).expanduser().resolve())
    except (OSError, RuntimeError) as error:
        raise UsageError(f"The file of a grant can't be found: {written}: {error}") from error


def covers(given: Grant, wanted: Grant) -> bool:
    """Whether one grant includes another: the same, a file in a granted folder, a port of a granted host."""
    if given.kind is not wanted.kind:
        return False
    if given.kind is GrantKind.FILE:
        path = Path(wanted.subject)
        return ".." not in path.parts and path.is_relative_to(given.subject)
    if given.kind is GrantKind.ENV:
        return given.subject == wanted.subject
    subject = wanted.subject.lower()
    host, colon, port = subject.rpartition(":")
    return given.subject.lower() in (subject, host if colon and port.isdigit() else subject)
