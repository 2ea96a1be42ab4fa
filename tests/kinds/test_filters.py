"""Filters turn one value into another, or say why not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import QueryError
from tui_client.kinds.filters import FILTERS, apply_filter, check_filter, filter_problem
from tui_client.model.request import Filter
from tui_client.model.values import MISSING

_NOON = datetime(2030, 1, 2, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "name", "args", "result"),
    [
        ([1, 2], "count", (), 2),
        ([], "count", (), 0),
        (b"abc", "count", (), 3),
        (["a", "b"], "nth", (0,), "a"),
        (["a", "b"], "nth", (-1,), "b"),
        ("a,b,,c", "split", (",",), ["a", "b", "", "c"]),
        ("a.b.c", "replace", (".", "-"), "a-b-c"),
        ("id=42;", "regex", (r"id=(\d+)",), "42"),
        ("id=42;", "regex", (r"\d+",), "42"),
        ("none", "regex", (r"\d+",), MISSING),
        ('{"a": [1, 2]}', "json", ("$.a[1]",), 2),
        ({"a": 1}, "json", ("$.a",), 1),
        ([{"a": 1}], "json", ("$[*].a",), [1]),
        ({"a": 1}, "json", ("$.b",), MISSING),
        (b'"x"', "json", ("$",), "x"),
        ("42", "toInt", (), 42),
        ("-7", "toInt", (), -7),
        (3.9, "toInt", (), 3),
        (5, "toInt", (), 5),
        ("1.5e2", "toFloat", (), 150.0),
        (".5", "toFloat", (), 0.5),
        (2, "toFloat", (), 2.0),
        ("2030-01-02T12:30:00Z", "toDate", (), _NOON),
        ("2030-01-02T13:30:00+01:00", "toDate", ("%+",), _NOON),
        ("02.01.2030 12:30", "toDate", ("%d.%m.%Y %H:%M",), _NOON),
        (_NOON, "format", ("%d.%m.%Y",), "02.01.2030"),
        (_NOON, "format", (), "2030-01-02T12:30:00+00:00"),
        (date(2030, 1, 2), "format", ("%Y",), "2030"),
        (b"caf\xe9", "decode", ("latin-1",), "caf\u00e9"),
        (b"abc", "base64Encode", (), "YWJj"),
        ("\u00e9", "base64Encode", (), "w6k="),
        ("YWJj", "base64Decode", (), b"abc"),
        ("a b/\u00e9", "urlEncode", (), "a%20b%2F%C3%A9"),
        ("a%20b%2F%C3%A9+", "urlDecode", (), "a b/\u00e9+"),
    ],
)
def test_filters_give_a_value(value: Any, name: str, args: tuple[Any, ...], result: Any) -> None:
    """As in Hurl: each filter with what it is for."""
    found = apply_filter(Filter(name, args), value)
    assert found == result
    assert type(found) is type(result)


@pytest.mark.parametrize(
    ("value", "name", "args", "reason"),
    [
        ("abc", "count", (), "needs a list or bytes, got text"),
        (5, "count", (), "got an integer"),
        (["a"], "nth", (1,), "no item 1 in a list of 1"),
        (["a"], "nth", (-2,), "no item -2"),
        ("abc", "nth", (0,), "needs a list"),
        ("abc", "split", ("",), "not empty"),
        (["a"], "split", (",",), "needs text, got a list"),
        ("abc", "replace", ("", "x"), "not empty"),
        (5, "regex", ("5",), "needs text"),
        ("5", "regex", ("(",), "pattern"),
        ("{", "json", ("$",), "not valid JSON"),
        ("{}", "json", ("a",), "not a JSONPath"),
        (5, "json", ("$",), "needs JSON text"),
        ("1.5", "toInt", (), "not an integer"),
        (" 1 ", "toInt", (), "not an integer"),
        ("1_000", "toInt", (), "not an integer"),
        ("9" * 5000, "toInt", (), "not an integer"),
        (float("nan"), "toInt", (), "not an integer"),
        (float("inf"), "toInt", (), "not an integer"),
        (True, "toInt", (), "a boolean is not"),
        ("nan", "toFloat", (), "not a number"),
        (10**400, "toFloat", (), "too large"),
        (True, "toFloat", (), "a boolean is not"),
        ("yesterday", "toDate", (), "not a date"),
        ("1 1", "toDate", ("%d %d",), "not a date"),
        ("1", "toDate", ("%",), "not a date"),
        ("1" * 2000, "toDate", (), "too long"),
        ("2030", "format", ("%Y",), "needs a date, got text"),
        ("abc", "decode", ("utf-8",), "needs bytes"),
        (b"\xff", "decode", ("utf-8",), "byte 0 is not valid utf-8"),
        (b"abc", "decode", ("rot13",), "not a charset of text"),
        (5, "base64Encode", (), "needs bytes or text"),
        ("a\ud800", "base64Encode", (), "surrogate"),
        ("a*b=", "base64Decode", (), "not Base64"),
        ("\u00e9", "base64Decode", (), "not Base64"),
        (b"a", "urlEncode", (), "needs text"),
        ("\ud800", "urlEncode", (), "surrogate"),
        ("%FF", "urlDecode", (), "not UTF-8"),
        (MISSING, "count", (), "nothing to filter"),
    ],
)
def test_what_can_not_be_filtered_is_an_error(value: Any, name: str, args: tuple[Any, ...], reason: str) -> None:
    """The error names the filter, what it needs and what it got."""
    with pytest.raises(QueryError, match=reason) as raised:
        apply_filter(Filter(name, args), value)
    assert raised.value.query == name


@pytest.mark.parametrize(
    ("name", "args", "reason"),
    [
        ("size", (), "is not a filter; there are count nth"),
        ("count", (1,), "takes 0 arguments, got 1"),
        ("nth", (), "takes 1 arguments, got 0"),
        ("nth", ("1",), "takes an integer, got text"),
        ("nth", (True,), "takes an integer, got a boolean"),
        ("split", (5,), "takes text, got an integer"),
        ("replace", ("a",), "takes 2 arguments, got 1"),
        ("toDate", ("a", "b"), "takes 0 to 1 arguments, got 2"),
    ],
)
def test_a_filter_is_checked_without_a_reply(name: str, args: tuple[Any, ...], reason: str) -> None:
    """A slip in a file is known before anything is sent."""
    with pytest.raises(QueryError, match=reason):
        check_filter(Filter(name, args))


def test_the_filters_are_those_of_the_format() -> None:
    """All that the format names, and no others."""
    named = "count nth split replace regex json toInt toFloat toDate format decode"
    assert list(FILTERS) == [*named.split(), "base64Encode", "base64Decode", "urlEncode", "urlDecode"]


def test_a_date_without_a_zone_is_utc() -> None:
    """So that dates can be compared whatever the machine's zone is."""
    assert apply_filter(Filter("toDate"), "2030-01-02T12:30:00") == _NOON
    eastern = timezone(timedelta(hours=-5))
    assert apply_filter(Filter("toDate"), "2030-01-02T07:30:00-05:00") == _NOON.astimezone(eastern)


def test_a_chain_of_filters_can_not_fill_the_memory() -> None:
    """Replacing one letter by two, again and again, is stopped while it is still small."""
    value: Any = "a" * 1024 * 1024
    with pytest.raises(QueryError, match="would give more than"):
        for _ in range(40):
            value = apply_filter(Filter("replace", ("a", "aa")), value)


_SCALARS = (
    st.just(MISSING)
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.datetimes(timezones=st.none() | st.just(UTC))
    | st.dates()
)
_VALUES = _SCALARS | st.lists(_SCALARS, max_size=4) | st.dictionaries(st.text(), _SCALARS, max_size=4)
_ARGS = st.lists(st.text() | st.integers() | st.booleans() | st.floats(), max_size=3).map(tuple)
_FORMATS = st.lists(st.sampled_from([f"%{sign}" for sign in "aAbBcdHIjmMpSUwWxXyYzZfGuV%+-#0 E"] + list(": -5")))


@given(st.sampled_from(sorted(FILTERS)), _ARGS, _VALUES)
def test_filters_answer_or_raise_query_error(name: str, args: tuple[Any, ...], value: Any) -> None:
    """Whatever the value and the arguments, there is a result or an error that names the filter."""
    try:
        apply_filter(Filter(name, args), value)
    except QueryError as error:
        assert error.query == name


@given(_FORMATS.map("".join), st.text(alphabet="0123456789:-+TZ. aApPmM%"), st.datetimes() | st.dates() | st.times())
def test_date_formats_answer_or_raise_query_error(pattern: str, text: str, moment: Any) -> None:
    """Formats of dates are a language of their own, with traps of their own."""
    for name, value in (("toDate", text), ("format", moment)):
        try:
            apply_filter(Filter(name, (pattern,)), value)
        except QueryError as error:
            assert error.query == name


@pytest.mark.parametrize(
    ("item", "broken"),
    [
        (Filter("regex", ("(",)), True),
        (Filter("json", ("$.",)), True),
        (Filter("regex", ("a",)), False),
        (Filter("json", ("$.a",)), False),
        (Filter("split", ("(",)), False),
        (Filter("regex"), False),
    ],
)
def test_an_expression_that_can_not_be_read_is_known_before(item: Filter, broken: bool) -> None:
    """Patterns and JSONPaths are read without a reply; arguments that are missing are said elsewhere."""
    assert bool(filter_problem(item)) is broken


@pytest.mark.parametrize("length", [40, 60, 61, 199, 200, 201, 900])
@pytest.mark.parametrize(("name", "args"), [("toInt", ()), ("toFloat", ()), ("toDate", ()), ("toDate", ("sesame%Y",))])
def test_an_error_quotes_a_text_whole_or_not_at_all(name: str, args: tuple[Any, ...], length: int) -> None:
    """A secret in it is masked by its value later: half of one would not be found."""
    text = "sesame2024".ljust(length, "x")
    with pytest.raises(QueryError) as caught:
        apply_filter(Filter(name, args), text)
    assert "xx" not in caught.value.reason.replace(text, "")
