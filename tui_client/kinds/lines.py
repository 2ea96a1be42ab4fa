"""Asserts and captures as one line of text, in Hurl's manner: `json "$.tags" count >= 1`, `token: json "$.token"`.

`query ["expr"] filter* [not] op [value]`. Words may be bare; anything else is quoted as in JSON. A filter with
arguments is written `nth(0)`.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

import msgspec

from tui_client.errors import UsageError
from tui_client.kinds import query as query_kinds
from tui_client.kinds.filters import FILTERS
from tui_client.kinds.operators import OPERATORS, OPERATORS_WITHOUT_VALUE
from tui_client.model.kinds import Query
from tui_client.model.request import Assertion, Capture, Filter
from tui_client.model.values import Value

_TOKEN: Final = re.compile(
    r'\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<call>[A-Za-z]\w*\((?:[^()"]|"(?:[^"\\]|\\.)*")*\))|(?P<word>[^\s"]+))',
    re.DOTALL,
)


def print_assertion(assertion: Assertion) -> str:
    """One line that `parse_assertion` reads back to the same value."""
    words = [*_query_words(assertion.query), *map(_filter_word, assertion.filters)]
    words += ["not"] if assertion.negated else []
    words.append(assertion.op)
    if assertion.op not in OPERATORS_WITHOUT_VALUE:
        words.append(_value_text(assertion.value))
    return " ".join(words)


def print_capture(capture: Capture) -> str:
    """One line that `parse_capture` reads back to the same value."""
    words = [f"{capture.name}:", *_query_words(capture.query), *map(_filter_word, capture.filters)]
    return " ".join(words)


def parse_assertion(text: str) -> Assertion:
    """Read one line. Raises UsageError, whose reason says what was expected."""
    words = _words(text)
    query = _take_query(words)
    filters = _take_filters(words)
    negated = bool(words) and words[0] == "not"
    if negated:
        words.pop(0)
    if not words:
        raise UsageError(f"An operator is missing: {', '.join(OPERATORS)}.")
    op = words.pop(0)
    if op not in OPERATORS:
        raise UsageError(f"{op} is neither a filter nor an operator. Operators: {', '.join(OPERATORS)}.")
    value = None if op in OPERATORS_WITHOUT_VALUE else _take_value(op, words)
    if words:
        raise UsageError(f"Nothing is expected after {op}: {' '.join(words)}. Put text with blanks into quotes.")
    return Assertion(query, op, value, filters, negated)


def parse_capture(text: str) -> Capture:
    """Read one line `name: query filter*`. Raises UsageError."""
    name, colon, rest = text.partition(":")
    if not colon or not re.fullmatch(r"[\w.-]+", name.strip()):
        raise UsageError('Write a name, a colon and a query: token: json "$.token"')
    words = _words(rest)
    query = _take_query(words)
    filters = _take_filters(words)
    if words:
        raise UsageError(f"{words[0]} is not a filter. Filters: {', '.join(FILTERS)}.")
    return Capture(name.strip(), query, filters)


def _words(text: str) -> list[str]:
    words, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise UsageError(f"A quote is not closed: {text[at:].strip()}")
        words.append(match[0].strip())
        at = match.end()
    return words


def _take_query(words: list[str]) -> Query:
    kinds = query_kinds.kinds()
    if not words or words[0] not in kinds:
        raise UsageError(f"Begin with what to look at: {', '.join(kinds)}.")
    kind = kinds[words.pop(0)]
    fields = [field for field in msgspec.structs.fields(kind) if field.name != "query"]
    given: dict[str, str] = {}
    for field in fields:
        if field.required:
            if not words:
                raise UsageError(f"{kind.title} needs {field.name}, as {_example(kind)}.")
            given[field.name] = _text(words.pop(0))
    return kind(**given)


def _example(kind: type[Query]) -> str:
    return 'json "$.id"' if "json" in kind.__name__.lower() else 'header "Content-Type"'


def _take_filters(words: list[str]) -> tuple[Filter, ...]:
    found = []
    while words and (name := words[0].partition("(")[0]) in FILTERS:
        inside = words.pop(0)[len(name) :].strip("()")
        try:
            args = json.loads(f"[{inside}]")
        except ValueError as error:
            raise UsageError(f'The arguments of {name} are numbers or quoted text: {name}(0), {name}(",").') from error
        found.append(Filter(name, tuple(args)))
    return tuple(found)


def _take_value(op: str, words: list[str]) -> Value:
    if not words:
        raise UsageError(f"{op} needs a value.")
    word = words.pop(0)
    if word[0] in "[{" and words:
        word = " ".join([word, *words])
        words.clear()
    return _value(word)


def _value(word: str) -> Value:
    try:
        value: Any = json.loads(word)
    except ValueError:
        return word
    result: Value = value
    return result


def _text(word: str) -> str:
    return str(json.loads(word)) if word.startswith('"') else word


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _value_text(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _query_words(query: Query) -> list[str]:
    config = type(query).__struct_config__
    values = (getattr(query, field.name) for field in msgspec.structs.fields(type(query)) if field.required)
    return [str(config.tag), *(_quoted(str(value)) for value in values)]


def _filter_word(one: Filter) -> str:
    return f"{one.name}({', '.join(_value_text(arg) for arg in one.args)})" if one.args else one.name
