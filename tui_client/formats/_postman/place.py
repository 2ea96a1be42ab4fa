"""A place in a Postman collection: its words become our templates there, and what is said of it bears its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

import msgspec

from tui_client.formats._found import NOTHING, Report
from tui_client.formats._postman.values import text
from tui_client.formats._spot import Spot
from tui_client.formats._templates import converted, is_name, literal, variable_name

HOLE: Final = re.compile(r'\{\{([^{}\r\n"]{1,500})\}\}')
_SIGN: Final = re.compile(r'\\.|"', re.DOTALL)
_FUNCTIONS: Final = {
    "$guid": "uuid()",
    "$randomUUID": "uuid()",
    "$timestamp": "timestamp()",
    "$randomInt": "random_int(0, 1000)",
    "$isoTimestamp": "now()",
}


class Place(msgspec.Struct, Spot, frozen=True):
    """A request, a folder or the collection. values: of the variables that are known there, as Postman has them."""

    report: Report
    origin: str
    values: Mapping[str, str] = NOTHING

    def below(self, title: str) -> Place:
        """A folder or request in it."""
        return msgspec.structs.replace(self, origin=f"{self.origin} / {title}" if self.origin else title)

    def template(self, value: object) -> str:
        """Text with its variables as ours."""
        written = text(value)
        if "{{" not in written:
            return written
        self._note_braces(written)
        return converted(written, HOLE, self.hole)

    def json_template(self, written: str) -> str:
        """JSON with its variables as ours: outside a string they are put in as JSON, as Postman puts in all text."""
        if "{{" not in written:
            return written
        self._note_braces(written)
        inside, at = False, 0

        def hole(match: re.Match[str]) -> str:
            nonlocal inside, at
            quotes = sum(sign[0] == '"' for sign in _SIGN.finditer(written, at, match.start()))
            inside, at = inside is not (quotes % 2 == 1), match.end()
            expression = self._expression(match[1])
            return f"{{{{{expression}}}}}" if inside or expression.endswith(")") else f"{{{{json({expression})}}}}"

        return converted(written, HOLE, hole)

    def decoded(self, written: str) -> str:
        """A part of a URL, percent-decoded, with its variables as ours."""
        out: list[str] = []
        at = 0
        for match in HOLE.finditer(written):
            out += [literal(_unquoted(written[at : match.start()])), self.hole(match)]
            at = match.end()
        return "".join([*out, literal(_unquoted(written[at:]))])

    def hole(self, match: re.Match[str]) -> str:
        """One variable as ours."""
        return f"{{{{{self._expression(match[1])}}}}}"

    def _expression(self, written: str) -> str:
        name = written.strip()
        if name == "$isoTimestamp":
            self.approximated("{{$isoTimestamp}}", "is {{now()}}, in whole seconds")
        if name in _FUNCTIONS:
            return _FUNCTIONS[name]
        ours = variable_name(name)
        if name.startswith("$"):
            self.dropped(f"{{{{{name}}}}}", f"there is no such function here; give the variable {ours} a value")
        elif name.startswith("vault:"):
            self.approximated(f"{{{{{name}}}}}", f"is the variable {ours}: its value stands in no file, give it one")
        elif not is_name(name):
            self.imported(f"{{{{{name}}}}}", f"is the variable {ours}")
        return ours

    def _note_braces(self, written: str) -> None:
        if "{{" in HOLE.sub("\0", written):
            self.approximated("{{", "stays text: no name of a variable stands in these braces")


def _unquoted(written: str) -> str:
    try:
        return unquote(written, errors="strict")
    except UnicodeDecodeError:
        return written
