"""JSONPath (RFC 9535) over parsed JSON, bounded in time.

The library evaluates without limits, so its parser is given segments and filters that look at the clock, and
match() and search() run on patterns with a timeout. Nothing is ever evaluated as code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Final

from iregexp_check import check as is_iregexp
from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathNode
from jsonpath_rfc9535.filter_expressions import FilterContext, FilterExpression
from jsonpath_rfc9535.function_extensions import ExpressionType, FilterFunction
from jsonpath_rfc9535.parse import Parser
from jsonpath_rfc9535.query import JSONPathQuery
from jsonpath_rfc9535.segments import JSONPathChildSegment, JSONPathRecursiveDescentSegment, JSONPathSegment
from jsonpath_rfc9535.selectors import FilterSelector
from jsonpath_rfc9535.tokens import TokenStream

from tui_client.errors import QueryError
from tui_client.kinds.bounded import LIMIT_S, Deadline, OutOfTime, check_expression, out_of_time, search
from tui_client.model.values import MISSING, QueryValue

_deadline: ContextVar[Deadline] = ContextVar("jsonpath_deadline")


class _Child(JSONPathChildSegment):
    __slots__ = ()

    def resolve(self, nodes: Iterable[JSONPathNode]) -> Iterator[JSONPathNode]:
        tick = _deadline.get().tick
        for node in nodes:
            tick()
            for selector in self.selectors:
                for selected in selector.resolve(node):
                    tick()
                    yield selected


class _Descendants(JSONPathRecursiveDescentSegment):
    """Visits with a stack of its own: as deep as JSON can be, and never a RecursionError."""

    __slots__ = ()

    def resolve(self, nodes: Iterable[JSONPathNode]) -> Iterator[JSONPathNode]:
        tick = _deadline.get().tick
        for root in nodes:
            stack = [root]
            while stack:
                node = stack.pop()
                tick()
                for selector in self.selectors:
                    for selected in selector.resolve(node):
                        tick()
                        yield selected
                stack.extend(reversed(list(_containers(node))))


def _containers(node: JSONPathNode) -> Iterator[JSONPathNode]:
    if isinstance(node.value, dict):
        members: Iterable[tuple[Any, object]] = node.value.items()
    elif isinstance(node.value, list):
        members = enumerate(node.value)
    else:
        return
    for key, value in members:
        if isinstance(value, dict | list):
            yield node.new_child(value, key, node)


class _Filter(FilterExpression):
    __slots__ = ()

    def evaluate(self, context: FilterContext) -> bool:
        _deadline.get().tick()
        return super().evaluate(context)


class _Parser(Parser):
    def parse_query(self, stream: TokenStream, *, in_filter: bool = False) -> Iterator[JSONPathSegment]:
        for segment in super().parse_query(stream, in_filter=in_filter):
            kind = _Descendants if isinstance(segment, JSONPathRecursiveDescentSegment) else _Child
            yield kind(env=self.env, token=segment.token, selectors=segment.selectors)

    def parse_filter_selector(self, stream: TokenStream) -> FilterSelector:
        selector = super().parse_filter_selector(stream)
        inner = selector.expression
        selector.expression = _Filter(inner.token, inner.expression)
        return selector


class _Pattern(FilterFunction):
    """match() and search(): I-Regexp (RFC 9485), false for what isn't one."""

    arg_types: Final = [ExpressionType.VALUE, ExpressionType.VALUE]
    return_type = ExpressionType.LOGICAL

    def __init__(self, name: str, *, whole: bool) -> None:
        self.name = name
        self.whole = whole

    def __call__(self, text: object, pattern: object) -> bool:
        if not (isinstance(text, str) and isinstance(pattern, str) and is_iregexp(pattern)):
            return False
        # Grouped, so that an empty pattern is one too.
        grouped = f"(?:{_from_iregexp(pattern)})"
        left_s = _deadline.get().remaining_s()
        return search(grouped, text, self.name, whole=self.whole, limit_s=left_s) is not None


def _from_iregexp(pattern: str) -> str:
    """I-Regexp in the `regex` package's words: a dot is anything but CR and LF."""
    parts: list[str] = []
    escaped = in_class = False
    for sign in pattern:
        parts.append(r"[^\r\n]" if sign == "." and not (escaped or in_class) else sign)
        if escaped or sign == "\\":
            escaped = not escaped
        elif sign in "[]":
            in_class = sign == "["
    return "".join(parts)


class _Environment(JSONPathEnvironment):
    parser_class = _Parser

    def setup_function_extensions(self) -> None:
        super().setup_function_extensions()
        self.function_extensions["match"] = _Pattern("match()", whole=True)
        self.function_extensions["search"] = _Pattern("search()", whole=False)


_ENVIRONMENT: Final = _Environment()


@lru_cache(maxsize=256)
def _compiled(expr: str) -> JSONPathQuery:
    return _ENVIRONMENT.compile(expr)


def _usable(expr: str, name: str) -> JSONPathQuery:
    check_expression(expr, name)
    try:
        return _compiled(expr)
    except (JSONPathError, ValueError, OverflowError, RecursionError, IndexError) as error:
        raise QueryError(name, f"{expr!r} is not a JSONPath: {error}") from error


def compiled(expr: str, name: str = "json") -> JSONPathQuery:
    """The query that an expression is, for those who evaluate it themselves. Raises QueryError, for `name`."""
    return _usable(expr, name)


def expression_problem(expr: str) -> str:
    """Why a JSONPath can't be read; "" if it can."""
    try:
        _usable(expr, "json")
    except QueryError as error:
        return error.reason
    return ""


def select(expr: str, document: Any, name: str = "json") -> QueryValue:
    """What a JSONPath finds: the value of a singular query (MISSING if there is none), else the list of all.

    Raises QueryError, for `name`, for an expression that can't be read or that takes more than a second.
    """
    query = _usable(expr, name)
    with _bounded(expr, name):
        found = [node.value for node in query.finditer(document)]
    if query.singular_query():
        return _as_value(found[0]) if found else MISSING
    return found


def locate(expr: str, document: Any, name: str = "json", *, limit_s: float = LIMIT_S) -> list[tuple[int | str, ...]]:
    """Where a JSONPath finds something: the names and indices that lead there; () is the document itself.

    Raises QueryError as `select` does, for what takes more than `limit_s`.
    """
    query = _usable(expr, name)
    with _bounded(expr, name, limit_s):
        return [node.location for node in query.finditer(document)]


@contextmanager
def _bounded(expr: str, name: str, limit_s: float = LIMIT_S) -> Iterator[None]:
    token = _deadline.set(Deadline(limit_s))
    try:
        yield
    except OutOfTime as error:
        raise out_of_time(name, limit_s) from error
    except QueryError as error:
        raise QueryError(name, f"{error.query} {error.reason}") from error
    except RecursionError as error:
        raise QueryError(name, "the document or the expression is too deeply nested") from error
    except JSONPathError as error:
        raise QueryError(name, f"{expr!r} can't be applied: {error}") from error
    finally:
        _deadline.reset(token)


def _as_value(value: Any) -> QueryValue:
    """The edge where parsed JSON becomes a value of ours; it has no other types."""
    checked: QueryValue = value
    return checked
