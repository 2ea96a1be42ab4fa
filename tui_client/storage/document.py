"""A TOML file as text and table, read with guards before the parser sees it."""

from __future__ import annotations

import hashlib
import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import msgspec

from tui_client import disk
from tui_client.errors import BrokenFile
from tui_client.storage.positions import Outline, Place, line_column, outline, toml_path
from tui_client.text.toml_limits import TOKEN, excess

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_DIGITS: Final = 4300  # Python's own limit

_DIGITS: Final = re.compile(r"-?[0-9_]+")
_CONFLICT: Final = tuple(
    re.compile(rf"^{mark}\r?$", re.MULTILINE) for mark in ("<{7}(?: [^\n]*)?", "={7}", ">{7}(?: [^\n]*)?")
)
# Where a key has a part before a dot; also in texts that look like it, since this is only to tell whether to look.
_DOTTED: Final = re.compile(
    r"""(?:^|[{,])[ \t]*(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ \t]*\.""", re.MULTILINE
)
_AT: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class FloatText(float):
    """A float that keeps how it was written: `1.10` stays "1.10" in a parameter."""

    __slots__ = ("text",)
    text: str

    @classmethod
    def read(cls, text: str) -> FloatText:
        """A float from TOML's notation; underscores go."""
        value = cls(text)
        value.text = text.replace("_", "")
        return value


class Fingerprint(msgspec.Struct, frozen=True):
    """How a file stood when it was read; `digest` (SHA-256 of its bytes) decides whether it changed."""

    mtime_ns: int
    size: int
    digest: str


class Document:
    """The text of a file (no BOM, line ends as they are), its table, and where each key stands."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        self.table: dict[str, Any] = _parse(path, text)

    @cached_property
    def outline(self) -> Outline:
        """Where each key, header and item stands in the text."""
        return outline(self.text)

    def is_dotted(self, place: Place) -> bool:
        """Whether the key of a table was written with a dot, `a.b = 1`, so that nobody said `a` alone."""
        return self._may_be_dotted and place in self.outline.dotted

    @cached_property
    def _may_be_dotted(self) -> bool:
        return _DOTTED.search(self.text) is not None

    def broken(self, place: Place, reason: str) -> BrokenFile:
        """An error about the value at `place`, with its line and column."""
        line, column = line_column(self.text, self.outline.find(place))
        return BrokenFile(self.path, reason, line=line, column=column, toml_path=toml_path(place))


def read_bytes(path: Path, root: Path | None = None) -> tuple[bytes, Fingerprint]:
    """The bytes of a regular file and its fingerprint. root: what it must not lead out of.

    Raises BrokenFile for what can't be read or is too large.
    """
    try:
        data, status = disk.read_file(path, root, MAX_BYTES)
    except disk.Outside as error:
        raise BrokenFile(path, "is a link that leads out of the collection") from error
    except disk.NoFile as error:
        raise BrokenFile(path, "is not a regular file") from error
    except OSError as error:
        raise BrokenFile(path, f"can't be read: {error.strerror or error}") from error
    if len(data) > MAX_BYTES:
        raise BrokenFile(path, f"is larger than {MAX_BYTES // 1024 // 1024} MiB")
    return data, Fingerprint(status.st_mtime_ns, len(data), hashlib.sha256(data).hexdigest())


def decode(path: Path, data: bytes) -> str:
    """UTF-8 with or without a BOM. Raises BrokenFile with the place of the first byte that isn't."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = line_column(before, len(before))
        reason = f"is not UTF-8: byte 0x{data[error.start]:02x}"
        raise BrokenFile(path, reason, line=line, column=column) from error


def read_document(path: Path, root: Path | None = None) -> Document:
    """Read and parse one file; root as in `read_bytes`. Raises BrokenFile."""
    return Document(path, decode(path, read_bytes(path, root)[0]))


def has_conflict_markers(text: str) -> re.Match[str] | None:
    """The three marks of an unfinished merge, each at the start of its line, one after the other; the first of them."""
    # One after the other, not in one pattern: that takes minutes for some files of a few kilobytes.
    begin, middle, end = _CONFLICT
    first = begin.search(text) if "<<<<<<<" in text else None
    second = middle.search(text, first.end()) if first else None
    return first if second and end.search(text, second.end()) else None


def _parse(path: Path, text: str) -> dict[str, Any]:
    if conflict := has_conflict_markers(text):
        line, column = line_column(text, conflict.start())
        raise BrokenFile(path, "has merge-conflict markers; choose one side", line=line, column=column)
    if found := excess(text):
        line, column = line_column(text, found.at)
        raise BrokenFile(path, found.reason, line=line, column=column)
    try:
        return tomllib.loads(text, parse_float=FloatText.read)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, text, str(error)) from error
    except RecursionError as error:
        raise BrokenFile(path, "is nested too deep") from error
    except ValueError as error:
        raise _too_long(path, text) from error


def _too_long(path: Path, text: str) -> BrokenFile:
    """What int() refuses with a plain ValueError, and advice for programmers: a number of too many digits."""
    reason = f"holds a whole number of more than {MAX_DIGITS:,} digits"
    for token in TOKEN.finditer(text):
        if _DIGITS.fullmatch(token[0]) and len(token[0].lstrip("-").replace("_", "")) > MAX_DIGITS:
            line, column = line_column(text, token.start())
            return BrokenFile(path, reason, line=line, column=column)
    return BrokenFile(path, reason)


def _syntax_error(path: Path, text: str, message: str) -> BrokenFile:
    found = _AT.search(message)
    reason = _AT.sub("", message)
    if found is None:
        return BrokenFile(path, reason)
    if found[1] is None:
        line, column = line_column(text, len(text))
        return BrokenFile(path, f"{reason}: the file ends too early", line=line, column=column)
    return BrokenFile(path, reason, line=int(found[1]), column=int(found[2]))
