"""A URL's own query as rows, and back, without touching what was not edited; pure."""

from __future__ import annotations

from urllib.parse import quote, unquote

import msgspec

from tui_client.model.request import NameValue


class UrlParts(msgspec.Struct, frozen=True):
    """A URL around its query: `base` before "?", raw pairs as they stand, `fragment` with its "#"."""

    base: str
    pairs: tuple[str, ...] = ()
    fragment: str = ""


def split_url(url: str) -> UrlParts:
    """Take a URL apart; templates in it may hold any character and are not looked into."""
    plain = _blank_templates(url)
    hash_at = plain.find("#")
    fragment = url[hash_at:] if hash_at >= 0 else ""
    end = hash_at if hash_at >= 0 else len(url)
    question = plain.find("?", 0, end)
    if question < 0:
        return UrlParts(url[:end], (), fragment)
    pairs, at = [], question + 1
    for piece in plain[question + 1 : end].split("&"):
        pairs.append(url[at : at + len(piece)])
        at += len(piece) + 1
    return UrlParts(url[:question], tuple(pair for pair in pairs if pair), fragment)


def join_url(parts: UrlParts) -> str:
    """Put a URL together again."""
    return parts.base + ("?" + "&".join(parts.pairs) if parts.pairs else "") + parts.fragment


def query_rows(url: str) -> tuple[NameValue, ...]:
    """The URL's own query as people read it."""
    return tuple(_row(pair) for pair in split_url(url).pairs)


def with_query_rows(url: str, rows: tuple[NameValue, ...]) -> str:
    """The URL with these rows as its query; a pair whose row is unchanged keeps its bytes."""
    parts = split_url(url)
    raw = list(parts.pairs)
    pairs = []
    for row in rows:
        same = next((pair for pair in raw if _row(pair) == row), None)
        if same is not None:
            raw.remove(same)
        pairs.append(same if same is not None else _pair(row))
    return join_url(msgspec.structs.replace(parts, pairs=tuple(pairs)))


def _row(pair: str) -> NameValue:
    at = _blank_templates(pair).find("=")
    name, value = (pair, "") if at < 0 else (pair[:at], pair[at + 1 :])
    return NameValue(_decode(name), _decode(value))


def _pair(row: NameValue) -> str:
    return f"{_encode(row.name)}={_encode(row.value)}" if row.value else _encode(row.name)


def _decode(text: str) -> str:
    return text if "{{" in text else unquote(text.replace("+", " "))


def _encode(text: str) -> str:
    return text if "{{" in text else quote(text, safe="-._~!$'()*,;:@/")


def _blank_templates(text: str) -> str:
    """The text with every {{…}} blanked, so that positions stay and its signs do not count."""
    out, at = [], 0
    while (start := text.find("{{", at)) >= 0 and (end := text.find("}}", start)) >= 0:
        out.append(text[at:start] + " " * (end + 2 - start))
        at = end + 2
    return "".join(out) + text[at:]
