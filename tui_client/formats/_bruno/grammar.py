"""The brace grammar of .bru files: blocks of rows, of text and of names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from tui_client.formats._format import FormatError

_OPENS: Final = re.compile(r"([A-Za-z][\w:.\-]*)[ \t]*([{\[])[ \t]*")
_NAMES_AT_ONCE: Final = re.compile(r"([A-Za-z][\w:.\-]*)[ \t]*\[([^\]\n]*)\][ \t]*")
_EMPTY: Final = re.compile(r"([A-Za-z][\w:.\-]*)[ \t]*\{[ \t]*\}[ \t]*")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"[ \t]*:(.*)', re.DOTALL)
_FENCE: Final = "'''"
_TEXT: Final = ("body", "script:", "tests", "docs")
_ROWS_OF_BODY: Final = ("body:form-urlencoded", "body:multipart-form", "body:file", "body:ws", "body:grpc")


class Row(msgspec.Struct, frozen=True):
    """`name: value`, `~` before it where it is disabled. note: of an annotation before it, its description."""

    name: str
    value: str
    enabled: bool = True
    note: str = ""
    names: tuple[str, ...] = ()


class Block(msgspec.Struct, frozen=True):
    """One block. Of text, rows or names the one that its kind has is given."""

    name: str
    line: int
    text: str = ""
    rows: tuple[Row, ...] = ()
    names: tuple[str, ...] = ()


def blocks(source: str) -> list[Block]:
    """All blocks of a file. Raises FormatError: "line 3: …"."""
    lines = source.removeprefix("\ufeff").split("\n")
    found, at = [], 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
            continue
        block, at = _block(lines, at)
        found.append(block)
    return found


def _block(lines: list[str], at: int) -> tuple[Block, int]:
    number = at + 1
    if match := _NAMES_AT_ONCE.fullmatch(lines[at]):
        return Block(match[1], number, names=_names(match[2].split(","))), at + 1
    if match := _EMPTY.fullmatch(lines[at]):
        return Block(match[1], number), at + 1
    match = _OPENS.fullmatch(lines[at])
    if match is None:
        raise FormatError(f"line {number}: a block was expected, such as meta {{")
    end = _end(lines, at + 1, "}" if match[2] == "{" else "]", match[1])
    inside = lines[at + 1 : end]
    if match[2] == "[":
        return Block(match[1], number, names=_names(inside)), end + 1
    if _is_text(match[1]):
        return Block(match[1], number, text="\n".join(line.removeprefix("  ") for line in inside)), end + 1
    return Block(match[1], number, rows=tuple(_rows(inside))), end + 1


def _end(lines: list[str], at: int, sign: str, name: str) -> int:
    for number in range(at, len(lines)):
        if lines[number].startswith(sign) and not lines[number][1:].strip():
            return number
    raise FormatError(f"line {at}: the block {name} does not end")


def _is_text(name: str) -> bool:
    return name.startswith(_TEXT) and name not in _ROWS_OF_BODY


def _names(pieces: list[str]) -> tuple[str, ...]:
    return tuple(name for piece in pieces if (name := piece.strip().rstrip(",").strip()))


def _rows(lines: list[str]) -> Iterator[Row]:
    at, note = 0, ""
    while at < len(lines):
        line = lines[at].strip()
        at += 1
        if line.startswith("@description(") and line.endswith(")"):
            note = line.removeprefix("@description(")[:-1].strip("'\"")
            continue
        if not line:
            continue
        name, value, enabled = _pair(line)
        if value.startswith(_FENCE):
            value, at = _fenced(lines, at, value)
            yield Row(name, value, enabled, note)
        elif value == "[":
            end = next((each for each in range(at, len(lines)) if lines[each].strip() == "]"), len(lines))
            yield Row(name, "", enabled, note, _names(lines[at:end]))
            at = end + 1
        else:
            yield Row(name, value, enabled, note)
        note = ""


def _pair(line: str) -> tuple[str, str, bool]:
    enabled = not line.startswith("~")
    line = line if enabled else line[1:]
    if match := _QUOTED.fullmatch(line):
        return match[1].replace('\\"', '"'), match[2].strip(), enabled
    name, colon, value = line.partition(": ")
    if not colon:
        name, _, value = line.partition(":")
    return name.strip(), value.strip(), enabled


def _fenced(lines: list[str], at: int, first: str) -> tuple[str, int]:
    """The value between fences of three quotes, without the indentation that its lines share, and the line after."""
    opened = first[len(_FENCE) :]
    if _FENCE in opened:
        within, _, rest = opened.rpartition(_FENCE)
        return within + rest, at
    end = next((each for each in range(at, len(lines)) if _FENCE in lines[each]), len(lines))
    margin = min((len(line) - len(line.lstrip()) for line in lines[at:end] if line.strip()), default=0)
    last, _, rest = lines[end].rpartition(_FENCE) if end < len(lines) else ("", "", "")
    inside = [opened] if opened.strip() else []
    inside += [line[margin:] for line in lines[at:end]]
    inside += [last] if last.strip() else []
    return "\n".join(inside) + rest, end + 1
