"""Operators are typed, and say so where they can't be applied."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import QueryError
from tui_client.kinds.operators import OPERATORS, OPERATORS_WITHOUT_VALUE, apply_operator, value_problem
from tui_client.model.values import MISSING, Value

_NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
_LATER = datetime(2030, 1, 1, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("actual", "op", "value", "passed"),
    [
        (1, "==", 1, True),
        (1, "==", 1.0, True),
        (1, "==", "1", False),
        (1, "==", True, False),
        (0, "==", False, False),
        (2**53 + 1, "==", float(2**53), False),
        (None, "==", None, True),
        (None, "==", "", False),
        ("a", "==", b"a", False),
        ([1, {"a": 2.0}], "==", [1.0, {"a": 2}], True),
        ([1], "==", [True], False),
        ({"a": 1}, "==", {"a": 1, "b": 2}, False),
        (_NOON, "==", _NOON, True),
        (1, "!=", "1", True),
        (1, "!=", 1.0, False),
        (2, ">", 1.5, True),
        (2, ">=", 2, True),
        (1, "<", 2, True),
        (2, "<=", 1, False),
        ("b", ">", "a", True),
        (_LATER, ">", _NOON, True),
        (date(2030, 1, 1), "<", date(2030, 1, 2), True),
        (time(1), "<=", time(2), True),
        ("abc", "startsWith", "ab", True),
        ("abc", "endsWith", "bc", True),
        (b"\x89PNG", "startsWith", b"\x89", True),
        ("abc", "contains", "b", True),
        ([1, "a"], "contains", "a", True),
        ([1, "a"], "contains", True, False),
        ("id=42", "matches", r"^id=\d+$", True),
        ("id=", "matches", r"^id=\d+$", False),
        (None, "exists", None, True),
        (None, "isNull", None, True),
        (0, "isNull", None, False),
        ([], "isEmpty", None, True),
        ("x", "isEmpty", None, False),
        (1, "isInteger", None, True),
        (1.0, "isInteger", None, False),
        (True, "isInteger", None, False),
        (1.5, "isNumber", None, True),
        (True, "isNumber", None, False),
        ("1", "isNumber", None, False),
        ("", "isString", None, True),
        (False, "isBoolean", None, True),
        (0, "isBoolean", None, False),
        ([], "isList", None, True),
        ({}, "isObject", None, True),
        (_NOON, "isDate", None, True),
        ("2030-01-01", "isDate", None, False),
        ("123E4567-e89b-12d3-a456-426614174000", "isUuid", None, True),
        ("123e4567e89b12d3a456426614174000", "isUuid", None, False),
        ("{123e4567-e89b-12d3-a456-42661417400}", "isUuid", None, False),
        (5, "isUuid", None, False),
    ],
)
def test_operators_compare_types_and_values(actual: Any, op: str, value: Any, passed: bool) -> None:
    """Text is not a number, true is not 1, integers and floats are both numbers; `not` turns each around."""
    assert apply_operator(op, actual, value) is passed
    assert apply_operator(op, actual, value, negated=True) is not passed


@pytest.mark.parametrize(
    ("actual", "op", "value"),
    [
        (1, ">", "1"),
        ("1", "<", 1),
        (True, ">", False),
        (None, ">=", None),
        ([1], "<", [2]),
        (_NOON, "<", date(2030, 1, 1)),
        (_NOON, "<", datetime(2030, 1, 1)),
        (1, "startsWith", "1"),
        ("1", "endsWith", 1),
        (b"1", "startsWith", "1"),
        ("abc", "contains", 1),
        ({"a": 1}, "contains", "a"),
        (5, "contains", 5),
        (5, "matches", "5"),
        ("5", "matches", 5),
        ("5", "matches", "("),
        ("5", "matches", ""),
        (5, "isEmpty", None),
        (5, "=~", 5),
        (5, "", 5),
    ],
)
@pytest.mark.parametrize("negated", [False, True])
def test_what_can_not_be_applied_is_an_error(actual: Any, op: str, value: Any, negated: bool) -> None:
    """It is not a failed check, nor with `not` one that passes; the error names the operator."""
    with pytest.raises(QueryError) as raised:
        apply_operator(op, actual, value, negated=negated)
    assert raised.value.query == op


@pytest.mark.parametrize("op", sorted(OPERATORS))
def test_nothing_fails_everything_but_not_exists(op: str) -> None:
    """A query that found nothing never passes by accident: not even `!=`, not even with `not`."""
    assert apply_operator(op, MISSING, "a") is False
    assert apply_operator(op, MISSING, "a", negated=True) is (op == "exists")


def test_the_operators_are_those_of_the_format() -> None:
    """All that the format names, and which of them take no value."""
    named = "== != > >= < <= startsWith endsWith contains matches"
    alone = "exists isNull isEmpty isInteger isNumber isString isBoolean isList isObject isDate isUuid"
    assert list(OPERATORS) == [*named.split(), *alone.split()]
    assert set(alone.split()) == OPERATORS_WITHOUT_VALUE


def test_a_deep_value_is_an_error() -> None:
    """A value nested deeper than Python can follow doesn't end the program."""
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    try:
        with pytest.raises(QueryError, match="nested"):
            apply_operator("==", deep, [deep])
    finally:
        while deep:
            deep = deep.pop()


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.datetimes(timezones=st.none() | st.just(UTC))
    | st.dates()
    | st.times()
)
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=10
)


@given(st.sampled_from(sorted(OPERATORS)), st.just(MISSING) | _VALUES, _VALUES, st.booleans())
def test_operators_answer_or_raise_query_error(op: str, actual: Any, value: Any, negated: bool) -> None:
    """Whatever a reply and a file hold, the answer is yes, no, or an error that names the operator."""
    try:
        assert apply_operator(op, actual, value, negated=negated) in (True, False)
    except QueryError as error:
        assert error.query == op


@pytest.mark.parametrize(
    ("op", "value", "reason"),
    [
        ("matches", "(", "the pattern can't be used: missing )"),
        ("matches", "", "needs an expression"),
        ("matches", 5, "matches needs a pattern, got an integer"),
        ("matches", "a+", ""),
        ("contains", "(", ""),
    ],
)
def test_a_value_that_can_never_be_used_is_known_before(op: str, value: Value, reason: str) -> None:
    """Only `matches` asks anything of its value but to be there."""
    assert value_problem(op, value).startswith(reason)
    assert bool(value_problem(op, value)) is bool(reason)
