"""Asserts and captures, over one exchange. Every second they may take is bounded in `bounded`."""

from __future__ import annotations

from collections.abc import Iterable

from tui_client.errors import Failure, FailureKind, QueryError, RequestFailed
from tui_client.kinds.filters import apply_filter
from tui_client.kinds.operators import apply_operator
from tui_client.kinds.query import QueryKind
from tui_client.kinds.reply import reading_once
from tui_client.model.exchange import Exchange
from tui_client.model.kinds import Query
from tui_client.model.request import Assertion, Capture, Filter
from tui_client.model.step import CheckResult
from tui_client.model.values import MISSING, QueryValue, Value

FOUND_NOTHING = "found nothing"


def query_name(query: Query) -> str:
    """The TOML name of a query: "json"."""
    return str(query.__struct_config__.tag)


def query_expr(query: Query) -> str:
    """The expression of a query, "" for one that takes none."""
    return str(getattr(query, "expr", ""))


def evaluate(query: Query, filters: Iterable[Filter], exchange: Exchange) -> QueryValue:
    """The value of a query after its filters, or MISSING. Raises QueryError where it can't be asked or filtered."""
    if not isinstance(query, QueryKind):
        raise QueryError(query_name(query), "is not a query")
    value = query.evaluate(exchange)
    for item in filters:
        value = apply_filter(item, value)
    return value


def check(assertions: Iterable[Assertion], exchange: Exchange) -> tuple[CheckResult, ...]:
    """The result of each assert that is switched on, in order; never raises for what a reply or a file says.

    May take a second for each pattern or query that runs wild, so call it from a thread where that matters.
    """
    with reading_once():
        return tuple(_check_one(item, exchange) for item in assertions if item.enabled)


def _check_one(item: Assertion, exchange: Exchange) -> CheckResult:
    actual: QueryValue = MISSING
    passed, error = False, ""
    try:
        actual = evaluate(item.query, item.filters, exchange)
        passed = apply_operator(item.op, actual, item.value, negated=item.negated)
        if actual is MISSING and not passed:
            error = FOUND_NOTHING
    except QueryError as problem:
        error = f"{problem.query}: {problem.reason}"
    return CheckResult(
        query=query_name(item.query),
        expr=query_expr(item.query),
        op=item.op,
        value=item.value,
        actual=actual,
        passed=passed,
        negated=item.negated,
        error=error,
    )


def asserts_status(assertions: Iterable[Assertion]) -> bool:
    """Whether an assert that is switched on asks for the status, so that 400 and more is not a failure by itself."""
    return any(item.enabled and query_name(item.query) == "status" for item in assertions)


def capture(captures: Iterable[Capture], exchange: Exchange) -> dict[str, Value]:
    """The captured values by variable. Raises RequestFailed (capture.failed), naming the variable, for the first one
    that found nothing or could not be asked."""
    with reading_once():
        return {item.name: _capture_one(item, exchange) for item in captures}


def _capture_one(item: Capture, exchange: Exchange) -> Value:
    where = f"{query_name(item.query)} {query_expr(item.query)}".strip()
    try:
        value = evaluate(item.query, item.filters, exchange)
    except QueryError as error:
        raise _capture_failed(item.name, f"{error.query}: {error.reason}") from error
    if value is MISSING:
        raise _capture_failed(item.name, f"{where} {FOUND_NOTHING}")
    return value


def _capture_failed(name: str, detail: str) -> RequestFailed:
    return RequestFailed(Failure(FailureKind.CAPTURE_FAILED, subject=name, detail=detail))
