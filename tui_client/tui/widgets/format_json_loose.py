"""Run as a program: what is nearly JSON from standard input, indented to standard output, every token as it was sent.

For text that a strict parser refuses: NaN, trailing commas, comments, cut text, many values, nesting without end.
Standard error gets the byte from which the text stands as it came, since it holds nothing that JSON has; else nothing.
Not a parser: brackets that don't match only move the margin.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Final

# Deeper lines stand at the same margin: 20,000 levels would take 400 MB of blanks.
DEEPEST: Final = 100
_LINES: Final = tuple(b"\n" + b"  " * level for level in range(DEEPEST + 1))
_FLUSH: Final = 1 << 14  # pieces

# Possessive, so that text without an end is looked at once. A comma or a colon right after a value is found with it,
# which halves the time.
_TOKEN: Final = re.compile(
    rb"([ \t\r\n]*+)(?:"
    rb'("[^"\\]*+(?:\\.[^"\\]*+)*+"'
    rb"|[-+]?+(?:[0-9][\w.+-]*+|Infinity\b|NaN\b)"
    rb"|(?:true|false|null|undefined|True|False|None)\b"
    rb"|[A-Za-z_$][\w$]*+(?=[ \t\r\n]*+:)"
    rb"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+')(?:[ \t\r\n]*+(?:(,)|(:)))?+"
    rb"|([\[{])|([\]}])|(,)|(:)|(/\*.*?\*/)|(//[^\n\r]*+))",
    re.DOTALL,
)
_VALUE, _VALUE_COMMA, _VALUE_COLON, _OPEN, _CLOSE, _COMMA, _COLON, _COMMENT, _LINE_COMMENT = range(2, 11)
_START = 0
_MARKS: Final = {_VALUE_COMMA: b",", _VALUE_COLON: b":"}


def indent(data: bytes, write: Callable[[bytes], object]) -> int:
    """Write the indented text in pieces; returns from where it stands as it came: `len(data)` if nothing does."""
    at, depth, before = 0, 0, _START
    line = _LINES[0]
    gap = b""  # what stands before a value that comes next
    out: list[bytes] = []
    scan = _TOKEN.match
    while (token := scan(data, at)) is not None:
        kind = token.lastindex or _START
        if kind <= _VALUE_COLON:
            out += (gap, token[_VALUE], _MARKS.get(kind, b""))
        elif kind == _OPEN:
            depth += 1
            line = _LINES[min(depth, DEEPEST)]
            out += (gap, token[_OPEN])
        else:
            if kind == _CLOSE:
                depth = max(0, depth - 1)
                line = _LINES[min(depth, DEEPEST)]
            out += (_gap(before, kind, token[1], line), token[kind])
        gap = b" " if kind in (_VALUE_COLON, _COLON) else line
        before, at = kind, token.end()
        if len(out) > _FLUSH:
            write(b"".join(out))
            out.clear()
    rest = data[at:].lstrip(b" \t\r\n")
    out += (gap, rest) if rest else ()
    write(b"".join(out))
    return len(data) - len(rest)


def _gap(before: int, kind: int, blanks: bytes, line: bytes) -> bytes:
    """What stands before a token that is no value; `blanks`: what stood there, `line`: a new one."""
    if before == _START:
        return b""
    if before == _LINE_COMMENT:
        return line
    if kind == _CLOSE:
        return b"" if before == _OPEN else line
    if kind in (_COMMENT, _LINE_COMMENT):
        return line if b"\n" in blanks or before == _OPEN else b" "
    return b""


def main() -> int:
    """Format standard input."""
    data = sys.stdin.buffer.read()
    text = data.removeprefix(b"\xef\xbb\xbf")
    end = indent(text, sys.stdout.buffer.write)
    if end < len(text):
        sys.stderr.write(str(end + len(data) - len(text)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
