"""A URL's own query as rows, and back, without touching what was not edited; pure."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, unquote

import msgspec

from tui_client.model.request import NameValue
from tui_client.template.parse import Broken, Call, Variable, scan

# What RFC 3986 lets stand in a query, without the signs that forms give a meaning: & = +
_KEPT = "-._~!$'()*,;:@/?"


class UrlParts(msgspec.Struct, frozen=True):
    """A URL around its query: `base` before "?", raw pairs as they stand, `fragment` with its "#".

    pairs: None where there is no "?"; ("",) where nothing follows it.
    """

    base: str
    pairs: tuple[str, ...] | None = None
    fragment: str = ""


def split_url(url: str) -> UrlParts:
    """Take a URL apart; templates in it may hold any character and are not looked into."""
    plain = _blank_templates(url)
    hash_at = plain.find("#")
    end = hash_at if hash_at >= 0 else len(url)
    question = plain.find("?", 0, end)
    if question < 0:
        return UrlParts(url[:end], None, url[end:])
    pairs, at = [], question + 1
    for piece in plain[question + 1 : end].split("&"):
        pairs.append(url[at : at + len(piece)])
        at += len(piece) + 1
    return UrlParts(url[:question], tuple(pairs), url[end:])


def join_url(parts: UrlParts) -> str:
    """Put a URL together again."""
    return parts.base + ("" if parts.pairs is None else "?" + "&".join(parts.pairs)) + parts.fragment


def query_rows(url: str) -> tuple[NameValue, ...]:
    """The URL's own query as people read it; pairs without a name and a value are no rows."""
    rows = (_row(pair) for pair in split_url(url).pairs or ())
    return tuple(row for row in rows if row.name or row.value)


def with_query_rows(url: str, rows: tuple[NameValue, ...]) -> str:
    """The URL with these rows as its query; what was not changed keeps its bytes."""
    old = query_rows(url)
    if rows == old:
        return url
    parts = split_url(url)
    pairs = list(parts.pairs or ())
    places = [index for index, pair in enumerate(pairs) if _is_row(pair)]
    start = _common(old, rows)
    end = _common(old[start:][::-1], rows[start:][::-1])
    gone, new = places[start : len(old) - end], rows[start : len(rows) - end]
    made = [_pair(row, pairs[gone[index]] if index < len(gone) else "") for index, row in enumerate(new)]
    # All that stood between the pairs that are replaced goes with them.
    first = gone[0] if gone else (places[start] if start < len(places) else len(pairs))
    last = gone[-1] + 1 if gone else first
    kept = [*pairs[:first], *made, *pairs[last:]]
    kept = [pair for pair in kept if pair] if not parts.pairs or parts.pairs == ("",) else kept
    return join_url(msgspec.structs.replace(parts, pairs=tuple(kept) if kept else None))


def _common(left: tuple[NameValue, ...], right: tuple[NameValue, ...]) -> int:
    """How many rows are the same from the beginning on."""
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _is_row(pair: str) -> bool:
    row = _row(pair)
    return bool(row.name or row.value)


def _cut(pair: str) -> tuple[str, str, str]:
    at = _blank_templates(pair).find("=")
    return (pair, "", "") if at < 0 else (pair[:at], "=", pair[at + 1 :])


def _row(pair: str) -> NameValue:
    name, _, value = _cut(pair)
    return NameValue(_decode(name), _decode(value))


def _pair(row: NameValue, old: str) -> str:
    """The pair of a row in place of an old one, whose unchanged half keeps its bytes."""
    name, equals, value = _cut(old)
    name = name if _decode(name) == row.name else _encode(row.name)
    value = value if _decode(value) == row.value else _encode(row.value)
    return f"{name}{'=' if equals or value or not name else ''}{value}"


def _decode(text: str) -> str:
    return _by_parts(text, lambda part: unquote(part.replace("+", " ")))


def _encode(text: str) -> str:
    return _by_parts(text, lambda part: quote(part, safe=_KEPT, errors="replace"))


def _by_parts(text: str, change: Callable[[str], str]) -> str:
    """Text with everything but its templates changed."""
    return "".join(
        part.source if isinstance(part.segment, Variable | Call) else change(part.source) for part in scan(text)
    )


def _blank_templates(text: str) -> str:
    """The text with its templates blanked, so that positions stay and their signs do not count."""
    if "{{" not in text:
        return text
    return "".join(
        part.source if isinstance(part.segment, Broken) or "{{" not in part.source else " " * len(part.source)
        for part in scan(text)
    )
