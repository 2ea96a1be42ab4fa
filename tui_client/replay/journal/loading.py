"""From what a journal keeps of a step back to an outcome, so that a screen opens it as it opens a live one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec

from tui_client.errors import Failure, FailureKind
from tui_client.model.exchange import BytesBody, Exchange, Response, Timings
from tui_client.model.saved import SavedResponse, loaded_hop, loaded_request, loaded_response, loaded_tls
from tui_client.model.step import CheckResult, Dropped, Errored, InDoubt, Outcome, Replied, Skipped
from tui_client.model.values import MISSING
from tui_client.replay.journal.detail import Detail, SavedCheck
from tui_client.replay.journal.saving import KEPT_BYTES
from tui_client.replay.journal.values import from_plain
from tui_client.replay.record import OutcomeKind

_UNKNOWN: Final = datetime.fromtimestamp(0, UTC)


def loaded(kind: OutcomeKind, detail: Detail, request_body: bytes | None, body: bytes | None) -> Outcome:
    """The outcome. Captures and secrets are not kept. Raises ValueError for values that were never written."""
    match kind:
        case OutcomeKind.SKIPPED:
            return Skipped(detail.because)
        case OutcomeKind.DROPPED:
            return Dropped()
        case OutcomeKind.IN_DOUBT:
            return InDoubt()
        case OutcomeKind.ERROR:
            exchange = _exchange(detail, request_body, body) if detail.request else None
            return Errored(detail.failure or Failure(FailureKind.INTERNAL), exchange)
        case _:
            checks = tuple(map(_check, detail.checks))
            return Replied(_exchange(detail, request_body, body), checks, {}, detail.http_error)


def _exchange(detail: Detail, request_body: bytes | None, body: bytes | None) -> Exchange:
    if detail.request is None:
        raise ValueError("a reply without its request")
    return Exchange(
        request=loaded_request(detail.request, request_body or b""),
        response=None if detail.response is None else _response(detail.response, body or b""),
        timings=detail.timings or Timings(),
        started=detail.started or _UNKNOWN,
        hops=tuple(map(loaded_hop, detail.hops)),
        failure=detail.send_failure,
        remote=detail.remote,
        warnings=detail.warnings,
        tls=loaded_tls(detail.tls),
    )


def _response(saved: SavedResponse, body: bytes) -> Response:
    kept = f"the journal keeps {KEPT_BYTES:,} of {saved.body_bytes:,} bytes of this body"
    return loaded_response(saved, BytesBody(body), kept if saved.body_bytes > KEPT_BYTES else "")


def _check(saved: SavedCheck) -> CheckResult:
    return CheckResult(
        query=saved.query,
        expr=saved.expr,
        op=saved.op,
        value=from_plain(saved.value),
        actual=MISSING if saved.actual is msgspec.UNSET else from_plain(saved.actual),
        passed=saved.passed,
        negated=saved.negated,
        error=saved.error,
    )
