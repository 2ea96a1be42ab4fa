"""What the viewer is told to show; made by the screen from the events of a send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, assert_never

import msgspec

from tui_client.model.exchange import Exchange, Hop, Response, SentRequest, Timings
from tui_client.model.step import CheckResult, Dropped, Errored, InDoubt, Outcome, Replied, Skipped
from tui_client.model.tls import TlsDetails
from tui_client.model.values import Value
from tui_client.model.wording import describe, why_unsent
from tui_client.text import safe_line


class Empty(msgspec.Struct, frozen=True):
    """Nothing was sent yet. `hint` says what to do."""

    hint: str = "No reply yet. ^r sends the request."


class Done(msgspec.Struct, frozen=True):
    """A whole reply. `http_error`: the status alone makes it fail. `origin`: where it is from, "" for a new one."""

    exchange: Exchange
    checks: tuple[CheckResult, ...] = ()
    captures: Mapping[str, Value] = {}
    http_error: bool = False
    origin: str = ""


class Broke(msgspec.Struct, frozen=True):
    """No whole reply. `sentence` is for people and safe to print; what arrived is in `exchange`. `origin`: as above."""

    sentence: str
    exchange: Exchange | None = None
    origin: str = ""


class InFlight(msgspec.Struct, frozen=True):
    """A send under way.

    since: seconds of `time.monotonic` when it began. phase: a word such as "connecting" or "waiting".
    head: the reply once its headers are here; its body may still grow.
    previous: the last reply, shown dimmed until then.
    """

    since: float
    phase: str = "sending"
    received_bytes: int = 0
    expected_bytes: int | None = None
    request: SentRequest | None = None
    head: Response | None = None
    previous: Empty | Done | Broke = Empty()


ExchangeView: TypeAlias = Empty | InFlight | Done | Broke


def view_of(outcome: Outcome) -> Done | Broke:
    """What to show of a finished step."""
    match outcome:
        case Replied(exchange=exchange, checks=checks, captures=captures, http_error=http_error):
            return Done(exchange, checks, captures, http_error)
        case Errored(failure=failure, exchange=exchange):
            return Broke(describe(failure), exchange)
        case Skipped() | Dropped() | InDoubt():
            return Broke(safe_line(why_unsent(outcome)))
        case _:
            assert_never(outcome)


class Shown(msgspec.Struct, frozen=True):
    """One exchange as far as it is known, whatever state it came from; `exchange` once it is over.

    revealed: the user wants to see its secrets.
    """

    request: SentRequest | None = None
    response: Response | None = None
    timings: Timings | None = None
    hops: tuple[Hop, ...] = ()
    remote: str = ""
    checks: tuple[CheckResult, ...] = ()
    captures: Mapping[str, Value] = {}
    exchange: Exchange | None = None
    revealed: bool = False

    @property
    def tls(self) -> TlsDetails | None:
        """What the last handshake came to."""
        return self.exchange.tls if self.exchange else None

    @property
    def secrets(self) -> frozenset[str]:
        """Values to mask."""
        return self.hidden_of(self.request) if self.request else frozenset()

    def hidden_of(self, request: SentRequest) -> frozenset[str]:
        """Values to mask in what belongs to a request, one that led to another say."""
        return frozenset() if self.revealed else request.secrets


def shown_of(view: ExchangeView) -> Shown:
    """The exchange to show under this state; that of the last reply while nothing of the new one is here."""
    match view:
        case Done(exchange=exchange, checks=checks, captures=captures):
            return msgspec.structs.replace(_shown(exchange), checks=checks, captures=captures)
        case Broke(exchange=exchange):
            return _shown(exchange) if exchange else Shown()
        case InFlight(head=None, previous=previous):
            return shown_of(previous)
        case InFlight(head=head, request=request):
            return Shown(request=request, response=head)
        case Empty():
            return Shown()
        case _:
            assert_never(view)


def _shown(exchange: Exchange) -> Shown:
    return Shown(
        request=exchange.request,
        response=exchange.response,
        timings=exchange.timings,
        hops=exchange.hops,
        remote=exchange.remote,
        exchange=exchange,
    )
