"""From what a journal keeps of a step back to an outcome, so that a screen opens it as it opens a live one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec

from tui_client.errors import Failure, FailureKind
from tui_client.model.exchange import BytesBody, Exchange, Hop, RawHeader, Response, SentRequest, Timings
from tui_client.model.step import CheckResult, Dropped, Errored, InDoubt, Outcome, Replied, Skipped
from tui_client.model.values import MISSING
from tui_client.replay.journal.detail import Detail, SavedCheck, SavedHop, SavedRequest, SavedResponse
from tui_client.replay.journal.saving import KEPT_BYTES, path_and_query
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
    request = msgspec.structs.replace(_request(detail.request), body=request_body or b"")
    return Exchange(
        request=request,
        response=None if detail.response is None else _response(detail.response, body or b""),
        timings=detail.timings or Timings(),
        started=detail.started or _UNKNOWN,
        hops=tuple(map(_hop, detail.hops)),
        failure=detail.send_failure,
        remote=detail.remote,
        warnings=detail.warnings,
    )


def _headers(rows: list[tuple[str, str]]) -> tuple[RawHeader, ...]:
    return tuple((name.encode(), value.encode()) for name, value in rows)


def _request(saved: SavedRequest) -> SentRequest:
    return SentRequest(
        method=saved.method,
        url=saved.url,
        target=(saved.target or path_and_query(saved.url)).encode(),
        headers=_headers(saved.headers),
        body_bytes=saved.body_bytes,
        http_version=saved.http_version,
        proxy=saved.proxy,
        verified=saved.verified,
    )


def _response(saved: SavedResponse, body: bytes) -> Response:
    note = saved.note
    if saved.body_bytes > KEPT_BYTES:
        cut = f"the journal keeps {KEPT_BYTES:,} of {saved.body_bytes:,} bytes of this body"
        note = f"{note}; {cut}" if note else cut
    return Response(
        status=saved.status,
        reason=saved.reason,
        http_version=saved.http_version,
        headers=_headers(saved.headers),
        body=BytesBody(body),
        encoded_bytes=saved.encoded_bytes,
        complete=saved.complete,
        body_end=saved.body_end,
        note=note,
    )


def _hop(saved: SavedHop) -> Hop:
    headers = _headers(saved.headers)
    return Hop(_request(saved.request), saved.status, saved.reason, headers, saved.timings, saved.dropped_headers)


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
