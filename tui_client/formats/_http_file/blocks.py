"""The text of a file as blocks between `###`, each with its parts still as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tui_client.formats._format import FormatError
from tui_client.formats._found import Script

MAX_BLOCKS: Final = 100_000
_COMMENT: Final = re.compile(r"\s*(?:#|//)(.*)")
_META: Final = re.compile(r"\s*(?:#|//)\s*@([A-Za-z][\w-]*)\s*(.*)")
_VARIABLE: Final = re.compile(r"\s*@([^\s=]+)\s*=\s*(.*)")
_HEADER: Final = re.compile(r"\s*([^\s:{}][^\s:]*|\{\{[^{}]*\}\}[^\s:]*)\s*:\s*(.*)")
_DISABLED: Final = re.compile(r"\s*(?:#|//)\s*([A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*):\s+(\S.*)")
_LINE: Final = re.compile(r"\s*([A-Za-z][\w-]*)[ \t]+(\S.*)")
_VERSION: Final = re.compile(r"[ \t]HTTP/[0-9.]+[ \t]*$")
_INLINE: Final = re.compile(r"\s*([<>])\s*\{%(.*)")
_SCRIPT_FILE: Final = re.compile(r"([<>])\s+(\S.*\.(?:js|mjs|cjs|ts))\s*")
_SAVED: Final = re.compile(r"(>>!?|<>)\s+(\S.*)")
_TESTED: Final = re.compile(r"\s*\?\?\s*(\S.*)")
_BLOCK: Final = re.compile(r"\{\{(?:[@+][\w@+]*)?\s*")
_OTHER: Final = re.compile(r"(import|run)\s+(\S.*)")


class Block:
    """One request, or what stands before the first: its parts as written, and the number of its line."""

    def __init__(self, number: int, title: str) -> None:
        self.line = number
        self.title = title
        self.method = ""
        self.url = ""
        self.meta: list[tuple[str, str]] = []
        self.variables: list[tuple[str, str]] = []
        self.headers: list[tuple[str, str, bool]] = []
        self.comments: list[str] = []
        self.body: list[str] = []
        self.scripts: list[Script] = []
        self.tests: list[str] = []
        self.odd: list[tuple[int, str, str]] = []


class _Lines:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0
        self.unclosed = False

    def __iter__(self) -> Iterator[str]:
        while self.at < len(self.lines):
            self.at += 1
            yield self.lines[self.at - 1]

    def until(self, end: str) -> list[str] | None:
        """The lines up to one that ends so, which is taken too; None, and nothing taken, if there is none."""
        for at in range(self.at, len(self.lines)):
            if self.lines[at].rstrip().endswith(end):
                taken = self.lines[self.at : at + 1]
                self.at = at + 1
                return taken
        return None


def blocks(text: str) -> list[Block]:
    """All blocks in the order of the file. Raises FormatError for far too many."""
    found: list[Block] = []
    start, title = 0, ""
    lines = text.split("\n")
    for at, line in enumerate([*lines, "###"]):
        if line.startswith("###"):
            found.append(_block(lines[start:at], start + 1, title))
            start, title = at + 1, line.strip("#").strip()
            if len(found) > MAX_BLOCKS:
                raise FormatError(f"has more than {MAX_BLOCKS:,} requests")
    return found


def _block(lines: list[str], number: int, title: str) -> Block:
    block = Block(number, title)
    rest = _Lines(lines)
    _before(block, rest)
    if block.url:
        _head(block, rest)
        _body(block, rest)
    return block


def _before(block: Block, rest: _Lines) -> None:
    number = block.line
    for line in rest:
        if not line.strip() or _note(block, line) or _code(block, line, rest):
            continue
        if variable := _VARIABLE.fullmatch(line):
            block.variables.append((variable[1], variable[2].strip()))
        elif other := _OTHER.fullmatch(line):
            block.odd.append((number + rest.at - 1, other[1], "another file is not read from here; import it too"))
        else:
            block.line = number + rest.at - 1
            _request_line(block, line.strip())
            return


def _request_line(block: Block, line: str) -> None:
    line = _VERSION.sub("", line)
    found = _LINE.fullmatch(line)
    # REST Client lets the method out: then the line is the URL.
    block.method, block.url = (found[1], found[2].strip()) if found else ("", line)


def _note(block: Block, line: str) -> bool:
    comment = _COMMENT.fullmatch(line)
    if comment is None:
        return False
    if meta := _META.fullmatch(line):
        block.meta.append((meta[1], meta[2].strip()))
    elif comment[1].strip():
        block.comments.append(comment[1].strip())
    return True


def _head(block: Block, rest: _Lines) -> None:
    """The rest of the URL, and headers, up to a blank line."""
    in_url = True
    for line in rest:
        if not line.strip():
            return
        if in_url and _goes_on(block.url, line):
            block.url += _VERSION.sub("", line).strip()
            continue
        if disabled := _DISABLED.fullmatch(line):
            block.headers.append((disabled[1], disabled[2].strip(), False))
            continue
        if _note(block, line) or _code(block, line, rest):
            continue
        in_url = False
        _header(block, line, block.line + rest.at)


def _goes_on(url: str, line: str) -> bool:
    """Whether a line is more of the URL: by how it begins, or by how the last one ended."""
    if line.strip()[0] in "?&":
        return True
    return line[0] in " \t" and (url[-1] in "?&" or (line.strip()[0] == "/" and not line.strip().startswith("//")))


def _header(block: Block, line: str, number: int) -> None:
    if found := _HEADER.fullmatch(line):
        block.headers.append((found[1], found[2].strip(), True))
    elif variable := _VARIABLE.fullmatch(line):
        block.variables.append((variable[1], variable[2].strip()))
    else:
        block.odd.append((number, line.strip()[:60], "it is neither a header nor a blank line before the body"))


def _body(block: Block, rest: _Lines) -> None:
    for line in rest:
        if line[:1] in ("<", ">", "?", "{") and _code(block, line, rest):
            continue
        block.body.append(line)
    while block.body and not block.body[-1].strip():
        block.body.pop()


def _code(block: Block, line: str, rest: _Lines) -> bool:
    """Take a script, a test or a place to save to, wherever it stands."""
    if inline := _INLINE.fullmatch(line):
        return _inline(block, inline[1], inline[2], rest)
    if file := _SCRIPT_FILE.fullmatch(line):
        block.scripts.append(Script(_phase(file[1]), "javascript", f"// {file[2].strip()}\n"))
        return True
    if saved := _SAVED.fullmatch(line):
        why = "that file holds an earlier reply" if saved[1] == "<>" else "replies are kept in the history, not there"
        block.odd.append((block.line, line.strip()[:200], why))
        return True
    if block.url and (tested := _TESTED.fullmatch(line)):
        block.tests.append(tested[1].strip())
        return True
    return bool(_BLOCK.fullmatch(line)) and _httpyac(block, line, rest)


def _inline(block: Block, sign: str, first: str, rest: _Lines) -> bool:
    if first.rstrip().endswith("%}"):
        taken: list[str] | None = [first.rstrip()]
    else:
        more = rest.until("%}")
        taken = None if more is None else [first, *(each.rstrip() for each in more)]
    if taken is None:
        # It was not closed: all that follows is part of it.
        taken = [first, *rest]
    content = "\n".join(taken).rstrip().removesuffix("%}").strip("\n").strip(" ")
    block.scripts.append(Script(_phase(sign), "javascript", content.rstrip() + "\n"))
    return True


def _httpyac(block: Block, line: str, rest: _Lines) -> bool:
    for at in range(len(rest.lines) if rest.unclosed else rest.at, len(rest.lines)):
        if rest.lines[at].rstrip() == "}}":
            content = "\n".join(rest.lines[rest.at : at])
            rest.at = at + 1
            early = not block.url or "@request" in line
            block.scripts.append(Script("pre-request" if early else "test", "javascript", content + "\n"))
            return True
    rest.unclosed = True
    return False


def _phase(sign: str) -> str:
    return "pre-request" if sign == "<" else "test"
