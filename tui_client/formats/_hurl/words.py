"""The words of a line, strings with their escapes, and `{{…}}` as our templates."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from tui_client.formats._found import Report
from tui_client.formats._templates import converted, is_name, json_converted, variable
from tui_client.model.variables import HostVariable, Variable

HOLE: Final = re.compile(r"\{\{([^{}]*)\}\}")
_WORD: Final = re.compile(
    r'\s*(?:("(?:[^"\\]|\\.)*")|(`(?:[^`\\]|\\.)*`)|(/(?:[^/\\]|\\.)+/)'
    r"|((?:hex|base64|file),[^;]*;)|(\{\{[^{}]*\}\})|(#.*)|([^\s\"`#]+))",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(u\{([0-9A-Fa-f]{1,6})\}|.)", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_COMMENT: Final = re.compile(r"(?<!\\)[ \t]#")
_FUNCTIONS: Final = {"newUuid": "uuid()", "newDate": "now()"}
_CALLS: Final = {"base64Encode": "base64", "base64Decode": "base64_decode", "urlEncode": "url", "toString": "string"}
_HOST: Final = re.compile(r"getEnv\s+\"([A-Za-z_]\w*)\"")


class Word(msgspec.Struct, frozen=True):
    """One word. kind: "text", "regex", "data" (hex, base64, file), "hole" or "bare"."""

    kind: str
    text: str


def words(line: str) -> list[Word]:
    """The words of a line, without a comment at its end; what can't be read is a bare word."""
    found: list[Word] = []
    at = 0
    while (match := _WORD.match(line, at)) is not None:
        at = match.end()
        quoted, ticked, regex, data, hole, comment, bare = match.groups()
        if comment is not None:
            break
        if quoted or ticked:
            found.append(Word("text", unescaped((quoted or ticked)[1:-1])))
        elif regex:
            found.append(Word("regex", regex[1:-1].replace("\\/", "/")))
        else:
            found.append(Word("data" if data else "hole" if hole else "bare", data or hole or bare))
    if line[at:].strip():
        found.append(Word("bare", line[at:].strip()))
    return found


def unescaped(text: str) -> str:
    """Text with its escapes undone."""
    return _ESCAPE.sub(_plain, text) if "\\" in text else text


def _plain(match: re.Match[str]) -> str:
    if match[2]:
        code = int(match[2], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return _ESCAPES.get(match[1], match[1])


def without_comment(text: str) -> str:
    """A value without the comment behind it."""
    found = _COMMENT.search(text)
    return (text[: found.start()] if found else text).strip()


def pair(line: str) -> tuple[str, str] | None:
    """The key and the value of `key: value`, as written; None where there is no colon."""
    at = line.find(":")
    while at > 0 and line[at - 1] == "\\":
        at = line.find(":", at + 1)
    return (line[:at].strip(), without_comment(line[at + 1 :])) if at > 0 else None


class Holes:
    """Turns `{{…}}` into ours; takes down the variables of the host that are asked for."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.variables: dict[str, Variable] = {}
        self.origin = ""

    def text(self, text: str) -> str:
        """Text, its escapes undone already, with its holes as ours."""
        return converted(text, HOLE, self.template) if "{{" in text else text

    def value(self, text: str) -> str:
        """A key or a value as it is written."""
        return self.text(unescaped(text))

    def json(self, text: str) -> str:
        """The same for JSON."""
        return json_converted(text, HOLE, self.template) if "{{" in text else text

    def template(self, match: re.Match[str]) -> str | None:
        """One hole; None where it stays as it is."""
        inside = match[1].strip()
        if inside in _FUNCTIONS:
            return f"{{{{{_FUNCTIONS[inside]}}}}}"
        if is_name(inside):
            return variable(inside)
        if found := _HOST.fullmatch(inside):
            self.variables[found[1]] = HostVariable(found[1])
            return variable(found[1])
        name, *filters = inside.split() or [""]
        if is_name(name) and filters and all(each in _CALLS for each in filters):
            for each in filters:
                name = f"{_CALLS[each]}({name})"
            return f"{{{{{name}}}}}"
        self.report.dropped(self.origin, f"{{{{{inside[:60]}}}}}", "it can't be said here, and stays as text")
        return None
