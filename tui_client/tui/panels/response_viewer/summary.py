"""The one line that says how a send went, or how it is going."""

from __future__ import annotations

from typing import Final, assert_never

import msgspec
from textual.content import Content

from tui_client.errors import Failure, FailureKind
from tui_client.model.exchange import BodyEnd, Exchange, Response
from tui_client.model.step import CheckResult
from tui_client.text import format_bytes, format_duration_ms, safe_line
from tui_client.tui.panels.response_viewer.tables import MUTED
from tui_client.tui.panels.response_viewer.view import Broke, Done, Empty, ExchangeView, InFlight

_SEPARATOR = " · "


class Part(msgspec.Struct, frozen=True):
    """A piece of the line; pieces of a higher `rank` give way first where there is no room."""

    text: str
    style: str = ""
    rank: int = 0


_NOT_VERIFIED: Final = Part("⚠ not verified", "bold $text-warning", 1)


def summary(view: ExchangeView, now: float, width: int) -> Content:
    """The line for this state; `now` in seconds of `time.monotonic`, `width` in cells."""
    match view:
        case Empty(hint=hint):
            parts = [Part(safe_line(hint), MUTED)]
        case InFlight():
            parts = _in_flight(view, now)
        case Done(exchange=exchange, checks=checks, http_error=http_error):
            parts = [*_origin(view), *_exchange(exchange, http_error=http_error), *_checks(checks)]
        case Broke(exchange=Exchange(failure=Failure(kind=FailureKind.CANCELLED)) as exchange):
            parts = [*_origin(view), Part("■ ended", "bold $text-warning"), *_exchange(exchange, ended=True)]
        case Broke(exchange=Exchange() as exchange):
            parts = [*_origin(view), Part("✗ failed", "bold $text-error"), *_exchange(exchange)]
        case Broke():
            parts = [Part("✗ not sent", "bold $text-error")]
        case _:
            assert_never(view)
    return fit(parts, width)


def fit(parts: list[Part], width: int) -> Content:
    """The parts that fit in `width` cells, in order; "…" stands for what was left out."""
    kept, cut = list(parts), False
    while len(kept) > 1 and _width(kept) + (2 if cut else 0) > width:
        kept.remove(max(kept, key=lambda part: part.rank))
        cut = True
    line = Content(_SEPARATOR).join([Content.styled(part.text, part.style) for part in kept])
    return (line + Content.styled(" …", MUTED) if cut else line).truncate(max(1, width), ellipsis=True)


def _width(parts: list[Part]) -> int:
    return sum(Content(part.text).cell_length for part in parts) + len(_SEPARATOR) * (len(parts) - 1)


def _origin(view: Done | Broke) -> list[Part]:
    return [Part(safe_line(view.origin), "bold $text-accent")] if view.origin else []


def _in_flight(view: InFlight, now: float) -> list[Part]:
    parts = [Part(f"● {safe_line(view.phase)}", "bold $text-accent")]
    if view.head is not None:
        parts.insert(0, _status(view.head))
    if view.request is not None and not view.request.verified:
        parts.append(_NOT_VERIFIED)
    parts.append(Part(f"{max(0.0, now - view.since):.1f} s", rank=1))
    if view.received_bytes or view.head is not None:
        parts.append(Part(_progress(view.received_bytes, view.expected_bytes), rank=1))
    parts.append(Part("Esc cancel", MUTED, 2))
    if view.head is None and not isinstance(view.previous, Empty):
        parts.append(Part("below: the last reply", MUTED, 3))
    return parts


def _progress(received: int, expected: int | None) -> str:
    if not expected:
        return format_bytes(received)
    return f"{format_bytes(received)} of {format_bytes(expected)} ({min(100, received * 100 // expected)} %)"


def _exchange(exchange: Exchange, *, http_error: bool = False, ended: bool = False) -> list[Part]:
    """ended: by the user, who needs not be told why it is incomplete."""
    response, request = exchange.response, exchange.request
    parts = [_status(response, failed=http_error)] if response else []
    if response and not response.complete:
        why = safe_line(response.note).rstrip(".") or "the reply was cut"
        parts.append(Part("incomplete" if ended else f"incomplete: {why}", "bold $text-warning", 1))
    parts.append(Part(format_duration_ms(exchange.timings.total), rank=2))
    if response:
        parts.append(Part(_size(response), rank=3))
        parts.append(Part(safe_line(response.http_version), rank=7))
    if not (request.verified and all(hop.request.verified for hop in exchange.hops)):
        parts.append(_NOT_VERIFIED)
    if response and response.complete and response.body_end is BodyEnd.CLOSE:
        parts.append(Part("? end not verifiable", "$text-warning", 5))
    if request.proxy:
        parts.append(Part(f"via proxy {safe_line(_without_user(request.proxy))}", rank=6))
    if exchange.hops:
        parts.append(Part(f"after {len(exchange.hops)} other repl{'y' if len(exchange.hops) == 1 else 'ies'}", rank=8))
    if exchange.remote:
        parts.append(Part(safe_line(exchange.remote), MUTED, 9))
    return parts


def _without_user(proxy: str) -> str:
    scheme, separator, rest = proxy.rpartition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


def _size(response: Response) -> str:
    size, wire = response.body.size, response.encoded_bytes
    return format_bytes(size) if wire in (0, size) else f"{format_bytes(size)} ({format_bytes(wire)} sent)"


def _status(response: Response, *, failed: bool = False) -> Part:
    styles = {2: "$text-success", 3: "$text-primary", 4: "$text-warning", 5: "$text-error"}
    sign = "✗ " if failed else ""
    text = f"{sign}{response.status} {safe_line(response.reason)}".rstrip()
    return Part(text, f"bold {styles.get(response.status // 100, '$text-accent')}")


def _checks(checks: tuple[CheckResult, ...]) -> list[Part]:
    if not checks:
        return []
    passed = sum(check.passed for check in checks)
    if passed == len(checks):
        return [Part(f"✓ {passed} of {len(checks)}", "$text-success", 1)]
    return [Part(f"✗ {len(checks) - passed} of {len(checks)} failed", "bold $text-error", 1)]
