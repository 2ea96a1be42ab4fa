"""How a request is sent: what a file may say, and what is in force once all files have spoken."""

from __future__ import annotations

from typing import Final

import msgspec


class TimeoutOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds; 0 means none, None means "as inherited"."""

    connect: float | None = None
    read: float | None = None
    write: float | None = None
    pool: float | None = None
    total: float | None = None


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[options]` of one file; None means "as inherited" (folder, collection, then config)."""

    timeout: TimeoutOptions = TimeoutOptions()
    follow_redirects: bool | None = None
    max_redirects: int | None = None
    http2: bool | None = None
    verify: bool | None = None
    proxy: str | None = None
    ca: str | None = None
    client_cert: str | None = None
    cookies: bool | None = None
    idempotency_key: bool | None = None
    allow_http_errors: bool | None = None


class Timeouts(msgspec.Struct, frozen=True):
    """Seconds, in force; None means no limit of this kind. given: those that a file sets, built-in or not."""

    connect: float | None = 5.0
    read: float | None = 30.0
    write: float | None = 30.0
    pool: float | None = 5.0
    total: float | None = 120.0
    given: frozenset[str] = frozenset()

    def for_stream(self) -> Timeouts:
        """Those for a stream of events that has begun: it may be silent and last for as long as it likes.

        What somebody set stays in force; only the built-in limits go.
        """
        read = self.read if "read" in self.given or self.read != _BUILT_IN.read else None
        total = self.total if "total" in self.given or self.total != _BUILT_IN.total else None
        return msgspec.structs.replace(self, read=read, total=total)


_BUILT_IN: Final = Timeouts()


class SendOptions(msgspec.Struct, frozen=True):
    """All options in force for one send. Empty strings mean "none"; a proxy "" obeys the environment."""

    timeouts: Timeouts = Timeouts()
    follow_redirects: bool = True
    max_redirects: int = 10
    http2: bool = False
    verify: bool = True
    proxy: str = ""
    ca: str = ""
    client_cert: str = ""
    cookies: bool = True
    idempotency_key: bool = False
    allow_http_errors: bool = False
