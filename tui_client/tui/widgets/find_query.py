"""What to look for in a body: a text, bytes, or a pattern; each becomes a scanner of pieces of the body."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

import msgspec

from tui_client.kinds.bounded import MAX_REPEATS, repeats_too_often
from tui_client.tui.widgets.find_pattern import PatternScanner
from tui_client.tui.widgets.find_text import TextScanner

_LONGEST: Final = 512  # characters of a query
_TYPED_BYTES: Final = re.compile(r"0x((?:\s*[0-9a-f]{2})+)\s*", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\.|\(\?[^)]*", re.DOTALL)

Scanner: TypeAlias = TextScanner | PatternScanner


class Query(msgspec.Struct, frozen=True):
    """What a user looks for. Without `case`, a query without capitals finds them too."""

    text: str = ""
    pattern: bool = False
    case: bool = False
    whole: bool = False


class Unusable(msgspec.Struct, frozen=True):
    """It can't be looked for; `reason` is a sentence without its stop, not yet made safe to print."""

    reason: str


def scanner_for(query: Query, charset: str, *, hex: bool = False) -> Scanner | Unusable | None:
    """How to find it; None for nothing. In hex, `0x1f8b` are bytes."""
    if not query.text:
        return None
    if len(query.text) > _LONGEST:
        return Unusable(f"a search is at most {_LONGEST} characters long")
    if hex and (typed := _TYPED_BYTES.fullmatch(query.text)):
        return TextScanner.of_bytes(bytes.fromhex(typed[1]))
    if query.pattern:
        return _pattern(query, charset)
    try:
        return TextScanner(query.text, charset, any_case=_any_case(query, query.text), whole=query.whole)
    except UnicodeError:
        return Unusable(f"{charset.upper()} has no such characters")


def _pattern(query: Query, charset: str) -> PatternScanner | Unusable:
    import regex  # only those who use patterns pay for the import

    if repeats_too_often(query.text):
        return Unusable(f"repeats more than {MAX_REPEATS:,} times")
    # \S and \B are no capitals of the text.
    any_case = _any_case(query, _ESCAPED.sub("", query.text))
    try:
        return PatternScanner(query.text, charset, any_case=any_case, whole=query.whole)
    except regex.error as error:
        where = f" at character {error.pos + 1}" if error.pos is not None else ""
        return Unusable(f"{error.msg}{where}")
    except (ValueError, RecursionError, OverflowError, LookupError, TypeError) as error:
        return Unusable(f"no pattern: {error}")


def _any_case(query: Query, text: str) -> bool:
    return not query.case and text == text.lower()
