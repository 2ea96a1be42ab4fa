"""A URL put together: base, path parameters, params; its characters carry marks, so that previews do the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec

BLANKS: Final = " \t"  # around a URL they are a slip of the hand; a line break would be more

_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_PARTS: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*://[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
_SEGMENT: Final = re.compile(r"\{([^{}/]+)\}|:([^/]+)")


class Marked(msgspec.Struct, frozen=True):
    """Text with one mark (a byte) for each character."""

    text: str = ""
    marks: bytes = b""

    def cut(self, start: int, end: int) -> Marked:
        """The part from `start` to `end`."""
        return Marked(self.text[start:end], self.marks[start:end])


def marked(text: str, mark: int = 0) -> Marked:
    """Text with the same mark on all of it."""
    return Marked(text, bytes((mark,)) * len(text))


def put_together(*parts: Marked) -> Marked:
    """All parts in one."""
    return Marked("".join(part.text for part in parts), b"".join(part.marks for part in parts))


def is_absolute(url: str) -> bool:
    """Whether a URL has a scheme and an authority of its own."""
    return _ABSOLUTE.match(url) is not None


class _Parts(msgspec.Struct, frozen=True):
    origin: Marked
    path: Marked
    query: Marked
    fragment: Marked


def _split(url: Marked) -> _Parts:
    match = _PARTS.fullmatch(url.text)
    if match is None:
        return _Parts(Marked(), url, Marked(), Marked())
    spans = (match.span(group) for group in range(1, 5))
    return _Parts(*(url.cut(start, end) if start >= 0 else Marked() for start, end in spans))


def _merged(query: Marked, more: Marked) -> Marked:
    """Two queries in one, each with its "?" or empty."""
    if not query.text or not more.text:
        return put_together(query, more)
    joint = "" if query.text[-1] in "?&" or len(more.text) == 1 else "&"
    return put_together(query, marked(joint), more.cut(1, len(more.text)))


def under_base(base: Marked, url: Marked) -> Marked:
    """A URL without a scheme appended to the base's path; queries are put together, the base's fragment is dropped."""
    below, above = _split(url), _split(base)
    path = above.path
    if below.path.text:
        kept = path.cut(0, len(path.text.rstrip("/")))
        joint = "" if below.path.text.startswith("/") else "/"
        path = put_together(kept, marked(joint), below.path)
    return put_together(above.origin, path, _merged(above.query, below.query), below.fragment)


def with_path(url: Marked, values: Mapping[str, Marked]) -> Marked:
    """Whole segments {name} and :name replaced by their values; a name without a value stays."""
    if not values:
        return url
    parts = _split(url)
    filled, at = [], 0
    for segment in parts.path.text.split("/"):
        match = _SEGMENT.fullmatch(segment)
        value = values.get(match[1] or match[2]) if match else None
        joint = parts.path.cut(max(0, at - 1), at)
        filled += [joint, parts.path.cut(at, at + len(segment)) if value is None else value]
        at += len(segment) + 1
    return put_together(parts.origin, *filled, parts.query, parts.fragment)


def with_params(url: Marked, params: list[tuple[Marked, Marked]]) -> Marked:
    """Encoded pairs appended after the URL's own query, in order."""
    if not params:
        return url
    parts = _split(url)
    pairs = [marked("?")]
    for index, (name, value) in enumerate(params):
        pairs += [marked("&") if index else Marked(), name, marked("="), value]
    return put_together(parts.origin, parts.path, _merged(parts.query, put_together(*pairs)), parts.fragment)
