"""Results small enough to keep: a run of a million rows must not hold a million bodies."""

from __future__ import annotations

from typing import Final

import msgspec

from tui_client.model.exchange import BytesBody, Exchange
from tui_client.model.step import Errored, Replied, StepResult

_KEPT_OF_FAILED: Final = 64 * 1024  # bytes
_KEPT_OF_PASSED: Final = 0


def slim(result: StepResult) -> StepResult:
    """The result with its bodies cut: to 64 KiB if it did not pass, to nothing if it did. `note` says what was cut."""
    match result.outcome:
        case Replied(exchange=exchange) | Errored(exchange=Exchange() as exchange):
            kept = _KEPT_OF_PASSED if result.passed else _KEPT_OF_FAILED
            outcome = msgspec.structs.replace(result.outcome, exchange=_cut(exchange, kept))
            return msgspec.structs.replace(result, outcome=outcome)
        case _:
            return result


def _cut(exchange: Exchange, kept: int) -> Exchange:
    request, response = exchange.request, exchange.response
    if len(request.body) > kept:
        request = msgspec.structs.replace(request, body=request.body[:kept])
    if response is not None and response.body.size > kept:
        note = f"a replay keeps {kept:,} of {response.body.size:,} bytes of this body"
        response = msgspec.structs.replace(
            response,
            body=BytesBody(response.body.read(0, kept)),
            note=f"{response.note}; {note}" if response.note else note,
        )
    return msgspec.structs.replace(exchange, request=request, response=response)
