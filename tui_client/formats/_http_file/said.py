"""Our templates as REST Client writes them, and the variables that they need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import quote, quote_plus

from tui_client.errors import RequestFailed
from tui_client.formats._found import Report
from tui_client.model.effective import Scope
from tui_client.model.variables import Choice, Constant, FromRequest, HostVariable, Prompt, Secret
from tui_client.template.parse import Argument, Call, Literal, Text, Variable, parse
from tui_client.template.values import text_of

_FUNCTIONS: Final = {"uuid": "$guid", "timestamp": "$timestamp", "now": "$datetime iso8601"}
_MAX_DEPTH: Final = 20


def plain(text: str) -> str:
    """Text as it is."""
    return text


def in_query(text: str) -> str:
    """As a row of a query is encoded."""
    return quote(text, safe="")


def in_form(text: str) -> str:
    """As a field of a form is encoded."""
    return quote_plus(text, safe="*").replace("~", "%7E")


class Said:
    """Writes templates; collects the `@` lines and prompts of one file."""

    def __init__(self, report: Report, references: dict[tuple[str, str], str]) -> None:
        self.report = report
        self.references = references
        self.lines: dict[str, str] = {}
        self.prompts: dict[str, str] = {}
        self.scope = Scope()
        self.origin = ""
        self._depth = 0

    def text(self, text: str, encoded: Callable[[str], str] = plain) -> str:
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
                if "{{" in segment.value and encoded is plain:
                    self.report.approximated(self.origin, "{{", "the braces would be read as a variable there")
                out.append(encoded(segment.value))
            else:
                out.append(self._hole(segment))
        return "".join(out)

    def _hole(self, said: Argument) -> str:
        match said:
            case Variable(name):
                return f"{{{{{self._variable(name)}}}}}"
            case Literal(value):
                return str(value)
            case Call("url", (Variable(name),)):
                return f"{{{{%{self._variable(name)}}}}}"
            case Call("random_int", (Literal(int(low)), Literal(int(high)))):
                return f"{{{{$randomInt {low} {high + 1}}}}}"
            case Call("json" | "int" | "float" | "bool" | "string", (inner,)):
                return self._hole(inner)
            case Call(name, ()) if name in _FUNCTIONS:
                return f"{{{{{_FUNCTIONS[name]}}}}}"
            case Call(name, _):
                self.report.dropped(self.origin, f"{name}()", f"there is no such function; set the variable {name}")
                return f"{{{{{name}}}}}"

    def _variable(self, name: str) -> str:
        found = self.scope.find(name)
        match found[1] if found else None:
            case FromRequest(key) if (key, name) in self.references:
                return self.references[key, name]
            case Constant(value, literal):
                self._line(name, text_of(value), literal)
            case Choice((first, *_)):
                self._line(name, text_of(first), True)
            case HostVariable(host):
                self.lines[name] = f"{{{{$processEnv {host}}}}}"
            case Prompt(question):
                self.prompts[name] = " ".join(question.split())
            case Secret():
                self.report.approximated(self.origin, name, "it is secret: set it in an environment of the editor")
            case _:
                self.report.approximated(
                    self.origin, name, "it has no value here: set it in an environment of the editor"
                )
        return name

    def _line(self, name: str, value: str, literal: bool) -> None:
        if self._depth > _MAX_DEPTH:
            return
        self._depth += 1
        said = value if literal else self.text(value)
        self._depth -= 1
        one_line = said.replace("\r", "").replace("\n", "\\n")
        if self.lines.setdefault(name, one_line) != one_line:
            self.report.approximated(self.origin, name, "it has another value in another request; the first is written")
