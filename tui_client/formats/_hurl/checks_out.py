"""Our captures and asserts as lines of Hurl."""

from __future__ import annotations

from typing import Final

from tui_client.formats._hurl.checks import FILTERS, QUERIES
from tui_client.formats._hurl.said import Said, quoted
from tui_client.kinds.operators import OPERATORS_WITHOUT_VALUE
from tui_client.model.kinds import Query
from tui_client.model.request import Assertion, Capture, Filter
from tui_client.model.values import Value

_QUERIES: Final = {ours: theirs for theirs, ours in QUERIES.items()}
_FILTERS: Final = {ours: theirs for theirs, ours in FILTERS.items()}


def capture_line(item: Capture, said: Said) -> str:
    """One line of [Captures], or "" where it can't be said."""
    asked = _asked(item.query, item.filters, said, f"capture {item.name}")
    if asked:
        said.captured.add(item.name)
    return f"{item.name}: {asked}" if asked else ""


def assert_line(item: Assertion, said: Said) -> str:
    """One line of [Asserts], or "" where it can't be said."""
    what = f"assert {item.query.__struct_config__.tag} {item.op}"
    asked = _asked(item.query, item.filters, said, what)
    if not asked:
        return ""
    negated = "not " * item.negated
    if item.op == "isNull":
        return f"{asked} {negated}== null"
    if item.op in OPERATORS_WITHOUT_VALUE:
        return f"{asked} {negated}{item.op}"
    value = _value(item.value, item.query, said)
    if value is None:
        said.report.dropped(said.origin, what, "its value can't be written there")
        return ""
    return f"{asked} {negated}{item.op} {value}"


def _asked(query: Query, filters: tuple[Filter, ...], said: Said, what: str) -> str:
    name = _QUERIES.get(str(query.__struct_config__.tag))
    if name is None or any(each.name not in _FILTERS for each in filters):
        said.report.dropped(said.origin, what, "there is no such query or filter there")
        return ""
    expr = getattr(query, "expr", None)
    parts = [name] if expr is None else [name, f'"{said.text(str(expr), quoted)}"']
    for each in filters:
        parts += [_FILTERS[each.name], *(_argument(one, said) for one in each.args)]
    return " ".join(parts)


def _argument(given: str | float | bool, said: Said) -> str:
    return f'"{said.text(given, quoted)}"' if isinstance(given, str) else str(given)


def _value(given: Value, query: Query, said: Said) -> str | None:
    match given:
        case bool():
            return str(given).lower()
        case int() | float():
            return str(given)
        case str() if query.__struct_config__.tag == "sha256" and "{{" not in given:
            return f"hex,{given};"
        case str() if given.startswith("{{") and given.endswith("}}") and given.count("{{") == 1 and "'" not in given:
            return said.text(given, quoted)
        case str():
            return f'"{said.text(given, quoted)}"'
    return None
