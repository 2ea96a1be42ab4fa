"""Bruno's asserts and the variables it takes from replies, as our asserts and captures where they mean the same."""

from __future__ import annotations

import json
import re
from typing import Final

from tui_client.formats._bruno.place import Place
from tui_client.formats._templates import variable_name
from tui_client.formats._values import Table, text
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json
from tui_client.kinds.query.status import Status
from tui_client.model.kinds import Query
from tui_client.model.request import Assertion, Capture, Filter
from tui_client.model.values import Value

_STATUS: Final = ("res.status", "res.getStatus()", "res.statusCode")
_HEADER: Final = re.compile(
    r"""res\.(?:headers?\.([\w-]+)|headers?\[["']([^"'\[\]]+)["']\]|getHeader\(["']([^"'()]+)["']\))"""
)
_BODY: Final = re.compile(r"res\.(?:body|getBody\(\))")
_STEP: Final = re.compile(r"""\.([A-Za-z_$][\w$-]*)|\[(\d{1,9})\]|\[["']([^"'\\\[\]]*)["']\]""")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_WITH_VALUE: Final = {
    "eq": ("==", False), "neq": ("!=", False), "gt": (">", False), "gte": (">=", False), "lt": ("<", False),
    "lte": ("<=", False), "contains": ("contains", False), "notContains": ("contains", True),
    "startsWith": ("startsWith", False), "endsWith": ("endsWith", False),
}  # fmt: skip
_ALONE: Final = {
    "isEmpty": ("isEmpty", False), "isNotEmpty": ("isEmpty", True), "isNull": ("isNull", False),
    "isUndefined": ("exists", True), "isDefined": ("exists", False), "isNumber": ("isNumber", False),
    "isString": ("isString", False), "isBoolean": ("isBoolean", False), "isArray": ("isList", False),
}  # fmt: skip
OPERATORS: Final = {ours: word for word, ours in reversed([*_WITH_VALUE.items(), *_ALONE.items()])}


def query_of(expression: str) -> Query | None:
    """What an expression asks of the reply, None if we can't ask that."""
    expression = expression.strip()
    if expression in _STATUS:
        return Status()
    if match := _HEADER.fullmatch(expression):
        return Header(match[1] or match[2] or match[3])
    begins = _BODY.match(expression)
    if begins is None or begins.end() == len(expression):
        return None
    path, at = ["$"], begins.end()
    while at < len(expression):
        step = _STEP.match(expression, at)
        if step is None or step[1] == "length":
            return None
        path.append(f"[{step[2]}]" if step[2] is not None else _member(step[1] if step[1] is not None else step[3]))
        at = step.end()
    return Json("".join(path))


def expression_of(query: Query) -> str:
    """What Bruno calls it; "" for what it can't be sure to find."""
    match query:
        case Status():
            written = "res.status"
        case Header():
            written = f'res.headers["{query.expr}"]'
        case Json():
            written = f"res.body{query.expr.removeprefix('$')}"
        case _:
            return ""
    return written if query_of(written) == query else ""


def _member(name: str) -> str:
    return f".{name}" if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) else f"[{json.dumps(name, ensure_ascii=False)}]"


def read_asserts(given: list[Table], place: Place) -> tuple[tuple[Assertion, ...], list[str]]:
    """Ours, and the lines of those that we don't have."""
    made: list[Assertion] = []
    left = []
    for row in given:
        found = _assertion(row, place)
        made += found
        if not found:
            mark = "" if row.get("enabled", True) else "~"
            left.append(f"{mark}{text(row.get('name'))}: {text(row.get('value'))}")
    if made:
        place.imported("assert", f"became {len(made)} of ours")
    return tuple(made), left


def _assertion(row: Table, place: Place) -> list[Assertion]:
    query = query_of(text(row.get("name")))
    if query is None:
        return []
    enabled = row.get("enabled", True) is not False
    op, _, value = text(row.get("value")).strip().partition(" ")
    if op not in _WITH_VALUE and op not in _ALONE and op not in ("between", "length"):
        return [] if op in _ELSEWHERE else [Assertion(query, "==", _value(f"{op} {value}", place), enabled=enabled)]
    if op in _ALONE:
        ours, negated = _ALONE[op]
        return [Assertion(query, ours, negated=negated, enabled=enabled)]
    if op == "between":
        low, _, high = value.partition(",")
        ends = ((">=", low), ("<=", high))
        return [Assertion(query, ours, _value(end, place), enabled=enabled) for ours, end in ends]
    if op == "length":
        return [Assertion(query, "==", _value(value, place), (Filter("count"),), enabled=enabled)]
    ours, negated = _WITH_VALUE[op]
    return [Assertion(query, ours, _value(value, place), negated=negated, enabled=enabled)]


_ELSEWHERE: Final = frozenset(["in", "notIn", "matches", "notMatches", "isTruthy", "isFalsy", "isJson", "isNotJson"])


def _value(written: str, place: Place) -> Value:
    """A value as Bruno reads it: words of JavaScript, numbers, quoted text, else text."""
    written = written.strip()
    if written in ("true", "false", "null"):
        return {"true": True, "false": False}.get(written)
    if match := _NUMBER.fullmatch(written):
        return float(written) if match[1] else int(written)
    if len(written) > 1 and written[0] == written[-1] and written[0] in "\"'":
        written = written[1:-1]
    return place.template(written)


def read_captures(given: list[Table], place: Place) -> tuple[tuple[Capture, ...], list[str]]:
    """Ours, and the lines of those that we don't have."""
    made, left = {}, []
    for row in given:
        name, expression = text(row.get("name")), text(row.get("value"))
        query = query_of(expression) if row.get("enabled", True) is not False else None
        if query is None or variable_name(name) in made:
            left.append(f"{'' if row.get('enabled', True) else '~'}{name}: {expression}")
            continue
        made[variable_name(name)] = Capture(variable_name(name), query)
        place.imported(f"vars:post-response {name}", "became a capture")
    return tuple(made.values()), left
