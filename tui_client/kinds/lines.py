"""Asserts and captures as one line of text, in Hurl's manner: `json "$.tags" count >= 1`, `token: json "$.token"`.

assertion = ["#"] query filter* ["not"] operator [value]      "#" switches it off
capture   = name ":" query filter*
query     = word text* {name text}                            status, header "Content-Type", schema file "user.json"
filter    = word | word "(" argument {"," argument} ")"       count, nth(0), split(",")
text      = "…" | '…' | word                                  \\" \\\\ \\n \\t \\r \\uXXXX in "…", nothing in '…'
value     = text | number | true | false | date | [ … ] | { … }

A date stands bare, as in TOML: 2026-05-01, 2026-05-01T10:00:00Z; lists and objects are written as in JSON, or as in
TOML where dates are in them.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from tui_client.errors import QueryError, UsageError
from tui_client.kinds import query as query_kinds
from tui_client.kinds._words import Word, Words, quoted, written
from tui_client.kinds.declared import declared_fields
from tui_client.kinds.filters import FILTERS, check_filter
from tui_client.kinds.operators import OPERATORS, OPERATORS_WITHOUT_VALUE
from tui_client.model.kinds import Query
from tui_client.model.request import Assertion, Capture, Filter

_NAME: Final = re.compile(r"[\w.-]+")
_OFF: Final = "#"


def print_assertion(assertion: Assertion) -> str:
    """One line that `parse_assertion` reads back to the same value."""
    words = [] if assertion.enabled else [_OFF]
    words += [*_query_words(assertion.query), *map(_filter_word, assertion.filters)]
    words += ["not"] if assertion.negated else []
    words.append(assertion.op)
    if assertion.op not in OPERATORS_WITHOUT_VALUE:
        words.append(written(assertion.value))
    return " ".join(words)


def print_capture(capture: Capture) -> str:
    """One line that `parse_capture` reads back to the same value."""
    name = capture.name if _NAME.fullmatch(capture.name) else quoted(capture.name)
    return " ".join([f"{name}:", *_query_words(capture.query), *map(_filter_word, capture.filters)])


def parse_assertion(text: str) -> Assertion:
    """Read one line. Raises UsageError, whose reason says what was expected."""
    line = text.strip()
    words = Words(line.removeprefix(_OFF))
    query = _take_query(words)
    filters = _take_filters(words)
    negated = words.take_word("not")
    if not words:
        raise UsageError(f"An operator is missing: {', '.join(OPERATORS)}.")
    op = words.take().bare
    if op not in OPERATORS:
        raise UsageError(f"{op or 'This'} is neither a filter nor an operator. Operators: {', '.join(OPERATORS)}.")
    value = None if op in OPERATORS_WITHOUT_VALUE else words.take_value(op)
    if words:
        raise UsageError(f"Nothing is expected after this: {words.rest}. Put text with blanks into quotes.")
    return Assertion(query, op, value, filters, negated, enabled=not line.startswith(_OFF))


def parse_capture(text: str) -> Capture:
    """Read one line `name: query filter*`. Raises UsageError."""
    name, rest = _capture_name(text.strip())
    words = Words(rest)
    query = _take_query(words)
    filters = _take_filters(words)
    if words:
        raise UsageError(f"{words.take().source} is not a filter. Filters: {', '.join(FILTERS)}.")
    return Capture(name, query, filters)


def _capture_name(line: str) -> tuple[str, str]:
    if line.startswith(('"', "'")):
        words = Words(line)
        name = words.take().text
        rest = words.rest
    else:
        match = _NAME.match(line)
        name, rest = (match[0], line[match.end() :].lstrip()) if match else ("", "")
    if not name or not rest.startswith(":"):
        raise UsageError('Write a name, a colon and a query: token: json "$.token"')
    return name, rest[1:]


def _take_query(words: Words) -> Query:
    kinds = query_kinds.kinds()
    word = words.take() if words else Word("")
    if word.bare not in kinds:
        raise UsageError(f"Begin with what to look at: {', '.join(kinds)}.")
    kind = kinds[word.bare]
    given: dict[str, str] = {}
    for field in msgspec.structs.fields(kind):
        if field.required:
            if not words or words.is_operator(OPERATORS):
                raise UsageError(f"{word.bare} needs {field.name}, as in: {_example(word.bare, kind)}")
            given[field.name] = words.take().text
    others = {field.name for field in msgspec.structs.fields(kind) if not field.required}
    while words and words.next_name in others - given.keys():
        name = words.take().name
        if not words:
            raise UsageError(f"{name} of {word.bare} needs a text.")
        given[name] = words.take().text
    return kind(**given)


def _example(tag: str, kind: type[Query]) -> str:
    hints = (field.placeholder for field in declared_fields(kind) if field.placeholder)
    return " ".join([tag, *map(quoted, hints)])


def _take_filters(words: Words) -> tuple[Filter, ...]:
    found = []
    while words and words.next_name in FILTERS:
        word = words.take()
        item = Filter(word.name, word.arguments)
        try:
            check_filter(item)
        except QueryError as error:
            raise UsageError(f'{item.name} {error.reason}. Write arguments as in nth(0), split(",").') from error
        found.append(item)
    return tuple(found)


def _query_words(query: Query) -> list[str]:
    tag = str(type(query).__struct_config__.tag)
    found = [tag]
    for field in msgspec.structs.fields(query_kinds.kinds()[tag]):
        value = getattr(query, field.name)
        if field.required or value != field.default:
            found += [quoted(str(value))] if field.required else [field.name, quoted(str(value))]
    return found


def _filter_word(item: Filter) -> str:
    return f"{item.name}({', '.join(map(written, item.args))})" if item.args else item.name
