"""curl commands, as people keep, copy and share them: read as requests, and written from them."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats._curl.arguments import arguments
from tui_client.formats._curl.build import built
from tui_client.formats._curl.data import HOLE
from tui_client.formats._curl.shell import Command, shell_commands
from tui_client.formats._curl.windows import is_for_windows, windows_commands
from tui_client.formats._curl.write import written
from tui_client.formats._data import text_of
from tui_client.formats._format import (
    MAX_BYTES,
    Alone,
    Beside,
    Exporter,
    FormatError,
    Importer,
    Source,
    refuse_large,
)
from tui_client.formats._found import Found, FoundCollection, FoundRequest, Line, Report

_ALONE: Final = Alone()
_HEAD: Final = 4096
_BEFORE: Final = re.compile(r"\s*(#.*|(export\s+)?[A-Za-z_]\w*=\S*|set\s+-\w+)?\s*", re.ASCII)
_CURL: Final = re.compile(
    r"\s*(\S{0,8}[$%#>❯➜]\s+)?((export|sudo|time|[A-Za-z_]\w*=\S*)\s+)*([A-Za-z_]\w*=\"?[$`]\(?\s*)?(\S*/)?curl(\.exe)?(\s|$)",
    re.ASCII,
)
_PROGRAM: Final = re.compile(r"(?:.*[/\\])?curl(?:\.exe)?", re.IGNORECASE | re.DOTALL)
_ASSIGNED: Final = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL | re.ASCII)
_PROMPT: Final = re.compile(r"[^\w\s]{0,6}[$%#>❯➜]")  # └─$
_AROUND: Final = frozenset(
    {"$", "%", ">", "sudo", "time", "exec", "command", "env", "nohup", "do", "then", "if", "!", "{"}
)


def read_curl(data: bytes, *, name: str = "", beside: Beside = _ALONE, max_bytes: int = MAX_BYTES) -> Found:
    """The requests of all curl commands in a script. Nothing is run. Raises FormatError."""
    refuse_large(data, max_bytes)
    text = text_of(data)
    if "curl" not in text.lower():  # to take a large script of something else apart would be for nothing
        raise FormatError("has no curl command")
    report = Report()
    commands = windows_commands(text) if is_for_windows(text) else shell_commands(text, report)
    requests: list[FoundRequest] = []
    seen = False
    for command in commands:
        words = _of_curl(command, report)
        seen = seen or words is not None
        for group in arguments(words or (), f"line {command.line}", command.stdin, report):
            requests += built(group, beside, report)
    if not seen:
        raise FormatError("has no curl command")
    collection = FoundCollection(title=name or "curl", requests=tuple(requests))
    return Found(format="curl", collections=(collection,), report=tuple(map(_readable, report.lines)), loose=True)


def _readable(line: Line) -> Line:
    """Variables as people write them."""
    if "\0" not in line.construct + line.why:
        return line
    return Line(line.origin, HOLE.sub(r"$\1", line.construct), line.outcome, HOLE.sub(r"$\1", line.why))


def _of_curl(command: Command, report: Report) -> tuple[str, ...] | None:
    """The arguments of curl, None for another program."""
    words = command.words
    at = 0
    while at < len(words) and (words[at] in _AROUND or _PROMPT.fullmatch(words[at]) or _ASSIGNED.fullmatch(words[at])):
        at += 1
    if at < len(words) and _PROGRAM.fullmatch(words[at]):
        return words[at + 1 :]
    shown = words[at if at < len(words) else 0][:40].replace("\0", "$")
    report.dropped(f"line {command.line}", f"command: {shown}", "only curl commands are read")
    return None


def recognises(source: Source) -> bool:
    """Whether the first line that does something begins a curl command."""
    try:
        head = text_of(source.data[:_HEAD]) if not source.is_folder else ""
    except FormatError:
        head = source.data[:_HEAD].decode("utf-8", "ignore")
    for line in head.splitlines():
        if not _BEFORE.fullmatch(line):
            return _CURL.match(line) is not None
    return False


def _read(source: Source) -> Found:
    return read_curl(source.data, name=source.name, beside=source.beside)


IMPORTER = Importer("curl", "curl command", recognises, _read)
EXPORTERS = (Exporter("curl", "curl command", ".sh", written),)
