"""Captures and asserts: queries, filters and predicates of Hurl as ours."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from tui_client.errors import QueryError
from tui_client.formats._hurl.words import Holes, Word, words
from tui_client.kinds.filters import check_filter
from tui_client.kinds.operators import OPERATORS, OPERATORS_WITHOUT_VALUE
from tui_client.kinds.query import kinds
from tui_client.model.kinds import Query
from tui_client.model.request import Assertion, Capture, Filter
from tui_client.model.values import Value

QUERIES: Final = {
    "status": "status", "version": "version", "url": "url", "header": "header", "certificate": "certificate",
    "cookie": "cookie", "body": "body", "bytes": "bytes", "xpath": "xpath", "jsonpath": "json", "regex": "regex",
    "sha256": "sha256", "duration": "duration", "redirects": "redirects",
}  # fmt: skip
FILTERS: Final = {
    "count": "count", "nth": "nth", "split": "split", "replace": "replace", "regex": "regex", "jsonpath": "json",
    "toInt": "toInt", "toFloat": "toFloat", "toDate": "toDate", "format": "format", "dateFormat": "format",
    "decode": "decode", "base64Encode": "base64Encode", "base64Decode": "base64Decode", "urlEncode": "urlEncode",
    "urlDecode": "urlDecode",
}  # fmt: skip
_ARGUMENTS: Final = {
    "nth": 1, "split": 1, "replace": 2, "regex": 1, "jsonpath": 1, "toDate": 1, "format": 1, "dateFormat": 1,
    "decode": 1,
}  # fmt: skip
_FIXED: Final = {
    "first": Filter("nth", (0,)), "last": Filter("nth", (-1,)), "utf8Decode": Filter("decode", ("utf-8",))
}  # fmt: skip
_OPERATORS: Final = {
    "equals": "==", "notEquals": "!=", "greaterThan": ">", "greaterThanOrEquals": ">=", "lessThan": "<",
    "lessThanOrEquals": "<=", "includes": "contains", "isCollection": "isList", "isIsoDate": "isDate",
}  # fmt: skip
_INTEGER: Final = re.compile(r"-?\d{1,300}")
_NUMBER: Final = re.compile(r"-?\d{1,300}(\.\d{1,300})?([eE][+-]?\d{1,3})?")
_LITERALS: Final = {"true": True, "false": False}


class CannotSay(Exception):
    """A query, a filter or a predicate that we don't have; the text is a clause."""


class _Rest:
    """Words that are taken from the front."""

    def __init__(self, found: list[Word]) -> None:
        self.words = found
        self.at = 0

    def peek(self) -> Word:
        return self.words[self.at] if self.at < len(self.words) else Word("end", "")

    def take(self) -> Word:
        word = self.peek()
        self.at += 1
        return word


def assertion(line: str, holes: Holes) -> Assertion:
    """One line of [Asserts]. Raises CannotSay."""
    head, _, several = line.partition("```")
    rest = _Rest(words(head))
    if several:
        rest.words.append(Word("text", several.rpartition("```")[0].removeprefix("\n")))
    query, filters = _query(rest, holes), _filters(rest, holes)
    negated = rest.peek() == Word("bare", "not")
    if negated:
        rest.take()
    op = rest.take()
    name = _OPERATORS.get(op.text, op.text)
    if op.kind != "bare" or name not in OPERATORS:
        raise CannotSay(f"there is no operator {op.text}")
    if op.text in ("isCollection", "isIsoDate"):
        holes.report.approximated(holes.origin, op.text, f"it is {name}")
    value = None if name in OPERATORS_WITHOUT_VALUE else _value(rest.take(), query, holes)
    if rest.peek().kind != "end":
        raise CannotSay(f"{rest.peek().text[:40]} is not understood")
    if value is None and name in ("==", "!="):
        return Assertion(query, "isNull", None, filters, negated != (name == "!="))
    if value is None and name not in OPERATORS_WITHOUT_VALUE:
        raise CannotSay("its value is missing")
    return Assertion(query, name, value, filters, negated)


def capture(name: str, line: str, holes: Holes) -> Capture:
    """One line of [Captures]. Raises CannotSay."""
    rest = _Rest(words(line))
    query, filters = _query(rest, holes), _filters(rest, holes)
    if rest.peek() == Word("bare", "redact"):
        rest.take()
        holes.report.dropped(holes.origin, f"{name}: redact", "what is captured is masked where it came from a secret")
    if rest.peek().kind != "end":
        raise CannotSay(f"{rest.peek().text[:40]} is not understood")
    return Capture(name, query, filters)


def _query(rest: _Rest, holes: Holes) -> Query:
    word = rest.take()
    ours = QUERIES.get(word.text) if word.kind == "bare" else None
    if ours is None:
        raise CannotSay(f"there is no query {word.text[:40]}")
    kind = kinds()[ours]
    if "expr" not in kind.__struct_fields__:
        return kind()
    argument = rest.take()
    if argument.kind not in ("text", "regex"):
        raise CannotSay(f"{word.text} has no text in quotes")
    return kind(expr=_pattern(argument, holes))


def _pattern(word: Word, holes: Holes) -> str:
    return holes.text(word.text)


def _filters(rest: _Rest, holes: Holes) -> tuple[Filter, ...]:
    found: list[Filter] = []
    while True:
        word = rest.peek()
        if word.kind != "bare" or word.text in ("not", "redact") or word.text in OPERATORS or word.text in _OPERATORS:
            return tuple(found)
        rest.take()
        if word.text in _FIXED:
            found.append(_FIXED[word.text])
            continue
        if word.text not in FILTERS:
            raise CannotSay(f"there is no filter or operator {word.text[:40]}")
        found.append(_filter(word.text, [rest.take() for _ in range(_ARGUMENTS.get(word.text, 0))], holes))


def _filter(name: str, given: list[Word], holes: Holes) -> Filter:
    made = Filter(
        FILTERS[name],
        tuple(
            int(word.text) if word.kind == "bare" and _INTEGER.fullmatch(word.text) else holes.text(word.text)
            for word in given
        ),
    )
    try:
        check_filter(made)
    except QueryError as error:
        raise CannotSay(f"{name} {error.reason}") from error
    return made


def _value(word: Word, query: Query, holes: Holes) -> Value:
    match word.kind:
        case "text" | "regex" | "hole":
            return holes.text(word.text)
        case "data":
            return _data(word.text, query)
        case "bare" if word.text in _LITERALS:
            return _LITERALS[word.text]
        case "bare" if word.text == "null":
            return None
        case "bare" if _INTEGER.fullmatch(word.text):
            return int(word.text)
        case "bare" if _NUMBER.fullmatch(word.text):
            return float(word.text)
    raise CannotSay(f"the value {word.text[:40]} is not understood")


def _data(text: str, query: Query) -> str:
    if query.__struct_config__.tag != "sha256":
        raise CannotSay("bytes can't be compared here")
    return bytes_of(text).hex()


def bytes_of(text: str) -> bytes:
    """The bytes of `hex,…;` or `base64,…;`. Raises CannotSay."""
    kind, _, rest = text.strip().rstrip(";").partition(",")
    plain = "".join(rest.split())
    try:
        return bytes.fromhex(plain) if kind == "hex" else base64.b64decode(plain, validate=True)
    except (ValueError, binascii.Error) as error:
        raise CannotSay(f"it is no {kind}") from error
