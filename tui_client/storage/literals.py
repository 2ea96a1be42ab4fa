"""Values as TOML text."""

from __future__ import annotations

import difflib
import re
import tomllib
from datetime import date, datetime, time
from typing import Any, Final

from tui_client.storage.document import FloatText, has_conflict_markers
from tui_client.storage.node import scalar_text

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LINE_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_SHORT: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def key_literal(name: str) -> str:
    """A key, quoted where it must be."""
    return name if _BARE_KEY.fullmatch(name) else _basic(name)


def dotted_literal(names: tuple[str | int, ...]) -> str:
    """A table's name: `capture."a b"`; indexes of arrays of tables are not written."""
    return ".".join(key_literal(name) for name in names if isinstance(name, str))


def literal(value: Any, *, lines: bool = False) -> str:
    """A value in TOML; with `lines`, text of several lines is written over several lines.

    Raises ValueError for what TOML can't say: bytes, None, lone surrogates.
    """
    match value:
        case str():
            return multiline(value) if lines and "\n" in value else one_line(value)
        case bool() | FloatText() | int() | float() | datetime() | date() | time():
            return scalar_text(value)
        case list() | tuple():
            return "[" + ", ".join(literal(item) for item in value) + "]"
        case dict():
            pairs = ", ".join(f"{key_literal(key)} = {literal(item)}" for key, item in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
        case _:
            raise ValueError(f"TOML has no way to write {type(value).__name__}")


def one_line(text: str) -> str:
    """Text in one line: in single quotes where that saves escapes."""
    if any(sign in text for sign in '"\\') and "'" not in text and not _LINE_CONTROL.search(text):
        _encodable(text)
        return f"'{text}'"
    return _basic(text)


def multiline(text: str) -> str:
    """Text over several lines, as it is between ''' where it can be, else with escapes between \"\"\"."""
    _encodable(text)
    if has_conflict_markers(text):
        # Lines that look like an unfinished merge would make the file unreadable.
        return _basic(text)
    if _fits_literal(text):
        return f"'''\n{text}'''"
    return '"""\n' + _escaped_lines(text) + '"""'


def multiline_like(old: str, text: str) -> str:
    """New text for a value that was written as `old`: the same quotes, unchanged lines as they stood."""
    _encodable(text)
    quotes, inner = old[:3], old[3:-3]
    head = "\n" if inner.startswith("\n") else ""
    if head == "" and text.startswith("\n"):
        head = "\n"
    if has_conflict_markers(text):
        return _basic(text)
    if quotes == "'''":
        return f"'''{head}{text}'''" if _fits_literal(text) else multiline(text)
    return f'"""{head}{_kept_lines(inner.removeprefix(chr(10)), text)}"""'


def _fits_literal(text: str) -> bool:
    return "'''" not in text and not text.endswith("'") and not _CONTROL.search(text)


def _kept_lines(source: str, text: str) -> str:
    written = source.split("\n")
    read = [_decoded(line) for line in written]
    wanted = text.split("\n")
    if None in read:
        return _escaped_lines(text)
    out: list[str] = []
    matcher = difflib.SequenceMatcher(None, read, wanted, autojunk=False)
    for kind, start, end, wanted_start, wanted_end in matcher.get_opcodes():
        if kind == "equal":
            out += written[start:end]
        else:
            out += [_escaped(line) for line in wanted[wanted_start:wanted_end]]
    # Only the last line stands right before the closing quotes.
    return "\n".join((*out[:-1], _escaped_lines(wanted[-1]) if wanted[-1] not in read[-1:] else out[-1]))


def _decoded(line: str) -> str | None:
    """One line of a \"\"\" text by itself; None if it only makes sense with its neighbours."""
    if (len(line) - len(line.rstrip("\\"))) % 2:
        return None
    try:
        return str(tomllib.loads(f'k = """{line}"""')["k"])
    except tomllib.TOMLDecodeError:
        return None


def _escaped_lines(text: str) -> str:
    body = text.rstrip('"')
    return _escaped(body) + '\\"' * (len(text) - len(body))


def _escaped(text: str) -> str:
    return _CONTROL.sub(_escape, text.replace("\\", "\\\\").replace('"""', '""\\"'))


def _basic(text: str) -> str:
    _encodable(text)
    return '"' + re.sub(r'[\x00-\x1f\x7f"\\]', _escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04X}"


def _encodable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"a lone surrogate at character {error.start + 1} can't be written") from None
