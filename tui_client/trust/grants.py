"""What the user, not the collection, has decided: what a collection may reach on this machine."""

from __future__ import annotations

import re
import shlex
from enum import StrEnum
from ipaddress import IPv6Address
from pathlib import Path
from typing import Final, Protocol, assert_never

import msgspec

from tui_client.errors import UsageError

_AUTHORITY: Final = re.compile(r"(\[[0-9a-f:.]+(?:%[^\]/]+)?\]|[^\s\[\]:/?#@\\]+)(?::([0-9]{1,6}))?")


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
    if word not in set(GrantKind) or not subject.strip() or not subject.isprintable():
        kinds = ", ".join(GrantKind)
        raise UsageError(f"{text!r} is not a grant. Write KIND:SUBJECT, KIND one of {kinds}; env:HOME, for example.")
    match kind := GrantKind(word):
        case GrantKind.ENV:
            return Grant(kind, subject.strip())
        case GrantKind.FILE:
            return Grant(kind, _absolute(subject))
        case GrantKind.HOST | GrantKind.INSECURE:
            return Grant(kind, _authority(kind, subject.strip().lower()))
        case _:
            assert_never(kind)


def _absolute(written: str) -> str:
    try:
        return str(Path(written).expanduser().resolve())
    except (OSError, RuntimeError) as error:
        raise UsageError(f"The file of a grant can't be found: {written}: {error}") from error


def _authority(kind: GrantKind, written: str) -> str:
    """A host as requests have it, so that what was granted is what is asked for later."""
    found = _AUTHORITY.fullmatch(written)
    port = found[2] if found else ""
    if found is None or (port and not 1 <= int(port[:6]) <= 65_535):
        example = f"{kind}:api.example.com:443"
        raise UsageError(f"{written!r} is not HOST or HOST:PORT. Write the host alone; {example}, for example.")
    try:
        host = f"[{IPv6Address(found[1][1:-1])}]" if found[1].startswith("[") else _ascii(found[1])
    except ValueError as error:
        raise UsageError(f"{found[1]} is not a host: {error}.") from error
    return f"{host}:{int(port)}" if port else host


def _ascii(host: str) -> str:
    if host.isascii():
        return host
    import idna  # takes a while, and few hosts need it

    return idna.encode(host, uts46=True).decode("ascii")


def written(grant: Grant) -> str:
    """A grant as `parse_grant` reads it: "env:HOME"."""
    return f"{grant.kind}:{grant.subject}"


def how_to_allow(grant: Grant) -> str:
    """The option that grants it, as a shell takes it, in a clause: "--grant 'file:/my data' allows it"."""
    if not grant.subject.isprintable():
        return "no option can allow it, since its name has signs that are not printed"
    return f"--grant {shlex.quote(written(grant))} allows it"


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
