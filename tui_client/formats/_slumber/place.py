"""A place in a Slumber collection: its templates become ours there, and what is said of it bears its name."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats._found import Report
from tui_client.formats._slumber.chains import of_version_3
from tui_client.formats._slumber.expressions import (
    Call,
    Expression,
    Items,
    Literal,
    Name,
    NotUnderstood,
    Pipe,
    parsed,
)
from tui_client.formats._spot import Spot
from tui_client.formats._templates import converted, literal, variable, variable_name
from tui_client.formats._values import Table, text
from tui_client.kinds.query.body import BodyText
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json
from tui_client.model.kinds import Query
from tui_client.model.request import Capture
from tui_client.model.variables import Choice, FromRequest, HostVariable, Prompt, Secret, Variable

# {_{ is {{ as text, and {__{ is {_{.
HOLE: Final = re.compile(r"\{(_{1,20})\{|\{\{(.{0,2000}?)\}\}", re.DOTALL)
_UNUSUAL: Final = re.compile(r"[^A-Za-z0-9]+")
_AGE: Final = re.compile(r"(\d{1,9})\s*([smhd])?")
_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_SIMPLE_JQ: Final = re.compile(
    r"""\.?(?:[A-Za-z_]\w*|\[\d+\]|\["[^"]*"\])(?:\.[A-Za-z_]\w*|\.?\[\d+\]|\.?\["[^"]*"\])*"""
)
# What changes how a value is shown or typed, but not which it is.
_SAME: Final = frozenset({"sensitive", "string", "debug"})
_FILTERS: Final = {
    **{name: name for name in ("trim", "upper", "lower", "base64", "float")},
    "integer": "int",
    "boolean": "bool",
}


class Wanted:
    """What the templates of the whole collection ask for. titles: of the recipes, by their ids."""

    def __init__(self, chains: Table) -> None:
        self.chains = chains
        self.titles: dict[str, str] = {}
        self.variables: dict[str, Variable] = {}
        self.captures: dict[str, dict[Query, str]] = {}

    def named(self, words: str, value: Variable) -> str:
        """The name of a variable with this value, made of these words."""
        base = _UNUSUAL.sub("_", words).strip("_").lower()[:60] or "value"
        number, name = 1, base
        while self.variables.get(name, value) != value:
            number += 1
            name = f"{base}_{number}"
        self.variables[name] = value
        return name

    def captured(self, recipe: str, query: Query, words: str, max_age_s: float | None) -> str:
        """The name of the variable that a reply of a recipe gives."""
        known = self.captures.setdefault(recipe, {})
        if query not in known:
            known[query] = self.named(f"{recipe} {words}", FromRequest(self.titles[recipe], max_age_s))
        return known[query]

    def captures_of(self, recipe: str) -> tuple[Capture, ...]:
        """Those of one recipe."""
        return tuple(Capture(name, query) for query, name in self.captures.get(recipe, {}).items())


class Place(Spot):
    """A recipe, a folder, a profile or the collection."""

    def __init__(self, report: Report, origin: str, wanted: Wanted) -> None:
        self.report = report
        self.origin = origin
        self.wanted = wanted

    def template(self, value: object) -> str:
        """Text with its templates as ours."""
        written = text(value)
        return converted(written, HOLE, self.hole) if "{" in written else written

    def only_hole(self, value: str) -> str | None:
        """What a text that is nothing but one template becomes; None for any other."""
        match = HOLE.fullmatch(value.strip())
        if match is None or match[2] is None or "}}" in match[2]:
            return None
        return self.hole(match)

    def file_in(self, value: object) -> str | None:
        """The path of a text that is nothing but a file's content."""
        match = HOLE.fullmatch(text(value).strip())
        try:
            found = self._known(parsed(match[2])) if match and match[2] is not None else None
        except NotUnderstood:
            return None
        while isinstance(found, Pipe) and all(each.name in _SAME for each in found.filters):
            found = found.first
        return found.text("path", 0) or None if isinstance(found, Call) and found.name == "file" else None

    def hole(self, match: re.Match[str]) -> str | None:
        """One template as ours; None for what stays as it is."""
        if match[1] is not None:
            return literal(f"{{{match[1][1:]}{{")
        try:
            return self._made(self._known(parsed(match[2])))
        except NotUnderstood:
            if "command" in match[2]:
                self.kept(match[0], "a command is never run; the template stays as text")
            else:
                self.dropped(match[0], "there is nothing like it here; it stays as text")
            return None

    def _known(self, found: Expression) -> Expression:
        return of_version_3(found.name, self.wanted.chains) if isinstance(found, Name) and "." in found.name else found

    def _made(self, found: Expression) -> str:
        match found:
            case Name(name):
                return variable(name)
            case Literal(value):
                return literal(text(value))
            case Call():
                return variable(self._called(found, ()))
            case Pipe(first, filters):
                return self._piped(self._known(first), filters)
            case _:
                raise NotUnderstood

    def _piped(self, first: Expression, filters: tuple[Call, ...]) -> str:
        rest = list(filters)
        if isinstance(first, Call):
            name = self._called(first, filters)
            rest = [each for each in rest if each.name not in ("jsonpath", "jq")]
        elif isinstance(first, Name):
            name = first.name
        else:
            raise NotUnderstood
        rest = [each for each in rest if each.name not in _SAME]
        if len(rest) > 1 or any(each.name not in _FILTERS or each.given for each in rest):
            raise NotUnderstood
        if not rest:
            return variable(name)
        called = "base64_decode" if rest[0].text("decode") == "True" else _FILTERS[rest[0].name]
        return f"{{{{{called}({variable_name(name)})}}}}"

    def _called(self, call: Call, filters: tuple[Call, ...]) -> str:
        """The name of a variable that has what a function gives."""
        match call.name:
            case "response" | "response_header":
                return self._response(call, filters)
            case "prompt":
                return self._prompt(call)
            case "select":
                return self._select(call)
            case "env" if call.text("variable", 0):
                name = call.text("variable", 0)
                return self.wanted.named(name, HostVariable(name))
            case _:
                raise NotUnderstood

    def _response(self, call: Call, filters: tuple[Call, ...]) -> str:
        recipe = call.text("recipe_id", 0)
        if recipe not in self.wanted.titles:
            raise NotUnderstood
        query: Query = BodyText()
        words = "body"
        if call.name == "response_header":
            words = call.text("header", 1)
            query = Header(words)
        for each in filters:
            if each.name in ("jsonpath", "jq"):
                words = _path(each)
                query = Json(words)
        max_age_s = self._trigger(call.text("trigger"))
        return self.wanted.captured(recipe, query, words, max_age_s)

    def _trigger(self, trigger: str) -> float | None:
        match = _AGE.fullmatch(trigger)
        if match:
            return float(int(match[1]) * _SECONDS[match[2] or ""])
        if trigger == "always":
            self.approximated("trigger='always'", "it is sent once a run, not for each request")
        elif trigger != "no_history":
            self.approximated("trigger='never'", "it is sent when its value is needed")
        return None

    def _prompt(self, call: Call) -> str:
        question = call.text("message", 0) or "Value"
        if call.has("default"):
            self.approximated(f"prompt default {call.text('default')}".strip(), "a prompt has no default here")
        if call.text("sensitive") == "True":
            return self.wanted.named(question, Secret())
        return self.wanted.named(question, Prompt(question))

    def _select(self, call: Call) -> str:
        options = call.given[0] if call.given else None
        if not isinstance(options, Items):
            raise NotUnderstood
        known = [each.value for each in options.items if isinstance(each, Literal) and each.value is not None]
        if not known:
            raise NotUnderstood
        if len(known) < len(options.items):
            self.approximated("select", "of its options only those that are plain are offered")
        return self.wanted.named(call.text("message") or "choice", Choice(tuple(known)))


def _path(call: Call) -> str:
    """A path of RFC 9535. Raises NotUnderstood."""
    written = call.text("query", 0)
    if call.name == "jq":
        if not _SIMPLE_JQ.fullmatch(written):
            raise NotUnderstood
        # jq writes a dot before a bracket too.
        return "$" + re.sub(r"\.(?=\[)", "", written if written[0] in ".[" else f".{written}")
    if not written.startswith("$"):
        raise NotUnderstood
    return written
