"""The object that `send --json` prints; the same keys whatever happened."""

from __future__ import annotations

from typing import Any

import msgspec

from tui_client.cli.send_tls import tls_json
from tui_client.errors import BrokenFile, FailureKind, NotFound, RequestFailed, SaveFailed, TuiClientError
from tui_client.model.effective import EffectiveRequest
from tui_client.model.exchange import Exchange, RawHeader, Response, SentRequest, Timings, header_text, header_values
from tui_client.model.step import CheckResult, Errored, Replied, StepResult
from tui_client.model.values import MISSING
from tui_client.model.wording import describe, describe_error
from tui_client.text.redact import redact

_PHASES = ("dns", "connect", "tls", "send", "wait", "receive", "total")


def result_json(request: EffectiveRequest, result: StepResult) -> dict[str, Any]:
    """What came of a send, its secrets masked."""
    match result.outcome:
        case Replied(exchange=exchange, checks=checks, captures=captures):
            found = {**exchange_json(exchange), "checks": [_check(one) for one in checks], "captures": captures}
            secrets = exchange.request.secrets
            return {name: _masked(value, secrets) for name, value in {**found, "error": None}.items()}
        case Errored(failure=failure, exchange=exchange):
            found = {**(exchange_json(exchange) if exchange else _nothing(request)), "checks": [], "captures": {}}
            found["error"] = {"kind": failure.kind.value, "message": describe(failure)}
            secrets = exchange.request.secrets if exchange else frozenset()
            return {name: _masked(value, secrets) for name, value in found.items()}
        case _:
            return {**_nothing(request), "checks": [], "captures": {}, "error": None}


def error_json(error: TuiClientError, request: EffectiveRequest | None = None) -> dict[str, Any]:
    """The object for an error before there was anything to send."""
    return {**_nothing(request), "checks": [], "captures": {}, "error": error_entry(error)}


def error_entry(error: TuiClientError) -> dict[str, str]:
    """An error as its kind and a sentence."""
    return {"kind": _kind(error), "message": describe_error(error)}


def _kind(error: TuiClientError) -> str:
    match error:
        case RequestFailed(failure=failure):
            return failure.kind.value
        case BrokenFile():
            return "collection.file"
        case NotFound():
            return "not_found"
        case SaveFailed():
            return FailureKind.DISK.value
        case _:
            return "usage"


def _nothing(request: EffectiveRequest | None) -> dict[str, Any]:
    """Nothing was sent: the request as it stands in the file, no reply."""
    return {
        "request": {
            "method": request.method if request else None,
            "url": request.url if request else None,
            "headers": [],
            "body_bytes": 0,
        },
        "response": None,
        "timing_ms": dict.fromkeys(_PHASES),
        "tls": None,
        "redirects": [],
    }


def exchange_json(exchange: Exchange) -> dict[str, Any]:
    """Request, reply, times, TLS and redirects of an exchange, as they are."""
    return {
        "request": _request(exchange.request),
        "response": None if exchange.response is None else _response(exchange.response),
        "timing_ms": _timing(exchange.timings),
        "tls": tls_json(exchange.tls),
        "redirects": [
            {
                "method": hop.request.method,
                "url": hop.request.url,
                "status": hop.status,
                "location": next(iter(header_values(hop.headers, "location")), None),
            }
            for hop in exchange.hops
            if 300 <= hop.status < 400
        ],
    }


def _request(sent: SentRequest) -> dict[str, Any]:
    return {
        "method": sent.method,
        "url": sent.url,
        "headers": _headers(sent.headers),
        "body_bytes": sent.body_bytes,
    }


def _response(response: Response) -> dict[str, Any]:
    return {
        "status": response.status,
        "reason": response.reason,
        "http_version": response.http_version,
        "headers": _headers(response.headers),
        "body_bytes": response.body.size,
        "complete": response.complete,
    }


def _headers(headers: tuple[RawHeader, ...]) -> list[list[str]]:
    return [[header_text(name), header_text(value)] for name, value in headers]


def _timing(timings: Timings) -> dict[str, float | None]:
    values = msgspec.structs.asdict(timings)
    return {phase: None if values[phase] is None else round(values[phase], 3) for phase in _PHASES}


def _check(check: CheckResult) -> dict[str, Any]:
    return {
        "query": check.query,
        "expr": check.expr,
        "op": f"not {check.op}" if check.negated else check.op,
        "value": check.value,
        "actual": None if check.actual is MISSING else check.actual,
        "passed": check.passed,
    }


def _masked(value: Any, secrets: frozenset[str]) -> Any:
    if not secrets:
        return value
    match value:
        case str():
            return redact(value, secrets)
        case dict():
            return {redact(str(name), secrets): _masked(inner, secrets) for name, inner in value.items()}
        case list() | tuple():
            return [_masked(inner, secrets) for inner in value]
        case _:
            return value
