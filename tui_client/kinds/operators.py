"""The operators of asserts: typed, so that "1" is not 1 and true is not 1.

What can't be compared at all ("a" > 1) is a QueryError, not a failed check. A query that found nothing fails every
operator but `exists`, with and without `not`, as in Hurl.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any, Final, TypeAlias
from uuid import UUID

from tui_client.errors import QueryError
from tui_client.kinds.bounded import pattern_problem, search
from tui_client.model.values import MISSING, Missing, QueryValue, Value

MOST_QUOTED: Final = 200

Operator: TypeAlias = Callable[[Value, Value], bool]

_TYPE_NAMES: Final = (
    (bool, "a boolean"), (int, "an integer"), (float, "a number"), (str, "text"), (bytes, "bytes"), (list, "a list"),
    (dict, "an object"), (datetime, "a date with time"), (date, "a date"), (time, "a time"),
)  # fmt: skip


def type_name(value: QueryValue) -> str:
    """What a value is, in words: "text", "a list", "null"."""
    if isinstance(value, Missing):
        return "nothing"
    return next((name for kind, name in _TYPE_NAMES if isinstance(value, kind)), "null")


def quoted(text: str) -> str:
    """A text for a message: all of it, or none of a long one. Half of a secret would not be known as one."""
    return repr(text) if len(text) <= MOST_QUOTED else f"a text of {len(text):,} characters"


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def same(left: Any, right: Any) -> bool:
    """Equal in type and value, all the way down; integers and floats are both numbers."""
    if _is_number(left) and _is_number(right):
        return bool(left == right)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    return type(left) is type(right) and bool(left == right)


def _cannot(name: str, actual: Value, value: Value) -> QueryError:
    return QueryError(name, f"can't be applied to {type_name(actual)} and {type_name(value)}")


def _ordered(name: str, compare: Callable[[Any, Any], bool]) -> Operator:
    def apply(actual: Value, value: Value) -> bool:
        comparable = (_is_number(actual) and _is_number(value)) or (
            type(actual) is type(value) and isinstance(actual, str | date | time)
        )
        if not comparable:
            raise _cannot(name, actual, value)
        try:
            return bool(compare(actual, value))
        except (TypeError, OverflowError) as error:
            raise QueryError(name, "a date with a zone can't be compared with one without") from error

    return apply


def _starts_with(actual: Value, value: Value) -> bool:
    if isinstance(actual, str) and isinstance(value, str):
        return actual.startswith(value)
    if isinstance(actual, bytes) and isinstance(value, bytes):
        return actual.startswith(value)
    raise _cannot("startsWith", actual, value)


def _ends_with(actual: Value, value: Value) -> bool:
    if isinstance(actual, str) and isinstance(value, str):
        return actual.endswith(value)
    if isinstance(actual, bytes) and isinstance(value, bytes):
        return actual.endswith(value)
    raise _cannot("endsWith", actual, value)


def _contains(actual: Value, value: Value) -> bool:
    if isinstance(actual, str) and isinstance(value, str):
        return value in actual
    if isinstance(actual, bytes) and isinstance(value, bytes):
        return value in actual
    if isinstance(actual, list):
        return any(same(item, value) for item in actual)
    raise _cannot("contains", actual, value)


def _matches(actual: Value, value: Value) -> bool:
    if not (isinstance(actual, str) and isinstance(value, str)):
        raise _cannot("matches", actual, value)
    return search(value, actual, "matches") is not None


def _is_empty(actual: Value, _: Value) -> bool:
    if not isinstance(actual, str | bytes | list | dict):
        raise QueryError("isEmpty", f"can't be applied to {type_name(actual)}")
    return not actual


def _is_uuid(actual: Value, _: Value) -> bool:
    if not isinstance(actual, str) or len(actual) != 36:
        return False
    try:
        return str(UUID(actual)) == actual.lower()
    except ValueError:
        return False


def _type_test(*kinds: type) -> Operator:
    return lambda actual, _: isinstance(actual, kinds) and (bool in kinds or not isinstance(actual, bool))


OPERATORS: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        "==": same,
        "!=": lambda actual, value: not same(actual, value),
        ">": _ordered(">", operator.gt),
        ">=": _ordered(">=", operator.ge),
        "<": _ordered("<", operator.lt),
        "<=": _ordered("<=", operator.le),
        "startsWith": _starts_with,
        "endsWith": _ends_with,
        "contains": _contains,
        "matches": _matches,
        "exists": lambda _actual, _value: True,
        "isNull": lambda actual, _: actual is None,
        "isEmpty": _is_empty,
        "isInteger": _type_test(int),
        "isNumber": _type_test(int, float),
        "isString": _type_test(str),
        "isBoolean": _type_test(bool),
        "isList": _type_test(list),
        "isObject": _type_test(dict),
        "isDate": _type_test(date),
        "isUuid": _is_uuid,
    }
)

OPERATORS_WITHOUT_VALUE: Final = frozenset(name for name in OPERATORS if name == "exists" or name.startswith("is"))


def value_problem(op: str, value: Value) -> str:
    """Why an operator can never be applied to this value, templates filled in; "" if it can."""
    if op != "matches":
        return ""
    return pattern_problem(value) if isinstance(value, str) else f"matches needs a pattern, got {type_name(value)}"


def apply_operator(op: str, actual: QueryValue, value: Value, *, negated: bool = False) -> bool:
    """Whether the check passes. Raises QueryError for an unknown operator and for what it can't be applied to."""
    function = OPERATORS.get(op)
    if function is None:
        raise QueryError(op, f"is not an operator; there are {' '.join(OPERATORS)}")
    if actual is MISSING:
        return op == "exists" and negated
    try:
        return function(actual, value) is not negated
    except RecursionError as error:
        raise QueryError(op, "the value is too deeply nested") from error
