"""Foreign text with its variables as our templates; everything else in it stays literal."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, unquote

from tui_client.model.request import NameValue

_OPEN: Final = "{{"
_NAME: Final = re.compile(r"[\w.\-]+")
_NOT_IN_NAMES: Final = re.compile(r"[^\w.\-]+")
_QUOTES_IN: Final = re.compile(r"\\.", re.DOTALL)
_ONE_VARIABLE: Final = re.compile(r"\{\{([\w.\-]+)\}\}")
_SPLITS: Final = re.compile(r"[?&#=]")
# Unreserved characters, escapes in capitals, and what no URL may hold as it is.
_ALIKE: Final = re.compile(r"(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2}|[^\x21-\x7e]|[\"<>\\^`{|}])*")


def literal(text: str) -> str:
    """Text that means itself, whatever braces are in it."""
    return text.replace(_OPEN, "{{'{{'}}") if _OPEN in text else text


def variable(name: str) -> str:
    """A variable of ours, its name made one that we can have: "base url" is {{base_url}}."""
    return f"{{{{{variable_name(name)}}}}}"


def variable_name(name: str) -> str:
    """The name of a variable: letters, digits, `_`, `-` and `.`; all else becomes `_`."""
    return _NOT_IN_NAMES.sub("_", name.strip()) or "_"


def converted(text: str, hole: re.Pattern[str], template: Callable[[re.Match[str]], str | None]) -> str:
    """Text with each match of `hole` as the template that is given for it; None leaves the match as literal text."""
    out: list[str] = []
    at = 0
    for match in hole.finditer(text):
        made = template(match)
        if made is not None:
            out += [literal(text[at : match.start()]), made]
            at = match.end()
    return "".join([*out, literal(text[at:])])


def is_name(name: str) -> bool:
    """Whether we can have a variable of this name as it is."""
    return _NAME.fullmatch(name) is not None


def json_converted(text: str, hole: re.Pattern[str], template: Callable[[re.Match[str]], str | None]) -> str:
    """The same for JSON text: a variable outside a string, which others put in as it is, becomes {{json(name)}}."""
    quoted, seen = False, 0

    def made(match: re.Match[str]) -> str | None:
        nonlocal quoted, seen
        if _QUOTES_IN.sub("", text[seen : match.start()]).count('"') % 2:
            quoted = not quoted
        seen = match.end()
        found = template(match)
        plain = _ONE_VARIABLE.fullmatch(found or "")
        return f"{{{{json({plain[1]})}}}}" if plain and not quoted else found

    return converted(text, hole, made)


def query_rows(
    url: str, hole: re.Pattern[str], template: Callable[[re.Match[str]], str | None]
) -> tuple[str, tuple[NameValue, ...]]:
    """A foreign URL as our template, and the end of its query as rows: what sends the same bytes from there."""
    if any(_SPLITS.search(match[0]) for match in hole.finditer(url)):
        return converted(url, hole, template), ()
    whole, mark, fragment = url.partition("#")
    base, asked, query = whole.partition("?")
    pairs = query.split("&") if query else []
    kept = next((at for at in range(len(pairs), 0, -1) if not _same_as_row(pairs[at - 1], hole)), 0)
    # After an empty pair the sign that parts it from the next would not be written.
    while 0 < kept < len(pairs) and not pairs[kept - 1]:
        kept += 1
    rows = []
    for pair in pairs[kept:]:
        name, _, value = pair.partition("=")
        shown = (converted(_decoded(name, hole), hole, template), converted(_decoded(value, hole), hole, template))
        rows.append(NameValue(shown[0], shown[1]))
    rest = base + (asked + "&".join(pairs[:kept]) if kept or not pairs else "") + mark + fragment
    return converted(rest, hole, template), tuple(rows)


def _same_as_row(pair: str, hole: re.Pattern[str]) -> bool:
    """Whether a row writes it alike. What no URL may hold is encoded by everybody, so it counts as equal."""
    name, equals, value = hole.sub("", pair).partition("=")
    return bool(equals) and all(_ALIKE.fullmatch(each) and _is_text(each) for each in (name, value))


def _is_text(encoded: str) -> bool:
    try:
        return quote(unquote(encoded, errors="strict"), safe="") == quote(encoded, safe="%")
    except UnicodeError:
        return False


def _decoded(text: str, hole: re.Pattern[str]) -> str:
    out, at = [], 0
    for match in hole.finditer(text):
        out += [unquote(text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*out, unquote(text[at:])])
