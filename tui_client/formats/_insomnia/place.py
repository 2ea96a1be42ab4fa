"""A place in an Insomnia collection: its words become our templates there, and what is said of it bears its name."""

from __future__ import annotations

import base64
import re
from typing import Final

from tui_client.formats._found import Report
from tui_client.formats._spot import Spot
from tui_client.formats._templates import converted, json_converted, variable, variable_name
from tui_client.formats._values import text
from tui_client.kinds.query.body import BodyText
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json
from tui_client.model.kinds import Query
from tui_client.model.request import Capture

HOLE: Final = re.compile(r"\{\{([^{}\r\n]{1,300})\}\}|\{%([^%{}\r\n]{1,2000})%\}")
_NAME: Final = re.compile(r"""(?:_\.)?([A-Za-z_$][\w$.\-]*)|_\[["']([^"'\[\]]+)["']\]""")
_ARGUMENT: Final = re.compile(r"""[\s,]*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s,'"]+))""")
_UNUSUAL: Final = re.compile(r"[^A-Za-z0-9]+")
_MOST_ARGUMENTS: Final = 12
_FORMS: Final = {"iso-8601": "now()", "iso8601": "now()", "unix": "timestamp()", "": "now()"}


class Wanted:
    """What the tags of all requests want of replies: captures by the id of the request that gives them.

    known: the titles of the requests that there are, by their ids.
    """

    def __init__(self) -> None:
        self.captures: dict[str, dict[Query, Capture]] = {}
        self.known: dict[str, str] = {}
        self._taken: dict[str, int] = {}

    def capture(self, request: str, query: Query, expr: str) -> str:
        """The name of the variable that has it: "Login_token"."""
        of_request = self.captures.setdefault(request, {})
        if query not in of_request:
            title = _UNUSUAL.sub("_", self.known[request]).strip("_")[:60] or "response"
            name = "_".join(filter(None, (title, _UNUSUAL.sub("_", expr).strip("_")[-60:])))
            self._taken[name] = number = self._taken.get(name, 0) + 1
            of_request[query] = Capture(name if number == 1 else f"{name}__{number}", query)
        return of_request[query].name


class Place(Spot):
    """A request, a folder, an environment or the collection."""

    def __init__(self, report: Report, origin: str, wanted: Wanted) -> None:
        self.report = report
        self.origin = origin
        self.wanted = wanted

    def at(self, origin: str) -> Place:
        """Another place of the same document."""
        return Place(self.report, origin, self.wanted)

    def template(self, value: object) -> str:
        """Text with its variables and tags as ours."""
        written = text(value)
        return converted(written, HOLE, self.hole) if "{{" in written or "{%" in written else written

    def json_template(self, value: object) -> str:
        """The same for JSON text."""
        written = text(value)
        return json_converted(written, HOLE, self.hole) if "{{" in written or "{%" in written else written

    def hole(self, match: re.Match[str]) -> str | None:
        """One variable or tag as ours; None for what stays as it is."""
        made = self._variable(match[1].strip()) if match[1] is not None else self._tag(match[2].strip("- \t"))
        if made is None:
            self.dropped(match[0], "there is nothing like it here; it stays as text")
        return made

    def _variable(self, written: str) -> str | None:
        match = _NAME.fullmatch(written)
        return variable(match[1] or match[2]) if match else None

    def _tag(self, written: str) -> str | None:
        name, *arguments = _arguments(written)
        first = arguments[0] if arguments else ""
        match name:
            case "uuid":
                return "{{uuid()}}"
            case "now" if first.lower() in _FORMS:
                return f"{{{{{_FORMS[first.lower()]}}}}}"
            case "timestamp":
                return "{{timestamp()}}"
            case "base64":
                return _base64(arguments)
            case "response":
                return self._response(arguments)
            case _:
                return None

    def _response(self, arguments: list[str]) -> str | None:
        """`response 'body', 'req_1', 'b64::JC5pZA==::46b', 'never', 60`: a capture of that request."""
        kind, request, expr = (*arguments, "", "", "")[:3]
        if request not in self.wanted.known:
            return None
        expr = _plain(expr)
        query: Query
        match kind:
            case "body" if expr.startswith("$"):
                query = Json(expr)
            case "header" if expr:
                query = Header(expr)
            case "raw":
                query = BodyText()
            case _:
                return None
        self.imported(f"{{% response '{kind}' %}}", "became a capture of that request; send it before this one")
        return variable(self.wanted.capture(request, query, expr))


def _base64(arguments: list[str]) -> str | None:
    """`base64 'encode', 'normal', 'text'`: of a variable or of plain text."""
    if len(arguments) < 2 or arguments[0] not in ("encode", "decode"):
        return None
    called = "base64" if arguments[0] == "encode" else "base64_decode"
    given = arguments[-1]
    inner = _NAME.fullmatch(given) if given.startswith("_.") else None
    if inner:
        return f"{{{{{called}({variable_name(inner[1] or inner[2])})}}}}"
    if called == "base64" and not set(given) & set("\\{}"):
        return base64.b64encode(given.encode("utf-8", "replace")).decode()
    return None


def _arguments(written: str) -> list[str]:
    """The name of a tag and its arguments, without their quotes."""
    found: list[str] = []
    at = 0
    while len(found) < _MOST_ARGUMENTS and (match := _ARGUMENT.match(written, at)) is not None:
        found.append(next((each for each in match.groups() if each is not None), ""))
        at = match.end()
    return found or [""]


def _plain(written: str) -> str:
    """`b64::JC5pZA==::46b` is "$.id"."""
    if not written.startswith("b64::"):
        return written
    try:
        return base64.b64decode(written.split("::")[1] + "==").decode()
    except ValueError:
        return ""
