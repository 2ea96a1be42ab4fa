"""Our asserts and captures as a test script, in the words that are read back as the same."""

from __future__ import annotations

import json
import re
from typing import Final

from tui_client.formats._postman.words import Words
from tui_client.kinds.query.body import BodyText
from tui_client.kinds.query.duration import Duration
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json
from tui_client.kinds.query.status import Status
from tui_client.model.request import Assertion, Capture
from tui_client.model.values import Value

_PATH: Final = re.compile(r"\$((?:\.[A-Za-z_]\w*|\[[0-9]+\]|\['[^'\\\n]*'\])*)", re.ASCII)
_ORDERS: Final = {">": "above", ">=": "least", "<": "below", "<=": "most"}
_TYPES: Final = {"isString": "string", "isNumber": "number", "isBoolean": "boolean", "isList": "array"}


def write_script(asserts: tuple[Assertion, ...], captures: tuple[Capture, ...], words: Words) -> list[str]:
    """The lines of the script; what it can't say is reported."""
    lines: list[str] = []
    for assertion in asserts:
        checked = _assertion(assertion) if _is_plain(assertion) else None
        if checked is None:
            words.dropped(f"assert {type(assertion.query).__name__} {assertion.op}", "the script can't say it simply")
        else:
            name, code = checked
            lines += [f"pm.test({_quoted(name)}, function () {{", f"    {code};", "});"]
    for capture in captures:
        value = _value(capture.query) if not capture.filters else None
        if value is None:
            words.dropped(f"capture {capture.name}", "the script can't say it simply")
        else:
            lines.append(f"pm.collectionVariables.set({_quoted(capture.name)}, {value});")
    return lines


def _is_plain(assertion: Assertion) -> bool:
    return assertion.enabled and not assertion.negated and not assertion.filters and "{{" not in str(assertion.value)


def _assertion(assertion: Assertion) -> tuple[str, str] | None:
    query, op, value = assertion.query, assertion.op, assertion.value
    number = _number(value)
    match query:
        case Status() if op == "==" and re.fullmatch("[0-9]{3}", number):
            return f"Status is {number}", f"pm.response.to.have.status({number})"
        case Duration() if op in _ORDERS and number:
            return f"Time {op} {number} ms", f"pm.expect(pm.response.responseTime).to.{_order(op, number)}"
        case Header(expr=name) if op == "exists":
            return f"{name} is there", f"pm.response.to.have.header({_quoted(name)})"
        case Header(expr=name) if op in ("==", "contains") and isinstance(value, str):
            word = "eql" if op == "==" else "include"
            code = f"pm.expect(pm.response.headers.get({_quoted(name)})).to.{word}({_quoted(value)})"
            return f"{name} {op} {value}", code
        case BodyText() if op == "contains" and isinstance(value, str):
            return "Body contains the text", f"pm.expect(pm.response.text()).to.include({_quoted(value)})"
        case Json(expr=expr):
            check = _json_check(query, assertion)
            return None if check is None else (f"{expr} {op}", check)
        case _:
            return None


def _json_check(query: Json, assertion: Assertion) -> str | None:
    value, op = _value(query), assertion.op
    if value is None:
        return None
    expected = assertion.value
    simple = expected is None or isinstance(expected, str | bool | int | float)
    number = _number(expected)
    if op == "==" and simple:
        return f"pm.expect({value}).to.eql({json.dumps(expected)})"
    if op == "contains" and simple:
        return f"pm.expect({value}).to.include({json.dumps(expected)})"
    if op in _ORDERS and number:
        return f"pm.expect({value}).to.{_order(op, number)}"
    if op == "isNull":
        return f"pm.expect({value}).to.be.null"
    return f"pm.expect({value}).to.be.a({_quoted(_TYPES[op])})" if op in _TYPES else None


def _number(value: Value) -> str:
    """A number as both languages write it; "" for all else."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _order(op: str, number: str) -> str:
    return f"be.{'at.' if op.endswith('=') else ''}{_ORDERS[op]}({number})"


def _value(query: object) -> str | None:
    """A part of a JSON reply in JavaScript."""
    match = _PATH.fullmatch(query.expr) if isinstance(query, Json) else None
    return None if match is None or "{{" in match[1] else f"pm.response.json(){match[1]}"


def _quoted(text: str) -> str:
    return json.dumps(text)
