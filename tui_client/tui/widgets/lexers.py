"""Colours for one row of text at a time, without knowing the rows around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple, assert_never


class Language(StrEnum):
    """How a text is coloured."""

    JSON = "json"
    MARKUP = "markup"
    HTML = "html"
    FORM = "form"
    PLAIN = "plain"


def can_indent(language: Language) -> bool:
    """Whether there is a layout for it."""
    return language is not Language.PLAIN


class Token(StrEnum):
    """What a piece of text is; each has a component class `body-view--TOKEN`."""

    KEY = "key"
    STRING = "string"
    NUMBER = "number"
    LITERAL = "literal"
    TAG = "tag"
    COMMENT = "comment"


class Span(NamedTuple):
    """A token from character `start` up to `end`."""

    start: int
    end: int
    token: Token


_TOKENS: Final[dict[str | None, Token]] = {token.value: token for token in Token}  # a call of Token is slow

_JSON: Final = re.compile(
    r'(?P<key>"[^"\\]*+(?:\\.[^"\\]*+)*+"(?=\s*:))'
    r'|(?P<string>"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?$))'
    r"|(?P<number>-?\d[\d.eE+-]*)"
    r"|(?P<literal>\b(?:true|false|null|NaN|Infinity)\b)"
)
_MARKUP: Final = re.compile(
    r"(?P<comment><!--.*?(?:-->|$)|<[!?][^>]*>?)"
    r"|(?P<tag></?[A-Za-z][\w:.-]*|/?>)"
    # Tried at the start of a word only: from each letter of a row of Base64, it would take a tenth of a second.
    r"|(?P<key>(?<![\w:.-])[\w:.-]++(?=\s*=\s*[\"']))"
    r"|(?P<string>(?<==)\s*(?:\"[^\"]*\"|'[^']*'))"
    r"|(?P<literal>&[#\w]+;)"
)
_FORM: Final = re.compile(r"^(?P<key>[^=&]+)(?==| =)|(?P<literal>%[0-9A-Fa-f]{2})|(?<=&)(?P<tag>[^=&]+)(?==)")
_QUOTE: Final = re.compile(r'(?:\\.|[^"\\])*"')
_AFTER_KEY: Final = re.compile(r':\s*(?:["\[{\d-]|true|false|null)')
_AFTER_STRING: Final = frozenset(",:]}")


def spans(text: str, language: Language, *, continued: bool = False) -> Iterator[Span]:
    """The tokens of one row, in order, apart from each other. `continued`: the row begins inside a line."""
    match language:
        case Language.JSON:
            start = _string_rest(text) if continued else 0
            if start:
                yield Span(0, start, Token.STRING)
            yield from _matches(_JSON, text, start)
        case Language.MARKUP | Language.HTML:
            yield from _matches(_MARKUP, text, 0)
        case Language.FORM:
            yield from () if continued else _matches(_FORM, text, 0)
        case Language.PLAIN:
            return
        case _:
            assert_never(language)


def _matches(pattern: re.Pattern[str], text: str, start: int) -> Iterator[Span]:
    for match in pattern.finditer(text, start):
        begin, end = match.span()
        if end > begin:
            yield Span(begin, end, _TOKENS[match.lastgroup])


def _string_rest(text: str) -> int:
    """Where a string that began in the row above seems to end: at a quote that is followed as only a closing one is."""
    quote = _QUOTE.match(text)
    if quote is None:
        # No quote at all: prose if it has blanks between words, else numbers and brackets.
        return 0 if re.fullmatch(r"[\s\d\[\]{},:.eE+\-truefalsn]*", text) else len(text)
    after = text[quote.end() :].lstrip()
    if quote.end() == 1 and after[:1] == ":":
        # Either a key of the row above ends here, or a string begins that begins with a colon.
        return 1 if _AFTER_KEY.match(after) else 0
    opens = text[: quote.end() - 1].rstrip()[-1:] in {"{", "[", ",", ":", ""}
    closes = not after or after[0] in _AFTER_STRING
    return quote.end() if closes and not (opens and after[:1] == ":") else 0
