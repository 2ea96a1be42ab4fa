"""Values, headers and bodies as Python writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tui_client.formats._code.call import Call
from tui_client.formats._code.content import FileContent, FormContent, MultipartContent, PartContent, Rows, TextContent
from tui_client.formats._code.text import Hole, How, Text, literal

INDENT: Final = "    "
_WIDE: Final = 100
_QUOTES: Final = "\"'"
_MOST_OPENED: Final = 4
_MOST_ADDED: Final = 200
_PLAIN: Final = re.compile(r"[ !#-\[\]-~]*")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str) -> str:
    """A string literal, in double quotes unless single ones save escapes; what can't be seen is escaped."""
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
    written = "".join(map(_sign, text))
    if '"' in written and "'" not in written:
        # Each was escaped by one backslash more than its own, so no other one is taken away.
        return "'" + written.replace('\\"', '"') + "'"
    return f'"{written}"'


def _sign(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    if sign.isprintable():
        return sign
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def indented(lines: Iterable[str], depth: int = 1) -> list[str]:
    """Lines farther in; no string of ours spans lines."""
    return [f"{INDENT * depth}{line}" if line else "" for block in lines for line in block.split("\n")]


def bracketed(opening: str, rows: Sequence[str], closing: str) -> str:
    """One row a line, or all in one line where they are short."""
    if not rows:
        return opening + closing
    flat = f"{opening}{', '.join(rows)}{closing}"
    if len(flat) <= _WIDE - 20 and "\n" not in flat:
        return flat
    return "\n".join([opening, *indented(f"{row}," for row in rows), closing])


class Python:
    """Writes expressions and notes what they need. granted: the expression of an access token."""

    def __init__(self) -> None:
        self.imports: set[str] = set()
        self.granted = 'granted.json()["access_token"]'

    def header(self, *libraries: str) -> list[str]:
        """The lines of all imports: Python's own, then the library's."""
        own = sorted(line for line in self.imports if line.startswith("import"))
        if names := sorted(line.rpartition(" ")[2] for line in self.imports if line.startswith("from")):
            own.append(f"from urllib.parse import {', '.join(names)}")
        return [*own, *([""] if own else []), *libraries]

    def need(self, line: str) -> None:
        """An import."""
        self.imports.add(line)

    def text(self, text: Text) -> str:
        """An expression of type str."""
        pieces = [piece for part in text for piece in self._pieces(part)]
        if not pieces:
            return '""'
        whole = literal(text)
        if whole is not None and len(pieces) == 1:
            return pieces[0]
        if whole is None and len(text) > _MOST_ADDED:
            # A compiler's depth is limited.
            return bracketed('"".join([', pieces, "])")
        if sum(map(len, pieces)) < _WIDE and not (whole is None and any(map(_ends_line, text[:-1]))):
            return " + ".join([quoted(whole)] if whole is not None else pieces)
        return "\n".join(["(", *indented(_lines_of(pieces)), ")"])

    def bytes(self, text: Text, charset: str = "utf-8") -> str:
        """An expression of type bytes."""
        whole = literal(text)
        if whole is not None and whole.isascii() and "\n" not in whole and charset in ("utf-8", "us-ascii"):
            return f"b{quoted(whole)}"
        written = self.text(text)
        if not (written.startswith("(") or (written[0] in _QUOTES and whole is not None)) and len(text) > 1:
            written = f"({written})"
        return f"{written}.encode()" if charset == "utf-8" else f"{written}.encode({quoted(charset)})"

    def header_value(self, text: Text) -> str:
        """A header's value: libraries take ASCII as str, all else as bytes."""
        whole = literal(text)
        return self.text(text) if whole is None or whole.isascii() else self.bytes(text)

    def credential(self, text: Text) -> str:
        """A user or password in UTF-8; some libraries would write a str in Latin-1."""
        whole = literal(text)
        return self.text(text) if whole is not None and whole.isascii() else self.bytes(text)

    def pairs(self, rows: Rows) -> list[str]:
        """Tuples of name and value."""
        return [f"({self.text(name)}, {self.text(value)})" for name, value in rows]

    def part(self, part: PartContent, file: str) -> str:
        """One row of files=[…]; `file` names what is open."""
        name = self.text(part.filename) if part.filename else "None"
        value = file or self.text(part.value)
        kind = f", {self.text(part.media_type)}" if part.media_type else ""
        return f"({self.text(part.name)}, ({name}, {value}{kind}))"

    def files(self, call: Call) -> tuple[list[str], list[str]]:
        """The names under which the call's files are open, one a part ("" for a value), and the `with` for them."""
        match call.content:
            case FileContent(path=path):
                paths = [path]
            case MultipartContent(parts=parts):
                paths = [part.file for part in parts]
            case _:
                return [], []
        several = sum(map(bool, paths)) > 1
        names = [f"file_{index}" if several else "file" if path else "" for index, path in enumerate(paths, 1)]
        names = [name if path else "" for name, path in zip(names, paths, strict=True)]
        opened = [(f'open({self.text(path)}, "rb")', name) for name, path in zip(names, paths, strict=True) if path]
        return names, self._opening(opened)

    def _opening(self, opened: list[tuple[str, str]]) -> list[str]:
        if len(opened) > _MOST_OPENED:
            # Python nests no more than twenty.
            self.need("import contextlib")
            entered = [f"{name} = files.enter_context({file})" for file, name in opened]
            return ["with contextlib.ExitStack() as files:", *indented(entered)]
        return [f"with {', '.join(f'{file} as {name}' for file, name in opened)}:"] if opened else []

    def body(self, call: Call, names: Sequence[str], *, raw: str, pairs: bool) -> list[str]:
        """The arguments for the body. raw: the name of the one for bytes. pairs: whether data= takes a list of them."""
        match call.content:
            case TextContent(text=text, charset=charset):
                return [f"{raw}={self.bytes(text, charset)}"]
            case FormContent() as form if form.plain and (pairs or _distinct(form.fields)):
                rows = self.pairs(form.fields) if pairs else [f"{self.text(n)}: {self.text(v)}" for n, v in form.fields]
                return [f"data={bracketed('[', rows, ']') if pairs else bracketed('{', rows, '}')}"]
            case FormContent() as form:
                return [f"{raw}={self.bytes(form.as_text)}"]
            case MultipartContent(parts=parts):
                rows = [self.part(part, name) for part, name in zip(parts, names, strict=True)]
                return [f"files={bracketed('[', rows, ']')}"]
            case FileContent():
                return [f"{raw}={names[0]}"]
            case None:
                return []

    def showing(self, call: Call, sending: str) -> list[str]:
        """The statements that send, show the reply, and keep what later requests need of it."""
        if not call.kept:
            return [f"show({sending})"]
        self.need("import os")
        values = [(kept.name, "".join(f"[{_step(step)}]" for step in kept.steps)) for kept in call.kept]
        keeping = [f"os.environ[{quoted(name)}] = str(response.json(){steps})" for name, steps in values]
        return [f"response = {sending}", "show(response)", *keeping]

    def _pieces(self, piece: str | Hole) -> Iterator[str]:
        if isinstance(piece, Hole):
            yield self._value(piece)
            return
        if len(piece) < _WIDE and piece.count("\n") <= 1:
            yield quoted(piece)
            return
        yield from (quoted(line) for line in piece.splitlines(keepends=True))

    def _value(self, hole: Hole) -> str:
        if hole.how is How.GRANTED:
            return self.granted
        self.need("import os")
        value = f"os.environ[{quoted(hole.name)}]"
        match hole.how:
            case How.URL:
                self.need("from urllib.parse import quote")
                return f'quote({value}, safe="")'
            case How.FORM:
                self.need("from urllib.parse import quote_plus")
                return f"quote_plus({value})"
            case How.JSON:
                self.need("import json")
                return f"json.dumps({value}, ensure_ascii=False)[1:-1]"
            case _:
                return value


def _step(step: str | int) -> str:
    return quoted(step) if isinstance(step, str) else str(step)


def _distinct(fields: Rows) -> bool:
    names = [literal(name) for name, _ in fields]
    return None not in names and len(set(names)) == len(names)


def _ends_line(piece: str | Hole) -> bool:
    return isinstance(piece, str) and "\n" in piece


def _lines_of(pieces: Sequence[str]) -> Iterator[str]:
    """Literals stand below each other, and what is between them is added with its neighbours."""
    line = ""
    for piece in pieces:
        is_literal = piece[0] in _QUOTES
        if not line:
            line = piece
        elif is_literal and line.endswith(('\\n"', "\\n'")):
            yield line
            line = piece
        elif len(line) + len(piece) > _WIDE:
            yield line
            line = f"+ {piece}"
        else:
            line += f" + {piece}"
    yield line
