"""Results small enough to hold in numbers: a run of a million rows must not hold a million bodies.

The journal keeps more of each; this is what waits in queues and stands on a screen.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from tui_client.model.exchange import BytesBody, Exchange, SentRequest
from tui_client.model.step import CheckResult, Replied, StepResult
from tui_client.text.hidden import SIGN, hidden, reach

KEPT_BYTES: Final = 4 * 1024
_CUT: Final = "…"


def slim(result: StepResult) -> StepResult:
    """The result with its bodies cut to 4 KiB, and what checks found to as many letters; `note` tells of bodies."""
    outcome = result.outcome
    if isinstance(outcome, Replied) and outcome.checks and any(map(_is_long, outcome.checks)):
        outcome = msgspec.structs.replace(outcome, checks=tuple(map(_short, outcome.checks)))
    exchange = result.exchange
    if exchange is not None and not _is_slim(exchange):
        outcome = msgspec.structs.replace(outcome, exchange=_cut(exchange))
    return result if outcome is result.outcome else msgspec.structs.replace(result, outcome=outcome)


def _is_long(check: CheckResult) -> bool:
    return any(isinstance(one, str) and len(one) > KEPT_BYTES + 1 for one in (check.actual, check.value))


def _short(check: CheckResult) -> CheckResult:
    if not _is_long(check):
        return check
    return msgspec.structs.replace(check, actual=_beginning(check.actual), value=_beginning(check.value))


def _beginning(value: Any) -> Any:
    return value[:KEPT_BYTES] + _CUT if isinstance(value, str) and len(value) > KEPT_BYTES + 1 else value


def _is_slim(exchange: Exchange) -> bool:
    response = exchange.response
    if len(exchange.request.body) > KEPT_BYTES or any(len(hop.request.body) > KEPT_BYTES for hop in exchange.hops):
        return False
    # A spool of few bytes still is a file or a lock, and a failure may hold an open one.
    return response is None or (isinstance(response.body, BytesBody) and len(response.body.data) <= KEPT_BYTES)


def _cut(exchange: Exchange) -> Exchange:
    response = exchange.response
    if response is not None:
        size, secrets = response.body.size, exchange.request.secrets
        kept = _whole_secrets(response.body.read(0, KEPT_BYTES + _beyond(secrets)), secrets)
        note = f"the first {len(kept):,} of {size:,} bytes; the run's journal has more" if size > len(kept) else ""
        note = "; ".join(text for text in (response.note, note) if text)
        response = msgspec.structs.replace(response, body=BytesBody(kept), note=note)
    hops = tuple(msgspec.structs.replace(hop, request=_request(hop.request)) for hop in exchange.hops)
    return msgspec.structs.replace(exchange, request=_request(exchange.request), response=response, hops=hops)


def _request(request: SentRequest) -> SentRequest:
    if len(request.body) <= KEPT_BYTES:
        return request
    return msgspec.structs.replace(request, body=_whole_secrets(request.body, request.secrets))


def _beyond(secrets: frozenset[str]) -> int:
    return min(reach(secrets), KEPT_BYTES)


def _whole_secrets(data: bytes, secrets: frozenset[str]) -> bytes:
    """The beginning, cut before a secret rather than within one: its first half would be shown."""
    if not secrets or len(data) <= KEPT_BYTES:
        return data[:KEPT_BYTES]
    start = KEPT_BYTES - _beyond(secrets)
    around = data[start : KEPT_BYTES + _beyond(secrets)]
    masked = hidden(around, secrets)
    if masked == around:
        return data[:KEPT_BYTES]
    return data[:start] + around[: len(masked[: KEPT_BYTES - start].rstrip(SIGN))]
