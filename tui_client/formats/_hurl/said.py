"""Our templates as Hurl writes them, and the variables that they need."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tui_client.errors import RequestFailed
from tui_client.formats._found import Report
from tui_client.model.effective import Scope
from tui_client.model.variables import Choice, Constant, HostVariable
from tui_client.template.parse import Argument, Call, Literal, Text, Variable, parse
from tui_client.template.values import text_of

_FUNCTIONS: Final = {"uuid": "newUuid", "now": "newDate"}
_FILTERS: Final = {"base64": "base64Encode", "base64_decode": "base64Decode", "url": "urlEncode", "string": "toString"}
_KEY: Final = re.compile(r"[^\w\-.\[\]@$]|^[\[\]@$.]", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_MAX_DEPTH: Final = 20


def plain(text: str) -> str:
    """Text as it is."""
    return text


def key(text: str) -> str:
    """Text as the name of a row."""
    return _KEY.sub(_escape, text)


def value(text: str) -> str:
    """Text as the value of a row."""
    text = text.replace("\\", "\\\\").replace("#", "\\#").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    text = _braces(_CONTROL.sub(_escape, text))
    if text != text.strip():
        ends = len(text) - len(text.lstrip()), len(text.rstrip())
        return "".join(_escape(sign) if not ends[0] <= at < ends[1] else sign for at, sign in enumerate(text))
    return text


def quoted(text: str) -> str:
    """Text between quotes, without these."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return _braces(_CONTROL.sub(_escape, text))


def ticked(text: str) -> str:
    """Text between backticks, without these."""
    text = text.replace("\\", "\\\\").replace("`", "\\`").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return _braces(_CONTROL.sub(_escape, text))


def _braces(text: str) -> str:
    """What would begin a variable, or text of several lines, as escapes."""
    return text.replace("{{", "\\u{7b}\\u{7b}").replace("```", "\\u{60}\\u{60}\\u{60}")


def _escape(sign: re.Match[str] | str) -> str:
    return f"\\u{{{ord(sign if isinstance(sign, str) else sign[0]):x}}}"


class Said:
    """Writes templates; collects the variables that the requests so far did not set."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.set: dict[str, str] = {}
        self.lines: list[str] = []
        self.captured: set[str] = set()
        self.scope = Scope()
        self.origin = ""
        self._depth = 0

    def text(self, text: str, encoded: Callable[[str], str] = value) -> str:
        """A template of ours as one of theirs, its plain text encoded."""
        if "{{" not in text:
            return encoded(text)
        try:
            segments = parse(text)
        except RequestFailed as error:
            self.report.dropped(self.origin, "template", str(error))
            return encoded(text)
        out = []
        for segment in segments:
            if isinstance(segment, Text):
                if encoded is plain and "{{" in segment.value:
                    self.report.approximated(self.origin, "{{", "the braces would be read as a variable there")
                out.append(encoded(segment.value))
            else:
                out.append(f"{{{{{self._hole(segment)}}}}}")
        return "".join(out)

    def _hole(self, said: Argument) -> str:
        match said:
            case Variable(name):
                return self._variable(name)
            case Literal(given):
                return str(given)
            case Call("json" | "int" | "float" | "bool", (inner,)):
                return self._hole(inner)
            case Call(name, (Variable() | Call() as inner,)) if name in _FILTERS:
                return f"{self._hole(inner)} {_FILTERS[name]}"
            case Call(name, ()) if name in _FUNCTIONS:
                return _FUNCTIONS[name]
            case Call(name, _):
                self.report.dropped(self.origin, f"{name}()", f"there is no such function; give the variable {name}")
                return name

    def _variable(self, name: str) -> str:
        found = self.scope.find(name)
        match found[1] if found else None:
            case _ if name in self.captured:
                pass
            case Constant(given, literal):
                self._line(name, given, literal)
            case Choice((first, *_)):
                self._line(name, first, True)
            case HostVariable(host):
                return f'getEnv "{host}"'
            case _:
                self.report.approximated(self.origin, name, f"it is given with --variable {name}=…, or captured before")
        return name

    def _line(self, name: str, given: object, literal: bool) -> None:
        if self._depth > _MAX_DEPTH or not isinstance(given, str | int | float | bool):
            return
        self._depth += 1
        text = text_of(given) if literal or not isinstance(given, str) else self.text(given, plain)
        self._depth -= 1
        number = isinstance(given, str) and re.fullmatch(r"-?[0-9.]+|true|false|null", given)
        said = f'"{quoted(text)}"' if number else value(text) if literal or "{{" not in text else text
        if self.set.get(name) != said:
            self.set[name] = said
            self.lines.append(f"variable: {name}={said}")
