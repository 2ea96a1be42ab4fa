"""Secrets out of text, before it is shown, written or reported."""

from __future__ import annotations

import base64
import json
import re
import string
import urllib.parse
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from html.entities import codepoint2name
from typing import Final, NamedTuple

MASK: Final = "•••"
# Shorter ones ("1", "eu") would mask half of any text, and give themselves away by it.
MIN_SECRET_CHARS: Final = 4
_MIN_BASE64_PART_CHARS: Final = 6
_MIN_LINE_CHARS: Final = 12
_BASE64_LINES: Final = (64, 76)
_FILL_LINE: Final = 12  # fewer characters, of four bytes at most, fill no line
_ESCAPES: Final = re.compile(b"(?:%[0-9A-Fa-f]{2})+")
# Nobody escapes these; of the others each writer of JSON and HTML chooses its own.
_PLAIN: Final = frozenset(string.ascii_letters + string.digits + "_-.")
_SHORT: Final = {"\n": "n", "\t": "t", "\r": "r", "\b": "b", "\f": "f"}
_BACKSLASHES: Final = re.compile(r"\\+|[^\\]")
_CONTINUATION: Final = bytes(range(0x80, 0xC0))  # what follows the first byte of a character in UTF-8


def redact(text: str, secrets: frozenset[str]) -> str:
    """The text with each secret of four characters or more replaced by "•••".

    Found as it is, and as it stands in a URL (whichever of its characters are percent-encoded), a form, JSON, HTML
    (whichever of its signs are escaped, also JSON within JSON and URLs within both), or Base64 (also as a part: the
    password of basic auth). Of one in several lines, each long line is found too.
    """
    parts: list[str] = []
    shown_to = 0
    for start, end in secret_spans(text, secrets):
        parts += [text[shown_to:start], MASK]
        shown_to = end
    return "".join(parts) + text[shown_to:] if parts else text


def secret_spans(text: str, secrets: frozenset[str]) -> list[tuple[int, int]]:
    """Where secrets stand in a text, in order, none touching the next."""
    if not secrets:
        return []
    merged: list[tuple[int, int]] = []
    for start, end in sorted(span for secret in secrets for span in _found(text, secret)):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _found(text: str, secret: str) -> Iterator[tuple[int, int]]:
    for form in _forms(secret):
        yield from _spans(text, form)
    # They are many: the first is looked for alone.
    if len(secret) > _FILL_LINE and (lines := _lines_of_base64(secret)) and lines[0] in text:
        for line in lines:
            yield from _spans(text, line)
    if any(sign in text for sign in "\\&%") or (" " in secret and "+" in text):
        for pattern in _escaped_patterns(secret):
            yield from (found.span() for found in pattern.finditer(text))
    if "%" in text and len(secret) >= MIN_SECRET_CHARS:
        yield from _percent_encoded(text, _raw(secret))


def _percent_encoded(text: str, secret: bytes) -> Iterator[tuple[int, int]]:
    """Where it stands with at least one of its characters escaped; as it is, it is found more cheaply."""
    size = len(secret)
    raw, decoded = _decoded(text)
    at = decoded.find(secret)
    if at < 0:
        return
    runs = _runs(raw)
    ends, starts = [run.end for run in runs], [run.start for run in runs]
    while at >= 0:
        after = bisect_right(ends, at)  # the first run that ends behind the place
        if after == len(runs):
            return
        least = at + 1
        if starts[after] < at + size:
            last = bisect_left(starts, at + size) - 1
            yield runs[after].begin_of(at, raw), runs[last].end_of(at + size, raw)
        else:
            least = max(least, starts[after] - size + 1)
        at = decoded.find(secret, least)


# Of each secret in turn, the same text is looked through.
@lru_cache(maxsize=1)
def _decoded(text: str) -> tuple[bytes, bytes]:
    """The text's bytes, and what they are without percent-encoding."""
    raw = _raw(text)
    return raw, urllib.parse.unquote_to_bytes(raw)


class _Run(NamedTuple):
    """Escapes without a gap: where in the decoded bytes, where in the raw ones (place), and in the text (char)."""

    start: int
    end: int
    place: int
    char: int

    def begin_of(self, at: int, raw: bytes) -> int:
        """The character that a decoded byte in this run, or shortly before it, comes from."""
        ahead = self.start - at
        return self.char - _chars(raw[self.place - ahead : self.place]) if ahead > 0 else self.char - 3 * ahead

    def end_of(self, end: int, raw: bytes) -> int:
        """The end of the character that the last decoded byte before `end`, in or behind this run, comes from."""
        behind = end - self.end
        place, char = (at + 3 * (self.end - self.start) for at in (self.place, self.char))
        return char + _chars(raw[place : place + behind]) if behind > 0 else char + 3 * behind


@lru_cache(maxsize=1)
def _runs(raw: bytes) -> list[_Run]:
    runs = []
    end = place = char = 0  # of the run before
    for found in _ESCAPES.finditer(raw):
        start, length = end + found.start() - place, len(found[0])
        char += _chars(raw[place : found.start()])
        end, place = start + length // 3, found.end()
        runs.append(_Run(start, end, found.start(), char))
        char += length
    return runs


def _chars(raw: bytes) -> int:
    return len(raw.translate(None, _CONTINUATION))


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _spans(text: str, form: str) -> Iterator[tuple[int, int]]:
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        # Those that overlap in one: a long run of the same letter holds one at each place.
        while (at := text.find(form, end - len(form) + 1, end + len(form) - 1)) >= 0:
            end = at + len(form)
        yield start, end
        start = text.find(form, end)


@lru_cache(maxsize=256)
def _forms(secret: str) -> frozenset[str]:
    if len(secret) < MIN_SECRET_CHARS:
        return frozenset()
    raw = _raw(secret)
    # Forms write a space as "+".
    quoted = urllib.parse.quote(raw, safe="").replace("%20", "+")
    quoted_forms = {quoted, re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), quoted)}
    escaped = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    return frozenset({secret, *quoted_forms, *escaped, *_base64_forms(raw), *_lines(secret)})


def _lines(secret: str) -> Iterator[str]:
    """Those of a key in many: a server may end them in another way, or send them one by one."""
    if "\n" in secret:
        lines = (line.strip() for line in secret.splitlines())
        yield from (line for line in lines if len(line) >= _MIN_LINE_CHARS and not line.startswith("-----"))


@lru_cache(maxsize=256)
def _lines_of_base64(secret: str) -> tuple[str, ...]:
    """That of a long one is often broken into lines, as in mails and keys; the first one is the shortest."""
    letters = base64.b64encode(_raw(secret)).decode()
    widths = [width for width in _BASE64_LINES if len(letters) > width]
    lines = (letters[at : at + width] for width in widths for at in range(0, len(letters), width))
    return tuple(line for line in lines if len(line) >= _MIN_LINE_CHARS)


def _base64_forms(raw: bytes) -> Iterator[str]:
    """The whole secret, and the letters that depend on it alone, wherever in a triple of bytes it begins."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(raw).decode()
        yield encode(raw).decode().rstrip("=")
        for offset, first in ((0, 0), (1, 2), (2, 3)):
            letters = encode(b"\0" * offset + raw).decode()
            part = letters[first : (offset + len(raw)) * 8 // 6]
            if len(part) >= _MIN_BASE64_PART_CHARS:
                yield part


@lru_cache(maxsize=256)
def _escaped_patterns(secret: str) -> tuple[re.Pattern[str], ...]:
    """What finds a secret, and its Base64, whichever of their signs are escaped: for JSON, HTML, or a URL in either."""
    if len(secret) < MIN_SECRET_CHARS:
        return ()
    forms = {secret, *_base64_forms(_raw(secret))}
    parts = (_BACKSLASHES.findall(form) for form in forms if not _PLAIN.issuperset(form))
    return tuple(re.compile("".join(map(_escapable, signs))) for signs in parts)


def _escapable(sign: str) -> str:
    if sign in _PLAIN:
        return re.escape(sign)
    if sign[0] == "\\":
        # A run at once: one by one, a longer run in the text could be shared out among them in countless ways.
        count, in_html = len(sign), "%(?:25)?5[cC]|&#0{0,4}92;|&#[xX]0{0,4}5[cC];"
        return rf"(?:\\{{{count},{4 * count}}}|(?:\\{{1,3}}u005[cC]|{in_html}){{{count}}})"
    code = ord(sign)
    units = [sign] if code <= 0xFFFF else [chr(0xD800 + (code - 0x10000 >> 10)), chr(0xDC00 + (code & 0x3FF))]
    # Three backslashes: JSON within JSON.
    in_json = "".join(rf"\\{{1,3}}u(?i:{ord(unit):04x})" for unit in units)
    in_url = "".join(f"%(?:25)?(?i:{byte:02x})" for byte in _raw(sign))
    ways = [rf"\\{{0,3}}{re.escape(sign)}", in_json, in_url, f"&#0{{0,4}}{code};", f"&#[xX]0{{0,4}}(?i:{code:x});"]
    if sign == " ":
        ways.append(r"\+")
    if sign in _SHORT:
        ways.append(rf"\\{{1,2}}{_SHORT[sign]}")
    if code <= 0xFF:
        ways.append(rf"\\{{1,2}}x(?i:{code:02x})")
    names = [name for name in (codepoint2name.get(code), "apos" if sign == "'" else None) if name]
    return f"(?:{'|'.join([*ways, *(f'&{name};' for name in names)])})"
