"""Data rows from CSV, JSON and JSONL files, read as they are needed, never the file whole."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import itertools
import json
import re
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TextIO, TypeAlias

import msgspec

from tui_client import disk
from tui_client.errors import BrokenFile, Failure, FailureKind, UsageError
from tui_client.model.values import Value
from tui_client.replay import json_rows

_BATCH: Final = 256  # rows fetched at a time from the reading thread
_PIECE: Final = 1 << 20  # bytes
_ROW_LIMIT: Final = 16 * 1024 * 1024  # characters
_ESCAPED: Final = re.compile("[\udc80-\udcff]")


class Mark(msgspec.Struct, frozen=True):
    """What a file was like: its size in bytes and when it was last written."""

    size: int
    mtime_ns: int


def mark_of(path: Path) -> Mark:
    """What the file is like now. Raises BrokenFile if it can't be looked at."""
    try:
        found = path.stat()
    except OSError as error:
        raise _unread(path, error) from error
    return Mark(found.st_size, found.st_mtime_ns)


def digest_of(path: Path, wanted: Callable[[], bool] = lambda: True) -> str:
    """The SHA-256 of the file in hexadecimal; reads all of it, unless it is no longer wanted: then "".

    Raises BrokenFile.
    """
    digest = hashlib.sha256()
    try:
        with open(path, "rb", buffering=0, opener=disk.open_regular) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                if not wanted():
                    return ""
            return digest.hexdigest()
    except OSError as error:
        raise _unread(path, error) from error


class Row(msgspec.Struct, frozen=True):
    """One data row, counted from 1. Cells of a CSV file are text; JSON values keep their type."""

    number: int
    values: dict[str, Value]


class BadRow(msgspec.Struct, frozen=True):
    """A row that can't be used; the failure says which, why, and what was done."""

    number: int
    failure: Failure


AnyRow: TypeAlias = Row | BadRow


def columns(path: Path) -> frozenset[str] | None:
    """The names every row has: a CSV header. None where each row has its own (JSON, JSONL).

    Raises UsageError for an empty file, BrokenFile for one that can't be read or whose header can't be used.
    """
    if path.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        next(read_rows(path))
        return None
    with _opened(path) as file:
        return frozenset(_header(path, csv.reader(_Lines(file))))


def read_rows(path: Path) -> Iterator[AnyRow]:
    """All rows of a file, by its suffix: .json (an array of objects), .jsonl or .ndjson, else CSV.

    Raises UsageError for a file without rows, BrokenFile for one that can't be read or whose header can't be used.
    """
    readers = {".json": _json_rows, ".jsonl": _jsonl_rows, ".ndjson": _jsonl_rows}
    rows = readers.get(path.suffix.lower(), _csv_rows)(path)
    first = next(rows, None)
    if first is None:
        raise UsageError(f"The data file {path} has no rows.")
    return itertools.chain([first], rows)


async def stream_rows(path: Path, mark: Mark | None = None) -> AsyncGenerator[AnyRow, None]:
    """The same without holding up the event loop: a thread reads ahead by a few hundred rows.

    mark: what the file was like before, None for what it is like now. Raises BrokenFile too once it is another one.
    """
    before = await asyncio.to_thread(mark_of, path) if mark is None else mark
    rows = await asyncio.to_thread(read_rows, path)
    while batch := await asyncio.to_thread(_next_rows, path, before, rows):
        for row in batch:
            yield row


def _next_rows(path: Path, mark: Mark, rows: Iterator[AnyRow]) -> list[AnyRow]:
    batch = list(itertools.islice(rows, _BATCH))
    # What was read before may be of one version and this of another: rows would be lost, or done twice.
    if mark_of(path) != mark:
        raise BrokenFile(path, "changed while its rows were read. Restore it and resume the run, or replay it anew")
    return batch


def count_rows(path: Path, wanted: Callable[[], bool] = lambda: True) -> int:
    """How many rows the file gives; reads it once from end to end, unless the number is no longer wanted."""
    count = 0
    for count, _ in enumerate(read_rows(path), start=1):
        if count % _BATCH == 0 and not wanted():
            break
    return count


def _unread(path: Path, error: OSError) -> BrokenFile:
    if isinstance(error, disk.NoFile):
        return BrokenFile(path, "is not a regular file; its rows are read more than once, so write them to one first")
    return BrokenFile(path, f"can't be read: {error.strerror or error}")


class _TooLong(Exception):
    """A row, or the header, goes on and on."""


class _Lines:
    """The lines of a file, with an end to what is read of it for one row."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._left = _ROW_LIMIT

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """Raises _TooLong."""
        line = self._file.readline(self._left + 1)
        self._left -= len(line)
        if self._left < 0:
            raise _TooLong
        if not line:
            raise StopIteration
        return line

    def begin(self) -> None:
        """What comes now is of another row."""
        self._left = _ROW_LIMIT


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        # utf-8-sig: spreadsheets write a byte order mark that is no part of the first column's name.
        # surrogateescape: a bad byte spoils its own row, not the reading of the rest.
        file = open(path, encoding="utf-8-sig", errors="surrogateescape", newline="", opener=disk.open_regular)  # noqa: SIM115 - only this takes an opener
        with file:
            yield file
    except OSError as error:
        raise _unread(path, error) from error


def _is_text(*parts: str) -> bool:
    return all(part.isascii() or not _ESCAPED.search(part) for part in parts)


def _bad(path: Path, number: int, reason: str) -> BadRow:
    return BadRow(number, Failure(FailureKind.DATA_ROW, f"Row {number} of {path.name}", str(path), reason))


def _header(path: Path, reader: Iterator[list[str]]) -> list[str]:
    try:
        names = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise BrokenFile(path, f"the header can't be read: {error}", line=1) from error
    except _TooLong as error:
        raise BrokenFile(path, f"the header is longer than {_ROW_LIMIT >> 20} MiB", line=1) from error
    if not names:
        raise UsageError(f"The data file {path} is empty: its first line must name the columns.")
    seen: set[str] = set()
    for place, name in enumerate(names, start=1):
        if not name:
            raise BrokenFile(path, f"column {place} has no name", line=1)
        if name in seen:
            raise BrokenFile(path, f"the column {name} stands twice", line=1)
        seen.add(name)
    if not _is_text(*names):
        raise BrokenFile(path, "the header is not UTF-8", line=1)
    return names


def _csv_rows(path: Path) -> Iterator[AnyRow]:
    csv.field_size_limit(_ROW_LIMIT)
    with _opened(path) as file:
        lines = _Lines(file)
        reader = csv.reader(lines)
        names = _header(path, reader)
        number = 0
        while True:
            lines.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except _TooLong:
                yield _endless(path, number + 1, reader.line_num + 1)
                return
            except csv.Error as error:
                number += 1
                yield _bad(
                    path, number, f"line {reader.line_num} is not CSV ({error}); it was not sent, the rest goes on"
                )
                continue
            if not cells:
                continue  # a blank line, as most files have at their end
            number += 1
            yield _csv_row(path, names, cells, number, reader.line_num)


def _csv_row(path: Path, names: list[str], cells: list[str], number: int, line: int) -> AnyRow:
    if len(cells) != len(names):
        return _bad(
            path,
            number,
            f"line {line} has {len(cells)} cells, the header has {len(names)}; it was not sent, the rest goes on",
        )
    if not _is_text(*cells):
        return _bad(path, number, f"line {line} is not UTF-8; it was not sent, the rest goes on")
    return Row(number, dict(zip(names, cells, strict=True)))


def _endless(path: Path, number: int, line: int) -> BadRow:
    reason = f"line {line} goes on for more than {_ROW_LIMIT >> 20} MiB; it and all after it were not read"
    return _bad(path, number, reason)


def _checked(path: Path, number: int, value: Any) -> AnyRow:
    if not isinstance(value, dict):
        return _bad(path, number, "it is not a JSON object; it was not sent, the rest goes on")
    return Row(number, value)


def _jsonl_rows(path: Path) -> Iterator[AnyRow]:
    number = 0
    with _opened(path) as file:
        lines = _Lines(file)
        for line in itertools.count(1):
            lines.begin()
            try:
                text = next(lines, None)
            except _TooLong:
                yield _endless(path, number + 1, line)
                return
            if text is None:
                return
            if not text.strip():
                continue
            number += 1
            if not _is_text(text):
                yield _bad(path, number, f"line {line} is not UTF-8; it was not sent, the rest goes on")
                continue
            try:
                value = json.loads(text)
            except (ValueError, RecursionError) as error:
                yield _bad(path, number, f"line {line} is not JSON ({error}); it was not sent, the rest goes on")
                continue
            yield _checked(path, number, value)


def _json_rows(path: Path) -> Iterator[AnyRow]:
    number = 0
    with _opened(path) as file:
        try:
            for value in json_rows.read_array(file):
                number += 1
                yield _checked(path, number, value)
        except json_rows.NotAnArray as error:
            if not number:
                raise BrokenFile(path, f"not a JSON array of objects: {error}") from error
            yield _bad(path, number + 1, f"{error}; it and all after it were not read")
