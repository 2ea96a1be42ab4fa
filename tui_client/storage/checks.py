"""`[capture.NAME]` and `[[assert]]`: a query, filters, and for asserts an operator and a value."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from tui_client.kinds import query as queries
from tui_client.kinds.filters import FILTERS, FilterSpec
from tui_client.kinds.operators import OPERATORS, OPERATORS_WITHOUT_VALUE
from tui_client.model.kinds import Query
from tui_client.model.request import Assertion, Capture, Filter
from tui_client.storage.node import Node, did_you_mean, plain

_CAPTURE_KEYS: Final = ("filters",)
_ASSERT_KEYS: Final = ("filters", "op", "value", "not", "enabled")


def read_captures(node: Node) -> tuple[Capture, ...]:
    """`[capture]`: one table for each variable."""
    return tuple(Capture(name, _query(child, _CAPTURE_KEYS), _filters(child)) for name, child in node.table().items())


def read_asserts(node: Node) -> tuple[Assertion, ...]:
    """`[[assert]]`: one table for each check."""
    return tuple(_assertion(item) for item in node.items())


def _assertion(node: Node) -> Assertion:
    table = node.table()
    query = _query(node, _ASSERT_KEYS)
    if "op" not in table:
        raise node.broken("needs 'op', say op = \"==\"")
    op = _operator(table["op"], has_value="value" in table)
    return Assertion(
        query=query,
        op=op,
        value=plain(table["value"].value) if "value" in table else None,
        filters=_filters(node),
        negated=table["not"].boolean() if "not" in table else False,
        enabled=table["enabled"].boolean() if "enabled" in table else True,
    )


def _operator(node: Node, *, has_value: bool) -> str:
    op = node.text()
    if op not in OPERATORS:
        raise node.broken(f"unknown operator {op!r}{did_you_mean(op, OPERATORS)}")
    if has_value and op in OPERATORS_WITHOUT_VALUE:
        raise node.broken(f"{op} takes no value")
    if not has_value and op not in OPERATORS_WITHOUT_VALUE:
        raise node.broken(f"{op} needs a 'value'")
    return op


def _query(node: Node, besides: Collection[str]) -> Query:
    table = node.table()
    known = queries.kinds()
    if "query" not in table:
        raise node.broken(f"needs 'query', one of {', '.join(known)}")
    name = table["query"].text()
    if name not in known:
        raise table["query"].broken(f"unknown query {name!r}{did_you_mean(name, known)}")
    return node.convert(known[name], drop=besides)


def _filters(node: Node) -> tuple[Filter, ...]:
    if "filters" not in node.value:
        return ()
    return tuple(_filter(item) for item in node.child("filters").items())


def _filter(node: Node) -> Filter:
    match plain(node.value):
        case str(name):
            args: list[Any] = []
        case [str(name), *args]:
            pass
        case _:
            raise node.broken('must be a word, "count", or a list, ["nth", 0]')
    spec = FILTERS.get(name)
    if spec is None:
        raise node.broken(f"unknown filter {name!r}{did_you_mean(name, FILTERS)}")
    if not _fits(spec, args):
        raise node.broken(f"the filter {name} takes {_wanted(spec)}")
    return Filter(name, tuple(args))


def _fits(spec: FilterSpec, args: list[Any]) -> bool:
    least = len(spec.arguments) - spec.optional
    # A boolean is an int to Python, never to TOML.
    return least <= len(args) <= len(spec.arguments) and all(
        type(arg) is kind for arg, kind in zip(args, spec.arguments, strict=False)
    )


def _wanted(spec: FilterSpec) -> str:
    words = ["a whole number" if kind is int else "text" for kind in spec.arguments]
    return (" and ".join(words) or "nothing") + (" or nothing" if spec.optional else "")
