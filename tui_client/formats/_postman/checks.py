"""Test scripts that only check the reply and keep parts of it, as our asserts and captures."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

import msgspec

from tui_client.formats._templates import literal, variable_name
from tui_client.kinds.query.body import BodyText
from tui_client.kinds.query.duration import Duration
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json
from tui_client.kinds.query.status import Status
from tui_client.model.kinds import Query
from tui_client.model.request import Assertion, Capture
from tui_client.model.values import Value

_MOST: Final = 20_000  # characters; what is longer does more
_MOST_GAPS: Final = 8


class Checks(msgspec.Struct, frozen=True):
    """What a script comes to."""

    asserts: tuple[Assertion, ...] = ()
    captures: tuple[Capture, ...] = ()

    def and_then(self, other: Checks) -> Checks:
        """Both, one after the other."""
        return Checks((*self.asserts, *other.asserts), (*self.captures, *other.captures))

    def told(self) -> str:
        """In words: "2 asserts and 1 capture"."""
        counts = ((len(self.asserts), "assert"), (len(self.captures), "capture"))
        return " and ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count)


_STRING: Final = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`)"""
_NAME: Final = r"[A-Za-z_$][\w$]*"
_STEPS: Final = rf"(?:\.{_NAME}|\[\d{{1,9}}\]|\[{_STRING}\])*"
_REPLY: Final = r"(?:pm\.response\.json\(\)|JSON\.parse\(\s*(?:responseBody|pm\.response\.text\(\))\s*\))"
_VALUE: Final = rf"(?P<root>{_REPLY}|{_NAME})(?P<steps>{_STEPS})"
_LITERAL: Final = rf"(?P<literal>{_STRING}|-?\d{{1,15}}(?:\.\d{{1,15}})?|true|false|null)"
_EQUAL: Final = r"(?:eql|equal|equals|eq|deep\.equal)"
_END: Final = r"\s*;?"
_STORE: Final = (
    rf"(?:pm\.(?:environment|collectionVariables|globals|variables)\.set|postman\.set(?:Environment|Global)Variable)"
    rf"\(\s*(?P<name>{_STRING})\s*,\s*{_VALUE}\s*\)"
)
_TYPES: Final = {
    "string": "isString",
    "number": "isNumber",
    "boolean": "isBoolean",
    "array": "isList",
    "object": "isObject",
}
_ORDERS: Final = {
    "above": ">", "greaterThan": ">", "gt": ">", "least": ">=", "gte": ">=",
    "below": "<", "lessThan": "<", "lt": "<", "most": "<=", "lte": "<=",
}  # fmt: skip
_ORDER: Final = rf"(?:be\.)?(?:at\.)?(?P<order>{'|'.join(_ORDERS)})\(\s*(?P<number>\d{{1,15}}(?:\.\d{{1,15}})?)\s*\)"
_BLANK: Final = re.compile(r"(?:\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/|;)*")
_OPEN: Final = re.compile(rf"pm\.test\(\s*{_STRING}\s*,\s*(?:function\s*\(\s*\)|\(\s*\)\s*=>)\s*\{{")
_SHORT: Final = re.compile(rf"pm\.test\(\s*{_STRING}\s*,\s*\(\s*\)\s*=>\s*(?=[A-Za-z])")
_SHORT_END: Final = re.compile(r"\s*\)(?:\s*;)?")
_CLOSE: Final = re.compile(r"\}\s*\)(?:\s*;)?")


class _NotCovered(Exception):
    """The script says more."""


class _Script(msgspec.Struct):
    """What is known so far: names that stand for parts of the reply, by the JSONPath."""

    names: list[dict[str, str]]
    asserts: list[Assertion]
    captures: list[Capture]

    def path(self, match: re.Match[str]) -> str:
        root = match["root"]
        start = "$" if "(" in root else next((scope[root] for scope in reversed(self.names) if root in scope), None)
        if start is None:
            raise _NotCovered
        return start + _steps(match["steps"])


Rule = Callable[[_Script, re.Match[str]], None]


def understood(script: str) -> Checks | None:
    """The checks and captures that all of a script comes to, or None."""
    if len(script) > _MOST:
        return None
    state = _Script([{}], [], [])
    try:
        _read(script, state)
    except _NotCovered:
        return None
    return Checks(tuple(state.asserts), tuple(state.captures)) if state.asserts or state.captures else None


def _read(script: str, state: _Script) -> None:
    at = _skip(script, 0)
    while at < len(script):
        if (opened := _OPEN.match(script, at)) is not None and len(state.names) == 1:
            state.names.append({})
            at = opened.end()
        elif (closed := _CLOSE.match(script, at)) is not None and len(state.names) > 1:
            state.names.pop()
            at = closed.end()
        elif (short := _SHORT.match(script, at)) is not None and len(state.names) == 1:
            at = _short_test(script, short.end(), state)
        else:
            at = _statement(script, at, state)
        at = _skip(script, at)
    if len(state.names) > 1:
        raise _NotCovered


def _short_test(script: str, at: int, state: _Script) -> int:
    """A test of one statement: pm.test("…", () => …)."""
    end = _SHORT_END.match(script, _statement(script, at, state))
    if end is None:
        raise _NotCovered
    return end.end()


def _skip(script: str, at: int) -> int:
    blank = _BLANK.match(script, at)
    return blank.end() if blank else at


def _statement(script: str, at: int, state: _Script) -> int:
    for pattern, rule in _RULES:
        if (match := pattern.match(script, at)) is not None:
            rule(state, match)
            return match.end()
    raise _NotCovered


def _text(written: str) -> str:
    """A string of JavaScript; one with escapes that JSON doesn't know is not covered."""
    inner = written[1:-1]
    if "\\" not in inner:
        return inner
    if written[0] != '"':
        raise _NotCovered
    return str(_read_json(written))


def _read_json(written: str) -> Value:
    try:
        value: Value = json.loads(written)
    except ValueError:
        raise _NotCovered from None
    return value


def _literal(written: str) -> Value:
    if written[0] in "\"'`":
        return literal(_text(written))
    return _read_json(written)


def _steps(written: str) -> str:
    out: list[str] = []
    for step in re.finditer(rf"\.({_NAME})|\[(\d+)\]|\[({_STRING})\]", written):
        name = step[1] if step[1] is not None else None
        if step[2] is not None:
            out.append(f"[{int(step[2])}]")
            continue
        name = _text(step[3]) if name is None else name
        if name == "length":
            raise _NotCovered  # of a text it is something else than of a list
        out.append(f".{name}" if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) else literal(_bracket(name)))
    return "".join(out)


def _bracket(name: str) -> str:
    return "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']"


def _alias(state: _Script, match: re.Match[str]) -> None:
    state.names[-1][match["alias"]] = state.path(match)


def _status(state: _Script, match: re.Match[str]) -> None:
    state.asserts.append(Assertion(Status(), "==", int(match["status"])))


def _success(state: _Script, _: re.Match[str]) -> None:
    state.asserts += [Assertion(Status(), ">=", 200), Assertion(Status(), "<", 300)]


def _one_of(state: _Script, match: re.Match[str]) -> None:
    allowed = sorted({int(each) for each in match["statuses"].split(",")})
    if len(allowed) == 1:
        state.asserts.append(Assertion(Status(), "==", allowed[0]))
        return
    gaps = sorted(set(range(allowed[0], allowed[-1])) - set(allowed)) if allowed[-1] < 1000 else [0] * (_MOST_GAPS + 1)
    if len(gaps) > _MOST_GAPS:
        raise _NotCovered
    state.asserts += [Assertion(Status(), ">=", allowed[0]), Assertion(Status(), "<=", allowed[-1])]
    state.asserts += [Assertion(Status(), "!=", gap) for gap in gaps]


def _duration(state: _Script, match: re.Match[str]) -> None:
    state.asserts.append(Assertion(Duration(), _ORDERS[match["order"]], _literal(match["number"])))


def _header(state: _Script, match: re.Match[str]) -> None:
    query = Header(literal(_text(match["header"])))
    value = match["value"]
    state.asserts.append(Assertion(query, "exists") if value is None else Assertion(query, "==", _literal(value)))


def _header_value(state: _Script, match: re.Match[str]) -> None:
    op = "contains" if match["word"] in ("include", "contain") else "=="
    state.asserts.append(Assertion(Header(literal(_text(match["header"]))), op, _literal(match["value"])))


def _body(state: _Script, match: re.Match[str]) -> None:
    state.asserts.append(Assertion(BodyText(), "contains", _literal(match["value"])))


def _json(op: str) -> Rule:
    def rule(state: _Script, match: re.Match[str]) -> None:
        state.asserts.append(Assertion(_at(state.path(match)), op, _literal(match["literal"])))

    return rule


def _json_is(op: str, value: Value = None) -> Rule:
    def rule(state: _Script, match: re.Match[str]) -> None:
        state.asserts.append(Assertion(_at(state.path(match)), op, value))

    return rule


def _exists(state: _Script, match: re.Match[str]) -> None:
    query = _at(state.path(match))
    state.asserts += [Assertion(query, "exists"), Assertion(query, "isNull", negated=True)]


def _typed(state: _Script, match: re.Match[str]) -> None:
    op = _TYPES.get(_text(match["type"]))
    if op is None:
        raise _NotCovered
    state.asserts.append(Assertion(_at(state.path(match)), op))


def _property(state: _Script, match: re.Match[str]) -> None:
    name = _text(match["property"])
    if name == "length":
        raise _NotCovered
    query = _at(f"{state.path(match)}{literal(_bracket(name))}")
    value = match["value"]
    state.asserts.append(Assertion(query, "exists") if value is None else Assertion(query, "==", _literal(value)))


def _compared(state: _Script, match: re.Match[str]) -> None:
    state.asserts.append(Assertion(_at(state.path(match)), _ORDERS[match["order"]], _literal(match["number"])))


def _captured(state: _Script, match: re.Match[str]) -> None:
    name = variable_name(_text(match["name"]))
    # Whoever sets a variable twice means the second value.
    state.captures[:] = [each for each in state.captures if each.name != name]
    state.captures.append(Capture(name, _at(state.path(match))))


def _at(path: str) -> Query:
    return Json(path)


def _rules(*pairs: tuple[str, Rule]) -> tuple[tuple[re.Pattern[str], Rule], ...]:
    return tuple((re.compile(pattern + _END), rule) for pattern, rule in pairs)


_CODE: Final = r"pm\.expect\(\s*pm\.response\.code\s*\)\.to\."
_EXPECT: Final = rf"pm\.expect\(\s*{_VALUE}\s*\)\.to\."
_RULES: Final = _rules(
    (rf"(?:var|let|const)\s+(?P<alias>{_NAME})\s*=\s*{_VALUE}(?=\s*(?:[;\n]|$))", _alias),
    (r"pm\.response\.to\.have\.status\(\s*(?P<status>\d{3})\s*\)", _status),
    (r"pm\.response\.to\.be\.success(?![\w.(])", _success),
    (rf"{_CODE}(?:be\.)?{_EQUAL}\(\s*(?P<status>\d{{3}})\s*\)", _status),
    (rf"{_CODE}be\.oneOf\(\s*\[(?P<statuses>\s*\d{{3}}\s*(?:,\s*\d{{3}}\s*){{0,20}})\]\s*\)", _one_of),
    (rf"tests\[{_STRING}\]\s*=\s*responseCode\.code\s*={{2,3}}\s*(?P<status>\d{{3}})", _status),
    (rf"tests\[{_STRING}\]\s*=\s*{_VALUE}\s*===\s*{_LITERAL}", _json("==")),
    (
        r"pm\.expect\(\s*\[(?P<statuses>\s*\d{3}\s*(?:,\s*\d{3}\s*){0,20})\]\s*\)\.to\.include"
        r"\(\s*pm\.response\.code\s*\)",
        _one_of,
    ),
    (rf"pm\.expect\(\s*pm\.response\.responseTime\s*\)\.to\.{_ORDER}", _duration),
    (
        rf"pm\.response\.to\.have\.header\(\s*(?P<header>{_STRING})\s*(?:,\s*(?P<value>{_STRING})\s*)?\)",
        _header,
    ),
    (
        rf"pm\.expect\(\s*pm\.response\.headers\.get\(\s*(?P<header>{_STRING})\s*\)\s*\)\.to\."
        rf"(?:be\.)?(?P<word>include|contain|{_EQUAL})\(\s*(?P<value>{_STRING})\s*\)",
        _header_value,
    ),
    (rf"pm\.expect\(\s*pm\.response\.text\(\)\s*\)\.to\.(?:include|contain)\(\s*(?P<value>{_STRING})\s*\)", _body),
    (rf"{_EXPECT}(?:be\.)?{_EQUAL}\(\s*{_LITERAL}\s*\)", _json("==")),
    (rf"{_EXPECT}(?:include|contain)\(\s*{_LITERAL}\s*\)", _json("contains")),
    (rf"{_EXPECT}be\.true(?![\w.(])", _json_is("==", True)),
    (rf"{_EXPECT}be\.false(?![\w.(])", _json_is("==", False)),
    (rf"{_EXPECT}be\.null(?![\w.(])", _json_is("isNull")),
    (rf"{_EXPECT}(?:be\.)?exist(?![\w.(])", _exists),
    (rf"{_EXPECT}be\.an?\(\s*(?P<type>{_STRING})\s*\)", _typed),
    (rf"{_EXPECT}have\.property\(\s*(?P<property>{_STRING})\s*(?:,\s*(?P<value>{_STRING})\s*)?\)", _property),
    (rf"{_EXPECT}{_ORDER}", _compared),
    (_STORE, _captured),
)
