"""Our templates in Postman's words, and the variables that they use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from tui_client.formats._found import Report
from tui_client.formats._postman.place import HOLE
from tui_client.model.effective import Scope
from tui_client.model.variables import Constant
from tui_client.template.parse import Broken, Call, Literal, Located, Text, Variable, scan

_DYNAMIC: Final = {
    Call("uuid"): "$guid",
    Call("timestamp"): "$timestamp",
    Call("now"): "$isoTimestamp",
    Call("random_int", (Literal(0), Literal(1000))): "$randomInt",
}
_NUMBERS: Final = frozenset({"$timestamp", "$randomInt"})
_CONVERSIONS: Final = frozenset({"int", "float", "bool", "string", "json"})


class Words:
    """What one item says. used: every variable in it."""

    def __init__(self, report: Report, origin: str, scope: Scope) -> None:
        self.report = report
        self.origin = origin
        self.scope = scope
        self.used: dict[str, None] = {}

    def plain(self, template: str) -> str:
        """Text with variables."""
        return self._said(template, lambda text: text)

    def encoded(self, template: str) -> str:
        """A part of a query or a path: percent-encoded, since Postman sends it as it is written."""
        return self._said(template, lambda text: quote(text.encode("utf-8", "surrogatepass"), safe=""))

    def json(self, template: str) -> str:
        """JSON with variables; one that is text gets the quotes that ours brings itself."""
        out: list[str] = []
        inside = False
        for located in _pieces(template):
            segment = located.segment
            if isinstance(segment, Text):
                self._note_braces(segment.value)
                inside = _ends_inside(segment.value, inside)
                out.append(segment.value)
                continue
            hole = self._hole(segment, located.source)
            out.append(f'"{hole}"' if not inside and self._is_text(segment, hole) else hole)
        return "".join(out)

    def text(self, written: str) -> str:
        """Text without templates."""
        self._note_braces(written)
        return written

    def dropped(self, construct: str, why: str) -> None:
        """It is not in the export."""
        self.report.dropped(self.origin, construct, why)

    def approximated(self, construct: str, why: str) -> None:
        """It is, and means nearly the same."""
        self.report.approximated(self.origin, construct, why)

    def _said(self, template: str, write: Callable[[str], str]) -> str:
        out: list[str] = []
        for located in _pieces(template):
            if isinstance(located.segment, Text):
                self._note_braces(write(located.segment.value))
                out.append(write(located.segment.value))
            else:
                out.append(self._hole(located.segment, located.source))
        return "".join(out)

    def _hole(self, segment: Variable | Call | Broken, source: str) -> str:
        match segment:
            case Variable(name=name):
                self.used[name] = None
                return f"{{{{{name}}}}}"
            case Call() if segment in _DYNAMIC:
                return f"{{{{{_DYNAMIC[segment]}}}}}"
            case Call(function=function, args=(Variable(name=name),)) if function in _CONVERSIONS:
                self.used[name] = None
                if function != "json":
                    self.approximated(source, f"is put in as it is: Postman has no {function}()")
                return f"{{{{{name}}}}}"
            case _:
                self.dropped(source, "Postman has no such function; it stands there as text")
                return source

    def _is_text(self, segment: Variable | Call | Broken, hole: str) -> bool:
        match segment:
            case Call(function=function) if segment not in _DYNAMIC:
                return function == "string"
            case Call():
                return hole.strip("{}") not in _NUMBERS
            case Variable(name=name):
                found = self.scope.find(name)
                if found is not None and isinstance(found[1], Constant):
                    return isinstance(found[1].value, str)
                self.approximated(hole, "is put in without quotes: add them if its value is text")
        return False

    def _note_braces(self, written: str) -> None:
        if "{{" in written and HOLE.search(written):
            self.approximated("{{", "stands for itself here; Postman takes it for a variable")


def _pieces(template: str) -> list[Located]:
    """A template's pieces, texts that stand side by side in one."""
    pieces: list[Located] = []
    texts: list[str] = []
    for located in [*scan(template), None]:
        if located is not None and isinstance(located.segment, Text):
            texts.append(located.segment.value)
            continue
        if texts:
            pieces.append(Located("".join(texts), Text("".join(texts))))
            texts = []
        if located is not None:
            pieces.append(located)
    return pieces


def _ends_inside(piece: str, inside: bool) -> bool:
    """Whether JSON text ends in a string."""
    escaped = False
    for sign in piece:
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif sign == '"':
            inside = not inside
    return inside
