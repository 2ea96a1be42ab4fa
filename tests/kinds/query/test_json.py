"""JSON bodies, asked by JSONPath."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tui_client.errors import QueryError
from tui_client.kinds.query.json import Json
from tui_client.model.exchange import Exchange
from tui_client.model.values import MISSING, QueryValue

_BODY = b'{"id": 1, "none": null, "tags": ["a", "b"], "users": [{"name": "Ann", "age": 30}, {"name": "Bob"}]}'


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("$.id", 1),
        ("$['id']", 1),
        ("$.none", None),
        ("$.absent", MISSING),
        ("$.tags", ["a", "b"]),
        ("$.tags[-1]", "b"),
        ("$.tags[9]", MISSING),
        ("$.tags[*]", ["a", "b"]),
        ("$.users[*].age", [30]),
        ("$.users[*].absent", []),
        ("$..name", ["Ann", "Bob"]),
        ("$.users[?@.age > 20].name", ["Ann"]),
        ("$.users[?match(@.name, 'B.b')].name", ["Bob"]),
        ("$.users[?search(@.name, 'n')].name", ["Ann"]),
        ("$.users[0:1].name", ["Ann"]),
    ],
)
def test_jsonpath_gives_a_value_or_a_list(exchange: Callable[..., Exchange], expr: str, value: QueryValue) -> None:
    """One place gives its value, or nothing; a path that may find several gives a list, an empty one too."""
    assert Json(expr).evaluate(exchange(_BODY, "application/json")) == value


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'\xef\xbb\xbf{"a": "\xc3\xa9"}', "application/json"),
        ('{"a": "\u00e9"}'.encode("utf-16"), "application/json"),
        (b'{"a": "\xe9"}', "application/json; charset=iso-8859-1"),
        ('{"a": "\u00e9"}'.encode(), ""),
    ],
)
def test_json_comes_in_any_charset(exchange: Callable[..., Exchange], body: bytes, content_type: str) -> None:
    """A byte order mark or another charset doesn't stop the parser."""
    assert Json("$.a").evaluate(exchange(body, content_type)) == "\u00e9"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is empty"),
        (b"{", "not valid JSON"),
        (b"[NaN]", "not valid JSON"),
        (b"\xff", "not text"),
        (b"[" * 5000 + b"]" * 5000, "nested"),
        (b"1e999", "not valid JSON"),
    ],
)
def test_a_body_that_is_not_json_says_why(exchange: Callable[..., Exchange], body: bytes, reason: str) -> None:
    """An error, not a failed check, names the reason."""
    with pytest.raises(QueryError, match=reason):
        Json("$").evaluate(exchange(body, "application/json"))


@pytest.mark.parametrize("expr", ["$.id", "$[?match(@.a, 'b')]"])
def test_what_can_be_read_has_no_problem(expr: str) -> None:
    """It is asked before there is a reply."""
    assert Json(expr).problem() == ""


@pytest.mark.parametrize("expr", ["", "id", "$.", "$[?nope(@)]", "$[" + "1" * 20_000 + "]"])
def test_what_can_not_be_read_is_a_problem(expr: str) -> None:
    """What is not a JSONPath is said in words before anything is sent."""
    assert Json(expr).problem()
