"""What stands in `{{…}}` in the three dialects, as our templates."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from tui_client.formats._found import Report
from tui_client.formats._templates import converted, is_name, json_converted, literal, variable, variable_name
from tui_client.kinds.query.body import BodyText
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json
from tui_client.kinds.query.xpath import XPath
from tui_client.model.kinds import Query
from tui_client.model.request import Capture
from tui_client.model.variables import FromRequest, HostVariable, Variable

HOLE: Final = re.compile(r"\{\{([^{}]*)\}\}")
_REFERENCE: Final = re.compile(r"([\w-]+)\.(response|request)\.(body|headers)(?:\.(.+))?")
_RANDOM: Final = re.compile(r"\$(?:randomInt\s+|random\.integer\(\s*)(-?\d{1,18})(?:\s*,\s*|\s+)(-?\d{1,18})\s*\)?")
_HOST: Final = re.compile(r"\$(processEnv|dotenv|env)(?:\s+%?|\.)([A-Za-z_]\w*)")
_DATE: Final = re.compile(r"\$(?:local)?[dD]atetime\s+(iso8601|rfc1123|\"[^\"']*\"|'[^\"']*')(\s+\S.*)?")
_MAX_DEPTH: Final = 10
_DAYJS: Final = (
    ("YYYY", "%Y"), ("MM", "%m"), ("DD", "%d"), ("HH", "%H"), ("mm", "%M"), ("ss", "%S"), ("SSS", "%f"),
    ("YY", "%y"), ("ddd", "%a"), ("MMM", "%b"),
)  # fmt: skip
_DAYJS_WORD: Final = re.compile(r"YYYY|YY|MMM|MM|DD|ddd|HH|mm|SSS|ss|[A-Za-z]+")
_SIMPLE: Final = {
    "$guid": "uuid()", "$uuid": "uuid()", "$random.uuid": "uuid()", "$timestamp": "timestamp()",
    "$isoTimestamp": "now()", "$randomInt": "random_int(0, 999)", "$random.integer": "random_int(0, 999)",
    "$random.integer()": "random_int(0, 999)",
}  # fmt: skip


class Holes:
    """Turns them into ours, and takes down what that needs: captures by request, variables of the host."""

    def __init__(self, report: Report, names: Collection[str]) -> None:
        self.report = report
        self.names = names
        self.captures: dict[str, dict[str, Capture]] = {}
        self.variables: dict[str, Variable] = {}
        self.origin = ""
        self._references: dict[str, str] = {}

    def text(self, text: str) -> str:
        """Text with its holes as ours."""
        return converted(text, HOLE, self.template) if "{{" in text else text

    def json(self, text: str) -> str:
        """The same for JSON."""
        return json_converted(text, HOLE, self.template) if "{{" in text else text

    def template(self, match: re.Match[str]) -> str | None:
        """One hole; None where it stays as it is."""
        inside = match[1].strip()
        if inside.startswith("%") and is_name(inside[1:]):
            return f"{{{{url({inside[1:]})}}}}"
        if inside.startswith("$"):
            return self._dynamic(inside)
        if (reference := _REFERENCE.fullmatch(inside)) and reference[1] in self.names:
            return self._reference(reference, inside)
        if is_name(inside):
            return variable(inside)
        self.report.dropped(self.origin, f"{{{{{inside[:60]}}}}}", "it is code, and stays as text")
        return None

    def _dynamic(self, inside: str) -> str:
        if inside in _SIMPLE:
            return f"{{{{{_SIMPLE[inside]}}}}}"
        if found := _RANDOM.fullmatch(inside):
            return f"{{{{random_int({found[1]}, {max(int(found[1]), int(found[2]) - 1)})}}}}"
        if found := _HOST.fullmatch(inside):
            return self._host(found[1], found[2], inside)
        if found := _DATE.fullmatch(inside):
            return self._date(found[1].strip("\"'"), bool(found[2]), inside)
        if inside.startswith("$timestamp "):
            self.report.approximated(self.origin, inside, "it is the time now, without the offset")
            return "{{timestamp()}}"
        name = variable_name(inside.removeprefix("$")).strip("_")
        self.report.dropped(self.origin, inside[:60], f"there is no such function here; set the variable {name}")
        return variable(name)

    def _host(self, source: str, name: str, inside: str) -> str:
        self.variables[name] = HostVariable(name)
        if source == "dotenv":
            self.report.approximated(self.origin, inside, "it is taken from the environment of the host, not from .env")
        return variable(name)

    def _date(self, form: str, offset: bool, inside: str) -> str:
        if offset:
            self.report.approximated(self.origin, inside, "it is the time now in UTC, without the offset")
        elif "local" in inside:
            self.report.approximated(self.origin, inside, "it is in UTC")
        if form == "iso8601":
            return "{{now()}}"
        if form == "rfc1123":
            return "{{now('%a, %d %b %Y %H:%M:%S GMT')}}"
        known = dict(_DAYJS)
        unknown = [word for word in _DAYJS_WORD.findall(form) if word not in known and word not in ("T", "Z")]
        if unknown or "SSS" in form:
            self.report.approximated(self.origin, inside, "not all of its format can be said here")
        return "{{now('" + _DAYJS_WORD.sub(lambda word: known.get(word[0], word[0]), form.replace("%", "%%")) + "')}}"

    def _reference(self, found: re.Match[str], inside: str) -> str | None:
        name, side, place, path = found[1], found[2], found[3], (found[4] or "").strip()
        query = _query(place, path) if side == "response" else None
        if query is None:
            self.report.dropped(self.origin, inside[:60], "there are variables of replies only; it stays as text")
            return literal("{{" + inside + "}}")
        if inside not in self._references:
            self._references[inside] = self._free_name(name, path or place)
            made = self._references[inside]
            self.captures.setdefault(name, {})[made] = Capture(made, query)
            self.variables[made] = FromRequest(name)
            self.report.imported(self.origin, inside[:60], f"it is captured by {name} as the variable {made}")
        return variable(self._references[inside])

    def _free_name(self, name: str, path: str) -> str:
        base = re.sub(r"\W+", "_", f"{name} {path.strip('$./')}")[:60].strip("_")
        made, number = base, 2
        while made in self.variables:
            made, number = f"{base}_{number}", number + 1
        return made


def _query(place: str, path: str) -> Query | None:
    if place == "headers":
        return Header(path) if path else None
    if path in ("", "*"):
        return BodyText()
    return XPath(path) if path.startswith("/") else Json(path if path.startswith("$") else f"$.{path}")


def needs_scheme(url: str, values: Mapping[str, str]) -> bool:
    """Whether a URL has none, neither in itself nor in the variable that it begins with."""
    for _ in range(_MAX_DEPTH):
        hole = HOLE.match(url)
        if hole is None:
            break
        value = values.get(hole[1].strip())
        if value is None:
            return False
        url = value + url[hole.end() :]
    return not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", url[:64]) and not url.startswith("/") and url != "*"
