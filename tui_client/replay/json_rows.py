"""The elements of a JSON array, one after the other, with no more than one of them in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final, TextIO

_CHUNK: Final = 64 * 1024  # characters
_ELEMENT_LIMIT: Final = 16 * 1024 * 1024  # characters
_ESCAPED: Final = re.compile("[\udc80-\udcff]")  # what surrogateescape makes of bad bytes
_BLANK: Final = re.compile(r"[ \t\r\n]*")


class NotAnArray(Exception):
    """The text is not a JSON array of objects from here on; the reason as a clause."""


class _Window:
    """The part of the file that is being looked at."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.text = ""
        self.at = 0

    def grow(self) -> bool:
        """Read on, as much again as is held, so that a long element is not scanned too often. False at the end."""
        held = self.text[self.at :]
        more = self._file.read(max(_CHUNK, len(held)))
        if not more.isascii() and _ESCAPED.search(more):
            raise NotAnArray("the text is not UTF-8")
        self.text, self.at = held + more, 0
        return bool(more)

    def next_sign(self) -> str:
        """The next character that is not white space, not yet consumed; "" at the end."""
        while True:
            blank = _BLANK.match(self.text, self.at)
            self.at = blank.end() if blank else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.grow():
                return ""

    def element(self) -> Any:
        """Decode the object that begins here. An object ends with its brace, so a cut one is never taken for whole."""
        while True:
            try:
                value, self.at = json.JSONDecoder().raw_decode(self.text, self.at)
            except RecursionError as error:
                raise NotAnArray("an object is nested too deeply") from error
            except ValueError as error:
                if len(self.text) - self.at > _ELEMENT_LIMIT:
                    raise NotAnArray("an object is larger than 16 MiB, or not JSON") from error
                if not self.grow():
                    raise NotAnArray(f"not JSON ({getattr(error, 'msg', error)})") from error
            else:
                return value


def read_array(file: TextIO) -> Iterator[Any]:
    """Yield the elements. Raises NotAnArray where the text stops being an array of objects."""
    window = _Window(file)
    if window.next_sign() != "[":
        raise NotAnArray("it does not begin with [")
    window.at += 1
    sign = window.next_sign()
    while sign != "]":
        if sign != "{":
            raise NotAnArray("an element is not an object" if sign else "the array is not closed")
        yield window.element()
        sign = window.next_sign()
        if sign == ",":
            window.at += 1
            sign = window.next_sign()
        elif sign != "]":
            raise NotAnArray("a comma is missing between two elements" if sign else "the array is not closed")
