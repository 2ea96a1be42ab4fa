"""Results small enough to hold in numbers: a run of a million rows must not hold a million bodies.

The journal keeps more of each; this is what waits in queues and stands on a screen.
"""

from __future__ import annotations

from typing import Final

import msgspec

from tui_client.model.exchange import BytesBody, Exchange
from tui_client.model.step import StepResult

KEPT_BYTES: Final = 4 * 1024


def slim(result: StepResult) -> StepResult:
    """The result with its bodies cut to 4 KiB; `note` says what was cut."""
    exchange = result.exchange
    if exchange is None or _is_slim(exchange):
        return result
    outcome = msgspec.structs.replace(result.outcome, exchange=_cut(exchange))
    return msgspec.structs.replace(result, outcome=outcome)


def _is_slim(exchange: Exchange) -> bool:
    response = exchange.response
    if len(exchange.request.body) > KEPT_BYTES:
        return False
    # A spool of few bytes still is a file or a lock, and a failure may hold an open one.
    return response is None or (isinstance(response.body, BytesBody) and len(response.body.data) <= KEPT_BYTES)


def _cut(exchange: Exchange) -> Exchange:
    request, response = exchange.request, exchange.response
    if len(request.body) > KEPT_BYTES:
        request = msgspec.structs.replace(request, body=request.body[:KEPT_BYTES])
    if response is not None:
        size, kept = response.body.size, response.body.read(0, KEPT_BYTES)
        note = f"the first {len(kept):,} of {size:,} bytes; the run's journal has more" if size > len(kept) else ""
        note = "; ".join(text for text in (response.note, note) if text)
        response = msgspec.structs.replace(response, body=BytesBody(kept), note=note)
    return msgspec.structs.replace(exchange, request=request, response=response)
