"""A place in a Slumber collection: its templates become ours there, and what is said of it bears its name."""

from __future__ import annotations

import json
import re
from typing import Final

from tui_client.formats._found import Report
from tui_client.formats._slumber.chains import is_command, left_over, of_version_3, told
from tui_client.formats._slumber.expressions import (
    Call,
    Expression,
    Items,
    Literal,
    Name,
    NotUnderstood,
    Pipe,
    calls,
    parsed,
    shown,
)
from tui_client.formats._slumber.sources import SAME, Sources
from tui_client.formats._slumber.wanted import Wanted
from tui_client.formats._spot import Spot
from tui_client.formats._templates import converted, literal, variable, variable_name
from tui_client.formats._values import table, text

# {_{ is {{ as text, and {__{ is {_{.
HOLE: Final = re.compile(r"\{(_{1,20})\{|\{\{(.{0,2000}?)\}\}", re.DOTALL)
_COMMAND: Final = re.compile(r"\bcommand\s*\(")
_ONE_VALUE: Final = re.compile(r"\{\{\w[\w.\-]*(?:\([\w.\-]+\))?\}\}")
_FILTERS: Final = {
    **{name: name for name in ("trim", "upper", "lower", "base64", "float")},
    "integer": "int",
    "boolean": "bool",
}
# How many values of their own functions take before the one that may be piped in.
_PIPED: Final = {**dict.fromkeys((*SAME, *_FILTERS), 0), "jsonpath": 1, "jq": 1}


class Place(Spot):
    """A recipe, a folder, a profile or the collection."""

    def __init__(self, report: Report, origin: str, wanted: Wanted) -> None:
        self.report = report
        self.origin = origin
        self.wanted = wanted
        self._sources = Sources(self, wanted)

    def template(self, value: object) -> str:
        """Text with its templates as ours."""
        written = text(value)
        return converted(written, HOLE, self.hole) if "{" in written else written

    def native(self, value: str) -> str:
        """JSON of a text; one that is nothing but a template has the type of its value."""
        match = HOLE.fullmatch(value)
        if match is None or match[2] is None or "}}" in match[2]:
            return _quoted(self.template(value))
        found = self._parsed(match[2])
        if isinstance(found, Literal) and not isinstance(found.value, str):
            return json.dumps(found.value)
        made = self.hole(match)
        return made if made is not None and _ONE_VALUE.fullmatch(made) else _quoted(made or literal(value))

    def file_in(self, value: object) -> str | None:
        """The path of a text that is nothing but a file's content."""
        match = HOLE.fullmatch(text(value).strip())
        written = self._parsed(match[2]) if match and match[2] is not None else None
        try:
            found = self._known(written) if written is not None else None
        except NotUnderstood:
            return None
        while isinstance(found, Pipe) and all(each.name in SAME for each in found.filters):
            found = found.first
        path = found.text("path", 0) if isinstance(found, Call) and found.name == "file" else ""
        # Until version 3 a path was a template as well.
        return (self.template(path) if isinstance(written, Name) else literal(path)) or None

    def _parsed(self, written: str) -> Expression | None:
        try:
            return parsed(written)
        except NotUnderstood:
            return None

    def hole(self, match: re.Match[str]) -> str | None:
        """One template as ours; None for what stays as it is."""
        if match[1] is not None:
            return literal(f"{{{match[1][1:]}{{")
        found, said = self._parsed(match[2]), len(self.report.lines)
        try:
            if found is not None:
                return self._made(self._known(found))
        except NotUnderstood:
            del self.report.lines[said:]  # of parts of what stays as it is
        self._stays(match, found)
        return None

    def _stays(self, match: re.Match[str], found: Expression | None) -> None:
        chain = self._chain(found)
        construct = match[0] if chain is None else f"{match[0]}: {told(chain)}"
        named = set(calls(found)) if found is not None else set()
        if "command" in named or is_command(chain) or (found is None and _COMMAND.search(match[2])):
            self.kept(construct, "a command is never run; the template stays as text")
        elif "file" in named or "!file" in construct:
            self.dropped(construct, "a file is read only as a whole body or part; the template stays as text")
        else:
            self.dropped(construct, "there is nothing like it here; it stays as text")

    def _chain(self, found: Expression | None) -> object:
        while isinstance(found, Pipe):
            found = found.first
        kind, _, rest = found.name.partition(".") if isinstance(found, Name) else ("", "", "")
        return self.wanted.chains.get(rest) if kind == "chains" else None

    def _known(self, found: Expression) -> Expression:
        """The expression that is meant: of a chain, and `trim(x)` as `x | trim()`."""
        if isinstance(found, Name) and "." in found.name:
            self._uses(found.name.partition(".")[2], self._chain(found))
            return of_version_3(found.name, self.wanted.chains)
        if isinstance(found, Call) and len(found.given) == _PIPED.get(found.name, -1) + 1 > 0:
            return Pipe(found.given[-1], (Call(found.name, found.given[:-1], found.named),))
        return found

    def _uses(self, name: str, chain: object) -> None:
        if chain is not None and name not in self.wanted.used:
            self.wanted.used.add(name)
            for field, value in left_over(table(chain)).items():
                self.approximated(f"chains.{name}: {field}: {value}", "it has no meaning here")

    def _made(self, found: Expression) -> str:
        match found:
            case Name(name):
                return variable(name)
            case Literal(value):
                return literal(text(value))
            case Call("concat", (Items(items),), ()):
                return "".join(self._made(self._known(each)) for each in items)
            case Call():
                return variable(self._sources.name_of(found, ()))
            case Pipe(first, filters):
                return self._piped(self._known(first), filters)
            case _:
                raise NotUnderstood

    def _piped(self, first: Expression, filters: tuple[Call, ...]) -> str:
        if isinstance(first, Pipe):
            return self._piped(self._known(first.first), (*first.filters, *filters))
        if isinstance(first, Call) and first.name in ("response", "response_header"):
            queries = [each for each in filters if each.name in ("jsonpath", "jq")]
            rest = _after(filters, queries)
            self._checked(rest)
            return _called(self._sources.name_of(first, tuple(queries)), rest)
        rest = [each for each in filters if each.name not in SAME]
        self._checked(rest)
        if not rest:
            if isinstance(first, Literal) and any(each.name == "sensitive" for each in filters):
                self.approximated("sensitive", "it is plain text here; a variable { secret = true } would hide it")
            return self._made(first)
        if isinstance(first, Name):
            return _called(first.name, rest)
        if isinstance(first, Call) and first.name != "concat":
            return _called(self._sources.name_of(first, ()), rest)
        raise NotUnderstood

    def _checked(self, rest: list[Call]) -> None:
        if len(rest) > 1 or any(each.name not in _FILTERS or each.given for each in rest):
            raise NotUnderstood
        for each in rest:
            for name, value in each.named:
                if (each.name, name) == ("trim", "mode"):
                    if shown(value) != "'both'":
                        self.approximated(shown(each), "both ends are trimmed here")
                elif (each.name, name) != ("base64", "decode"):
                    self.approximated(shown(each), f"{name} is not known here")


def _after(filters: tuple[Call, ...], queries: list[Call]) -> list[Call]:
    """What comes after the one query. Raises NotUnderstood where that is not the first thing that is done."""
    before = SAME | {"json"} if queries else SAME
    rest = [each for each in filters if each.name not in before]
    if len(queries) > 1 or (queries and rest[0] is not queries[0]):
        raise NotUnderstood
    return rest[len(queries) :]


def _called(name: str, rest: list[Call]) -> str:
    if not rest:
        return variable(name)
    called = "base64_decode" if rest[0].text("decode") == "True" else _FILTERS[rest[0].name]
    return f"{{{{{called}({variable_name(name)})}}}}"


def _quoted(template: str) -> str:
    return json.dumps(template, ensure_ascii=False)
