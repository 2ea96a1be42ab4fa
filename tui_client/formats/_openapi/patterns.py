"""Text that matches a simple regular expression; None for one that is not simple. Nothing is ever matched."""

from __future__ import annotations

import re
from typing import Final

import msgspec

MAX_PATTERN: Final = 1000
MAX_TEXT: Final = 10_000
_REPEAT: Final = re.compile(r"\{([0-9]{1,5})(,([0-9]{1,5})?)?\}")
_CLASSES: Final = {"d": "0", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a"}
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_CANDIDATES: Final = "aA0-_. @/:+!bB1zZ9"
_WITHIN: Final = {
    "d": "0123456789",
    "w": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_",
    "s": " \t\n",
}
_EXTRAS: Final = (0, 1, 2, 3, 5, 8, 13, 21, 34, 64, 128, 255, 1000)


class _NotSimple(Exception):
    """The pattern has what can't be made."""


def matching(pattern: str, shortest: int = 0, longest: int | None = None) -> str | None:
    """A text that matches a pattern and is as long as wanted, or None."""
    if len(pattern) > MAX_PATTERN:
        return None
    extras = list(_EXTRAS)
    while extras:
        extra = extras.pop(0)
        try:
            text = _Maker(pattern, extra).made()
        except (_NotSimple, IndexError, RecursionError):
            return None
        if extra == 0 and len(text) < shortest:
            # What is missing may come from one repeat, or from two or three alike.
            missing = shortest - len(text)
            extras = sorted({*extras, *(-(-missing // several) for several in (1, 2, 3))})
        if longest is not None and len(text) > longest:
            return None
        if len(text) >= shortest:
            return text
    return None


class _Repeat(msgspec.Struct, frozen=True):
    least: int = 1
    most: int | None = 1


class _Maker:
    """Reads a pattern from left to right; of alternatives it takes the first, of repeats the least and `extra`."""

    def __init__(self, pattern: str, extra: int) -> None:
        self._pattern = pattern
        self._at = 0
        self._extra = extra

    def made(self) -> str:
        text = self._alternatives()
        if self._at < len(self._pattern):
            raise _NotSimple
        return text

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _take(self) -> str:
        self._at += 1
        return self._pattern[self._at - 1]

    def _alternatives(self) -> str:
        first = self._sequence()
        while self._peek() == "|":
            self._at += 1
            self._sequence()
        return first

    def _sequence(self) -> str:
        text = ""
        while self._peek() not in ("", "|", ")"):
            anchored = self._peek()
            # Anchors in the middle can't match but at an end.
            if anchored == "^" and text:
                raise _NotSimple
            if anchored in "^$":
                self._at += 1
                if anchored == "$" and self._peek() not in ("", "|", ")"):
                    raise _NotSimple
                continue
            text += self._atom()
            if len(text) > MAX_TEXT:
                raise _NotSimple
        return text

    def _atom(self) -> str:
        sign = self._take()
        match sign:
            case "(":
                one = self._group()
            case "[":
                one = self._set()
            case "\\":
                one = self._escape()
            case ".":
                one = "a"
            case "*" | "+" | "?" | "{":
                raise _NotSimple
            case _:
                one = sign
        repeat = self._repeat()
        most = repeat.least + self._extra if repeat.most is None else min(repeat.most, repeat.least + self._extra)
        if len(one) * most > MAX_TEXT:
            raise _NotSimple
        return one * most

    def _group(self) -> str:
        if self._peek() == "?":
            if self._pattern[self._at : self._at + 2] != "?:":
                raise _NotSimple
            self._at += 2
        text = self._alternatives()
        if self._take() != ")":
            raise _NotSimple
        return text

    def _escape(self) -> str:
        sign = self._take()
        if sign in _CLASSES:
            return _CLASSES[sign]
        if sign in _CONTROLS:
            return _CONTROLS[sign]
        if sign.isalnum():
            raise _NotSimple
        return sign

    def _repeat(self) -> _Repeat:
        sign = self._peek()
        found = _REPEAT.match(self._pattern, self._at) if sign == "{" else None
        if found:
            self._at = found.end()
            least = int(found[1])
            repeat = _Repeat(least, int(found[3]) if found[3] else (None if found[2] else least))
        elif sign and sign in "*+?":
            self._at += 1
            repeat = _Repeat(1 if sign == "+" else 0, 1 if sign == "?" else None)
        else:
            return _Repeat()
        if self._peek() and self._peek() in "?+":
            self._at += 1  # lazy or possessive: the same texts
        return repeat

    def _set(self) -> str:
        negated = self._peek() == "^"
        self._at += negated
        singles, ranges = [], []
        first = True
        while first or self._peek() != "]":
            first = False
            low = self._member()
            if len(low) == 1 and self._peek() == "-" and self._pattern[self._at + 1] != "]":
                self._at += 1
                high = self._member()
                if len(high) != 1:
                    raise _NotSimple
                ranges.append((low, high))
            else:
                singles.append(low)
        self._at += 1
        if not negated:
            return singles[0][:1] if singles and not ranges else ranges[0][0]
        for sign in _CANDIDATES:
            if not any(sign in single for single in singles) and not any(a <= sign <= b for a, b in ranges):
                return sign
        raise _NotSimple

    def _member(self) -> str:
        """One character of a set, or all that a class in it stands for."""
        sign = self._take()
        if sign != "\\":
            return sign
        sign = self._take()
        if sign in _WITHIN:
            return _WITHIN[sign]
        if sign == "b" or sign in "DWS":
            raise _NotSimple
        return _CONTROLS.get(sign, sign)
