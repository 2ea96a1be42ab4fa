"""From a live outcome to the `detail` that is kept of it."""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec

from tui_client.model.exchange import Exchange
from tui_client.model.masking import masked_text
from tui_client.model.saved import saved_hop, saved_request, saved_response, saved_tls, storable
from tui_client.model.step import CheckResult, Errored, Outcome, Replied, Skipped
from tui_client.model.values import MISSING, QueryValue, Value
from tui_client.replay.journal.detail import Detail, SavedCheck
from tui_client.replay.journal.values import is_marked, to_plain
from tui_client.text import MASK, redact

KEPT_BYTES: Final = 64 * 1024  # of each body
_SHORT: Final = 1 << 53
LONGEST_VALUE: Final = 4000  # characters of a check's value or find


def saved(outcome: Outcome) -> Detail | None:
    """What is kept of an outcome besides its columns and bodies; None if that is nothing."""
    match outcome:
        case Replied(exchange=exchange, checks=checks, http_error=http_error):
            kept = tuple(_check(check, exchange.request.secrets) for check in checks) if checks else ()
            return _with_exchange(exchange, checks=kept, http_error=http_error)
        case Errored(failure=failure, exchange=exchange):
            return Detail(failure=failure) if exchange is None else _with_exchange(exchange, failure=failure)
        case Skipped(because=because):
            return Detail(because=because)
        case _:
            return None


def _with_exchange(exchange: Exchange, **more: Any) -> Detail:
    return Detail(
        request=saved_request(exchange.request),
        response=None if exchange.response is None else saved_response(exchange.response),
        timings=exchange.timings,
        started=exchange.started,
        remote=exchange.remote,
        hops=tuple(map(saved_hop, exchange.hops)) if exchange.hops else (),
        send_failure=exchange.failure,
        warnings=exchange.warnings,
        tls=None if exchange.tls is None else saved_tls(exchange.tls, whole=False),
        **more,
    )


def _check(check: CheckResult, secrets: frozenset[str]) -> SavedCheck:
    return SavedCheck(
        check.query,
        check.expr,
        check.op,
        check.passed,
        _plain(check.value, secrets),
        _plain(check.actual, secrets),
        check.negated,
        check.error,
    )


def _plain(value: QueryValue, secrets: frozenset[str]) -> Any:
    """The value for `detail`; one that is longer than 4,000 characters as JSON becomes the beginning of that."""
    if not secrets and (value is None or (isinstance(value, int) and -_SHORT < value < _SHORT)):
        return value
    if value is MISSING:
        return msgspec.UNSET
    if isinstance(value, str):
        return storable(masked_text(value, secrets, LONGEST_VALUE))
    try:
        text = _json(value)
        if len(text) <= LONGEST_VALUE:
            return _clean(to_plain(value), secrets)
    except (TypeError, ValueError, RecursionError):
        text = str(value)
    return storable(masked_text(text, secrets, LONGEST_VALUE))


def _json(value: Value) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return json.dumps(to_plain(value))  # has a way to write half a surrogate pair


def _clean(plain: Any, secrets: frozenset[str]) -> Any:
    match plain:
        case None | bool():
            return plain
        case str():
            return storable(redact(plain, secrets) if secrets else plain)
        case list():
            return [_clean(one, secrets) for one in plain]
        case dict():
            cleaned = {_clean(name, secrets): _clean(one, secrets) for name, one in plain.items()}
            # Part of a date or of Base64 could not be read back.
            return MASK if is_marked(plain) and cleaned != plain else cleaned
        case _:
            return MASK if secrets and redact(str(plain), secrets) != str(plain) else plain
