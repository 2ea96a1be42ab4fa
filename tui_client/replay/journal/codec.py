"""Between a step's result and its row in the table `steps`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import msgspec

from tui_client.model.exchange import BodyContent, Exchange
from tui_client.model.masking import margin, masked_bytes
from tui_client.model.saved import masked_json, storable
from tui_client.model.step import StepId, StepResult
from tui_client.replay.journal.detail import Detail, detail_from_json
from tui_client.replay.journal.loading import loaded
from tui_client.replay.journal.saving import KEPT_BYTES as KEPT_BYTES
from tui_client.replay.journal.saving import saved
from tui_client.replay.reasons import reason
from tui_client.replay.record import OutcomeKind, Recorded
from tui_client.text import redact

# What SQLite takes and gives: a row's values in the order of its columns.
Row: TypeAlias = Sequence[Any]

# The columns of a `Recorded`.
RECORD_COLUMNS: Final[tuple[str, ...]] = (
    *("iteration", "row", "step", "request", "outcome", "label", "status", "error"),
    *("attempts", "finished_s", "due_s", "late", "service_ms", "checks", "checks_failed", "received_bytes"),
)
# All of `steps`, in the order of the table.
STEP_COLUMNS: Final[tuple[str, ...]] = (
    *("iteration", "row", "step", "request", "outcome", "label", "status", "error", "reason"),
    *("attempts", "finished_s", "due_s", "late", "service_ms", "checks", "checks_failed", "received_bytes"),
    *("body_sha256", "detail", "request_body", "body"),
)

_PIECE: Final = 1 << 20
_TEXTS: Final = (STEP_COLUMNS.index("label"), STEP_COLUMNS.index("reason"))
_DETAIL: Final = STEP_COLUMNS.index("detail")
_OUTCOMES: Final = {kind.value: kind for kind in OutcomeKind}
_NO_SECRETS: Final[frozenset[str]] = frozenset()


def step_row(result: StepResult, record: Recorded) -> tuple[Any, ...]:
    """The values of `INSERT INTO steps`, secrets masked. Reads the whole body of the reply, piece by piece."""
    step, exchange = result.step, result.exchange
    if exchange is not None and exchange.hops:
        result, exchange = _knowing_secrets_of_hops(result, exchange)
    secrets = _NO_SECRETS if exchange is None else exchange.request.secrets
    detail = saved(result.outcome)
    response = None if exchange is None else exchange.response
    return (
        step.iteration,
        step.row,
        step.index,
        step.key,
        record.outcome.value,
        storable(redact(record.label, secrets) if secrets else record.label),
        record.status,
        record.error,
        "" if record.outcome is OutcomeKind.PASSED else storable(redact(reason(result), secrets)),
        record.attempts,
        record.finished_s,
        record.due_s,
        int(record.late),
        record.service_ms,
        record.checks,
        record.checks_failed,
        record.received_bytes,
        None if response is None else _digest(response.body),
        "" if detail is None else masked_json(detail, secrets),
        None if exchange is None else _request_body(exchange, secrets),
        None if response is None else _body(response.body, secrets),
    )


def masked_row(row: Row, secrets: frozenset[str]) -> tuple[Any, ...]:
    """A row that another process made without knowing these: masked, and as it was where it has none of them."""
    cells = list(row)
    for at in _TEXTS:
        cells[at] = storable(redact(cells[at], secrets))
    if row[_DETAIL] and redact(row[_DETAIL], secrets) != row[_DETAIL]:
        cells[_DETAIL] = masked_json(detail_from_json(row[_DETAIL]), secrets)
    for at in (_DETAIL + 1, _DETAIL + 2):
        if row[at]:
            cells[at] = masked_bytes(row[at], secrets, KEPT_BYTES, whole=len(row[at]) < KEPT_BYTES)
    return tuple(cells)


def result_of(row: Row) -> StepResult:
    """The result in a row of `STEP_COLUMNS`: bodies as far as they were kept, no captures, secrets masked.

    Raises ValueError for what was never written.
    """
    iteration, data_row, index, key, outcome, label, _, _, _, attempts, finished_s, due_s, late = row[:13]
    detail = detail_from_json(row[18]) if row[18] else Detail()
    return StepResult(
        StepId(data_row, iteration, index, key),
        loaded(OutcomeKind(outcome), detail, row[19], row[20]),
        finished_s,
        label,
        due_s,
        attempts,
        bool(late),
    )


def record_of_row(row: Row) -> Recorded:
    """The figures in a row of `RECORD_COLUMNS`. Raises KeyError for an outcome that never was."""
    iteration, data_row, index, key, outcome, label, status, error, attempts, *rest = row
    finished_s, due_s, late, service_ms, checks, checks_failed, received_bytes = rest
    return Recorded(
        step=StepId(data_row, iteration, index, key),
        outcome=_OUTCOMES[outcome],
        label=label,
        status=status,
        error=error,
        attempts=attempts,
        finished_s=finished_s,
        due_s=due_s,
        late=late == 1,
        service_ms=service_ms,
        checks=checks,
        checks_failed=checks_failed,
        received_bytes=received_bytes,
    )


def _knowing_secrets_of_hops(result: StepResult, exchange: Exchange) -> tuple[StepResult, Exchange]:
    secrets = exchange.request.secrets.union(*(hop.request.secrets for hop in exchange.hops))
    request = msgspec.structs.replace(exchange.request, secrets=secrets)
    exchange = msgspec.structs.replace(exchange, request=request)
    outcome = msgspec.structs.replace(result.outcome, exchange=exchange)
    return msgspec.structs.replace(result, outcome=outcome), exchange


def _digest(body: BodyContent) -> bytes:
    size = body.size
    if size <= _PIECE:
        return hashlib.sha256(body.read()).digest()
    digest = hashlib.sha256()
    for start in range(0, size, _PIECE):
        digest.update(body.read(start, _PIECE))
    return digest.digest()


def _request_body(exchange: Exchange, secrets: frozenset[str]) -> bytes:
    if not secrets:
        return exchange.request.body[:KEPT_BYTES]
    body, window = exchange.request.body, KEPT_BYTES + margin(secrets)
    return masked_bytes(body[:window], secrets, KEPT_BYTES, whole=len(body) <= window)


def _body(body: BodyContent, secrets: frozenset[str]) -> bytes:
    if not secrets:
        return body.read(0, KEPT_BYTES)
    window = KEPT_BYTES + margin(secrets)
    return masked_bytes(body.read(0, window), secrets, KEPT_BYTES, whole=body.size <= window)
