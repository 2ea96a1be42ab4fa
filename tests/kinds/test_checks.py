"""Asserts and captures over one exchange."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tui_client.errors import RequestFailed
from tui_client.kinds.checks import asserts_status, capture, check
from tui_client.kinds.query import kinds
from tui_client.kinds.query.body import BodyText
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json
from tui_client.kinds.query.regex import Regex
from tui_client.kinds.query.status import Status
from tui_client.kinds.reply import reading_once
from tui_client.model.exchange import Exchange
from tui_client.model.kinds import Query
from tui_client.model.request import Assertion, Capture, Filter
from tui_client.model.step import CheckResult
from tui_client.model.values import MISSING

_BODY = b'{"id": 7, "tags": ["a", "b"]}'


class CountingBody:
    """A body that counts how often it is read."""

    path = None

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.reads = 0

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        self.reads += 1
        return self.data[start:] if length is None else self.data[start : start + length]


@pytest.fixture
def reply(exchange: Callable[..., Exchange]) -> Exchange:
    return exchange(_BODY, "application/json")


def test_each_assert_says_what_it_found(reply: Exchange) -> None:
    """A result names query, expression, operator, both values and whether it passed, in the order of the file."""
    asserts = (
        Assertion(Status(), "==", 200),
        Assertion(Json("$.tags"), ">=", 3, (Filter("count"),)),
        Assertion(Json("$.id"), "==", 8, negated=True),
    )
    assert check(asserts, reply) == (
        CheckResult("status", "", "==", 200, 200, True),
        CheckResult("json", "$.tags", ">=", 3, 2, False),
        CheckResult("json", "$.id", "==", 8, 7, True, negated=True),
    )


@pytest.mark.parametrize(
    ("item", "actual", "error"),
    [
        (Assertion(Json("$.nope"), "==", 1), MISSING, "found nothing"),
        (Assertion(Json("$.nope"), "!=", 1), MISSING, "found nothing"),
        (Assertion(Json("$.nope"), "==", 1, negated=True), MISSING, "found nothing"),
        (Assertion(Json("$.nope"), "exists"), MISSING, "found nothing"),
        (Assertion(Json("$.nope"), "==", 0, (Filter("count"),)), MISSING, "count: there is nothing to filter"),
        (Assertion(Json("$."), "exists"), MISSING, "json: '$.' is not a JSONPath"),
        (Assertion(Json("$.id"), ">", "7"), 7, ">: can't be applied to an integer and text"),
        (Assertion(Json("$.id"), "=~", 7), 7, "=~: is not an operator"),
        (Assertion(Json("$.id"), "==", 7, (Filter("size"),)), MISSING, "size: is not a filter"),
    ],
)
def test_what_can_not_be_asked_fails_and_says_why(reply: Exchange, item: Assertion, actual: Any, error: str) -> None:
    """An assert that can't be applied doesn't pass, doesn't raise, and doesn't stop those after it."""
    first, second = check((item, Assertion(Status(), "==", 200)), reply)
    assert not first.passed
    assert first.actual == actual
    assert first.error.startswith(error)
    assert second.passed


def test_what_should_be_absent_may_be_absent(reply: Exchange) -> None:
    """`not exists` is the one check that passes on nothing."""
    (result,) = check((Assertion(Json("$.nope"), "exists", negated=True),), reply)
    assert result.passed
    assert result.error == ""


def test_an_assert_that_is_switched_off_is_not_made(reply: Exchange) -> None:
    """It gives no result at all."""
    assert check((Assertion(Status(), "==", 500, enabled=False),), reply) == ()


@pytest.mark.parametrize(
    ("asserts", "expected"),
    [
        ((), False),
        ((Assertion(BodyText(), "exists"),), False),
        ((Assertion(Status(), "==", 404, enabled=False),), False),
        ((Assertion(BodyText(), "exists"), Assertion(Status(), "<", 500)), True),
    ],
)
def test_whether_the_status_is_asserted(asserts: tuple[Assertion, ...], expected: bool) -> None:
    """Only an assert that is switched on takes the status out of the hands of the default rule."""
    assert asserts_status(asserts) is expected


def test_captures_become_values(reply: Exchange) -> None:
    """Values keep their types; filters apply; null is a value."""
    captures = (
        Capture("id", Json("$.id")),
        Capture("first", Json("$.tags"), (Filter("nth", (0,)),)),
        Capture("type", Header("content-type")),
    )
    assert capture(captures, reply) == {"id": 7, "first": "a", "type": "application/json"}


@pytest.mark.parametrize(
    ("item", "detail"),
    [
        (Capture("x", Json("$.nope")), "json $.nope found nothing"),
        (Capture("x", Header("X-None")), "header X-None found nothing"),
        (Capture("x", Json("$.tags"), (Filter("nth", (9,)),)), "nth: there is no item 9"),
        (Capture("x", Regex("(")), "regex: the pattern can't be used"),
    ],
)
def test_a_capture_that_finds_nothing_fails_by_name(reply: Exchange, item: Capture, detail: str) -> None:
    """A variable is never set to nothing: the failure names the variable and the reason."""
    with pytest.raises(RequestFailed) as raised:
        capture((Capture("id", Json("$.id")), item), reply)
    failure = raised.value.failure
    assert (failure.kind, failure.subject) == ("capture.failed", "x")
    assert failure.detail.startswith(detail)


def test_a_body_is_read_and_parsed_once(reply: Exchange) -> None:
    """Ten asserts over one reply don't parse it ten times; two replies are not mixed up."""
    body = CountingBody(_BODY)
    assert reply.response is not None
    counted = msgspec.structs.replace(reply, response=msgspec.structs.replace(reply.response, body=body))
    asserts = [Assertion(Json("$.id"), "==", 7)] * 10
    with reading_once():
        assert all(result.passed for result in check(asserts, counted))
        assert capture((Capture("id", Json("$.id")),), counted) == {"id": 7}
        assert check(asserts[:1], reply)[0].passed
    assert body.reads == 1
    check(asserts, counted)
    assert body.reads == 2


def test_a_body_that_is_not_json_is_said_by_each(exchange: Callable[..., Exchange]) -> None:
    """The reason is kept with the reading, so that no assert passes over a body that failed once."""
    results = check([Assertion(Json("$.id"), "exists", negated=True)] * 2, exchange(b"{", "application/json"))
    assert [result.passed for result in results] == [False, False]
    assert all("not valid JSON" in result.error for result in results)


def test_a_query_that_is_none_is_an_error(reply: Exchange) -> None:
    """A bare base, which no file can name, doesn't raise through a check."""

    class Bare(Query, frozen=True, tag="bare"):
        pass

    (result,) = check((Assertion(Bare(), "exists"),), reply)
    assert result.error == "bare: is not a query"


def test_the_queries_are_those_of_the_format() -> None:
    """All that the format names."""
    named = "status version header cookie body bytes json xpath regex url redirects duration sha256 certificate schema"
    assert set(kinds()) == set(named.split())


@pytest.mark.parametrize("name", sorted(kinds()))
def test_no_query_raises_on_a_send_without_a_reply(name: str, no_reply: Exchange) -> None:
    """Each gives a value or a QueryError, which a check turns into a result."""
    kind = kinds()[name]
    query = kind("$") if msgspec.structs.fields(kind) else kind()
    assert len(check((Assertion(query, "exists"),), no_reply)) == 1


def test_what_is_heavy_is_imported_when_it_is_used() -> None:
    """Starting up doesn't pay for XPath, JSONPath, patterns and keyrings that nobody asked for."""
    code = (
        "import sys, tui_client.kinds.checks, tui_client.kinds.query as q, tui_client.trust.secrets; q.kinds(); "
        "print(sorted({'lxml', 'regex', 'jsonpath_rfc9535', 'jsonschema_rs', 'keyring'} & sys.modules.keys()))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout == "[]\n"
