"""Why a step of a replay did not pass, in one sentence."""

from __future__ import annotations

from typing import Final, assert_never

import msgspec

from tui_client.errors import Failure
from tui_client.model.step import CheckResult, Dropped, Errored, InDoubt, Replied, Skipped, StepResult
from tui_client.model.values import MISSING, QueryValue
from tui_client.model.wording import describe, why_unsent
from tui_client.text import redact, safe_line

_LONGEST_VALUE: Final = 100
_LONGEST_DETAIL: Final = 1000
# Secrets are looked for in so much of a value, far more than is shown: none may be cut in two before it is found.
_SEARCHED: Final = 4000


def reason(result: StepResult) -> str:
    """Why a step did not pass, one line, safe to print, secrets masked; "" if it did."""
    match result.outcome:
        case Replied(exchange=exchange, checks=checks, http_error=http_error):
            bad = next((check for check in checks if not check.passed), None)
            if bad is not None:
                return safe_line(_check(bad, exchange.request.secrets))
            return "a status of 400 or more that no check asks for" if http_error else ""
        case Errored(failure=failure, exchange=exchange):
            return _failure(failure, exchange.request.secrets if exchange else frozenset())
        case Skipped() | Dropped() | InDoubt():
            return safe_line(why_unsent(result.outcome))
        case _:
            assert_never(result.outcome)


def _failure(failure: Failure, secrets: frozenset[str]) -> str:
    # Masked before it is cut, and again after: making it safe to print may have moved what stood apart together.
    masked = {name: redact(getattr(failure, name), secrets) for name in ("subject", "place", "detail")}
    masked["detail"] = masked["detail"][:_LONGEST_DETAIL]
    return redact(describe(msgspec.structs.replace(failure, **masked)), secrets)


def _check(check: CheckResult, secrets: frozenset[str]) -> str:
    asked = f"{check.query} {check.expr}".strip()
    operator = f"{'not ' if check.negated else ''}{check.op}"
    wanted = "" if check.value is None else f" {_value(check.value, secrets)}"
    error = redact(check.error, secrets)[:_LONGEST_DETAIL]
    found = f"could not be checked: {error}" if check.error else f"was {_value(check.actual, secrets)}"
    return f"{redact(asked, secrets)} {operator}{wanted}, {found}"


def _value(value: QueryValue, secrets: frozenset[str]) -> str:
    if value is MISSING:
        return "nothing"
    text = redact((value if isinstance(value, str) else _json(value))[:_SEARCHED], secrets)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _json(value: QueryValue) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except (TypeError, ValueError, RecursionError):
        return str(value)
