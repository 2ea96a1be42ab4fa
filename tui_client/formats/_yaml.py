"""YAML with the scalars of version 1.2, made of libyaml's events: composing nodes would crash on deep nesting.

What an anchor names is one value, however often it is named, and counted as if it was copied each time.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

import yaml

from tui_client.formats._data import MAX_DEPTH, MAX_NODES
from tui_client.formats._format import FormatError

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAGS: Final = "tag:yaml.org,2002:"
_WORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{f"{sign}.{word}": float(f"{sign}inf") for sign in ("", "+", "-") for word in ("inf", "Inf", "INF")},
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
# Plain PyYAML makes `on` True, 22:22:22 80542 and dates objects.
_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,300}")
_OTHER_BASE: Final = re.compile(r"0o[0-7]{1,300}|0x[0-9a-fA-F]{1,300}")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,9})?")
_MERGE: Final = "<<"
_LONG: Final = 128  # characters of a text count as a value: an anchor may name it again and again


class Tagged(NamedTuple):
    """A value with a tag of its own: `!request {…}`."""

    tag: str
    value: Any


class _Open:
    """A list or a table that is being read. size: how many values it is with all that is in it."""

    def __init__(self, anchor: str | None, tag: str, *, is_table: bool) -> None:
        self.anchor = anchor
        self.tag = tag
        self.is_table = is_table
        self.size = 1
        self.items: list[Any] = []
        self.keys: list[str] = []

    def value(self) -> Any:
        """All that was read, made a list or a table; of two of a name the later counts."""
        if not self.is_table:
            return self.items
        table: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, value in zip(self.keys, self.items, strict=False):
            if key != _MERGE:
                table[key] = value
                continue
            for one in value if isinstance(value, list) else [value]:
                one = one.value if isinstance(one, Tagged) else one
                merged = {**(one if isinstance(one, dict) else {}), **merged}
        return {**merged, **table} if merged else table


class _Builder:
    """Takes events, one after the other; `result` is a list with the document once it has ended."""

    def __init__(self, *, typed: bool, tags: bool) -> None:
        self._typed = typed
        self._tags = tags
        self.result: list[Any] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._total = 0

    def take(self, event: Any) -> None:
        """The next event."""
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                if len(self._open) >= MAX_DEPTH:
                    raise FormatError(f"is nested deeper than {MAX_DEPTH}")
                is_table = isinstance(event, yaml.MappingStartEvent)
                self._open.append(_Open(event.anchor, self._tag(event), is_table=is_table))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                done = self._open.pop()
                value = Tagged(done.tag, done.value()) if done.tag else done.value()
                self._put(value, done.size, done.anchor)
            case yaml.AliasEvent():
                if event.anchor not in self._anchors:
                    raise FormatError(f"has an alias, *{event.anchor}, of nothing before it")
                self._put(*self._anchors[event.anchor], None)

    def _tag(self, event: Any) -> str:
        """A tag that is neither one of YAML's own nor "!"."""
        own = self._tags and event.tag is not None and event.tag[:1] == "!" and len(event.tag) > 1
        return str(event.tag) if own else ""

    def _scalar(self, event: Any) -> None:
        if self._wants_key():
            # A name is text: 200 among the responses, on among the triggers.
            self._open[-1].keys.append(event.value)
            if event.anchor:
                self._anchors[event.anchor] = event.value, 1
            return
        kind = "" if event.tag is None else event.tag.removeprefix(_TAGS)
        plain = event.implicit[0] and kind in ("", "!")
        size = 1 + len(event.value) // _LONG
        if tag := self._tag(event):
            self._put(Tagged(tag, _plain(event.value) if event.style is None else event.value), size, event.anchor)
            return
        if not self._typed:
            self._put(None if plain and _WORDS.get(event.value, 1) is None else event.value, size, event.anchor)
            return
        typed = plain or kind in ("int", "float", "bool", "null")
        self._put(_plain(event.value) if typed else event.value, size, event.anchor)

    def _wants_key(self) -> bool:
        return bool(self._open) and self._open[-1].is_table and len(self._open[-1].keys) == len(self._open[-1].items)

    def _put(self, value: Any, size: int, anchor: str | None) -> None:
        self._total += 1
        if size > MAX_NODES or self._total > MAX_NODES:
            raise FormatError(f"has more than {MAX_NODES:,} values, those of its anchors counted each time")
        if anchor:
            self._anchors[anchor] = value, size
        if not self._open:
            self.result.append(value)
        elif self._wants_key():
            self._open[-1].keys.append(str(value)[:200])
        else:
            self._open[-1].items.append(value)
            self._open[-1].size += size


def load(text: str, *, typed: bool = True, tags: bool = False) -> Any:
    """The first document of a text; None if it is empty. Raises FormatError.

    Not typed: every scalar but null is its text, as for fields that can only be text: 08 and 1e5 stay what they are.
    tags: values with a tag of their own are `Tagged`; else tags mean nothing.
    """
    builder = _Builder(typed=typed, tags=tags)
    try:
        loader = _LOADER(text)
        try:
            while not builder.result and loader.check_event():
                builder.take(loader.get_event())
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise FormatError(f"is not YAML: {error.problem or error.context}{where}") from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise FormatError(f"is not YAML: {error}") from error
    return builder.result[0] if builder.result else None


def _plain(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OTHER_BASE.fullmatch(text):
        return int(text[2:], 8 if text[1] == "o" else 16)
    return float(text) if _FLOAT.fullmatch(text) else text
