"""Run as a program: a form (application/x-www-form-urlencoded) from standard input as rows "name = value" in UTF-8.

Bytes that are no UTF-8 stay as they are. A line end in a value is shown as a sign, so that each row is one field.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote_to_bytes

_WIDEST: Final = 32
_SIGNS: Final = ((b"\r", "␍".encode()), (b"\n", "␊".encode()))


def _decoded(part: bytes) -> bytes:
    text = unquote_to_bytes(part.replace(b"+", b" "))
    for control, sign in _SIGNS:
        text = text.replace(control, sign)
    return text


def rows(data: bytes, write: Callable[[bytes], object]) -> None:
    """Write a row for each field, in order; the values stand in one column where the names are short."""
    fields = [part.partition(b"=") for part in data.strip(b"\r\n").split(b"&") if part]
    names = [_decoded(name) for name, _, _ in fields]
    width = min(max(map(_width, names), default=0), _WIDEST)
    for at, (name, (_, sign, value)) in enumerate(zip(names, fields, strict=True)):
        blanks = b" " * (width - _width(name))
        write((b"\n" if at else b"") + name + (blanks + b" = " + _decoded(value) if sign else b""))


def _width(name: bytes) -> int:
    return len(name.decode("utf-8", "replace"))


def main() -> int:
    """Format standard input."""
    rows(sys.stdin.buffer.read(), sys.stdout.buffer.write)
    return 0


if __name__ == "__main__":
    sys.exit(main())
