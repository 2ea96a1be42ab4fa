"""Slumber's functions that give values, as variables of ours."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats._slumber.expressions import Call, Items, Literal, NotUnderstood, shown
from tui_client.formats._slumber.wanted import Wanted
from tui_client.formats._spot import Spot
from tui_client.kinds.query.body import BodyText
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json
from tui_client.model.kinds import Query
from tui_client.model.variables import Choice, HostVariable, Prompt, Secret

# What changes how a value is shown or typed, but not which it is.
SAME: Final = frozenset({"sensitive", "string", "debug"})
_AGE: Final = re.compile(r"(?:\d{1,9}\s*[smhd]\s*){1,8}|\d{1,9}")
_AGES: Final = re.compile(r"(\d+)\s*([smhd])?")
_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_SIMPLE_JQ: Final = re.compile(
    r"""\.?(?:[A-Za-z_]\w*|\[\d+\]|\["[^"]*"\])(?:\.[A-Za-z_]\w*|\.?\[\d+\]|\.?\["[^"]*"\])*"""
)
_SINGULAR: Final = re.compile(r"""\$(?:\.\w+|\[-?\d+\]|\['[^']*'\]|\["[^"]*"\])*""")
_TRIGGERS: Final = {
    "": ("trigger='never'", "it is sent when its value is needed"),
    "never": ("trigger='never'", "it is sent when its value is needed"),
    "always": ("trigger='always'", "it is sent once a run, not for each request"),
}
# How many values by place, and which by name, are read of each.
_READ: Final = {
    "response": (1, {"recipe_id", "trigger"}),
    "response_header": (2, {"recipe_id", "header", "trigger"}),
    "prompt": (1, {"message", "default", "sensitive"}),
    "select": (1, {"options", "message"}),
    "env": (1, {"variable", "default"}),
    "jsonpath": (1, {"query", "mode"}),
    "jq": (1, {"query", "mode"}),
}


class Sources:
    """Finds or makes the variables; what is lost on the way is told at its place."""

    def __init__(self, place: Spot, wanted: Wanted) -> None:
        self._place = place
        self._wanted = wanted

    def name_of(self, call: Call, queries: tuple[Call, ...]) -> str:
        """The name of a variable that has what a function gives. Raises NotUnderstood."""
        match call.name:
            case "response" | "response_header":
                name = self._response(call, queries)
            case "prompt":
                name = self._prompt(call)
            case "select":
                name = self._select(call)
            case "env" if call.text("variable", 0):
                name = self._env(call)
            case _:
                raise NotUnderstood
        for each in (call, *queries):
            self._unread(each)
        return name

    def _unread(self, call: Call) -> None:
        places, names = _READ[call.name]
        left = [*map(shown, call.given[places:]), *(f"{n}={shown(v)}" for n, v in call.named if n not in names)]
        for each in left:
            self._place.approximated(f"{call.name}: {each}", "it has no meaning here")

    def _env(self, call: Call) -> str:
        name = call.text("variable", 0)
        if call.has("default"):
            self._place.approximated(shown(call), "a variable of the environment has no default here")
        return self._wanted.named(name, HostVariable(name))

    def _response(self, call: Call, queries: tuple[Call, ...]) -> str:
        recipe = call.text("recipe_id", 0)
        if recipe not in self._wanted.titles or (queries and call.name == "response_header"):
            raise NotUnderstood
        query: Query = BodyText()
        words = "body"
        if call.name == "response_header":
            words = call.text("header", 1)
            query = Header(words)
        for each in queries:
            words = _path(each)
            query = Json(words)
            self._mode(each, words)
        return self._wanted.captured(recipe, query, words, self._trigger(call))

    def _mode(self, call: Call, path: str) -> None:
        """Here a path to one place gives its value, any other a list."""
        mode, singular = call.text("mode") or "auto", _SINGULAR.fullmatch(path) is not None
        if call.has("mode") and mode not in ("auto", "single", "array"):
            self._place.approximated(shown(call), "there is no such mode here")
        elif mode == "array" and singular:
            self._place.approximated(shown(call), "a path to one place gives its value here, not a list")
        elif mode != "array" and not singular:
            self._place.approximated(shown(call), "a path to many places gives a list here, also of one value")

    def _trigger(self, call: Call) -> float | None:
        trigger = call.text("trigger")
        if _AGE.fullmatch(trigger):
            return float(sum(int(number) * _SECONDS[unit] for number, unit in _AGES.findall(trigger)))
        if call.has("trigger") and not trigger:
            self._place.approximated(shown(call), "how old it may be is not known; it is sent when it is needed")
        elif trigger in _TRIGGERS:
            self._place.approximated(*_TRIGGERS[trigger])
        elif trigger != "no_history":
            self._place.approximated(f"trigger='{trigger}'", "is not known; it is sent when its value is needed")
        return None

    def _prompt(self, call: Call) -> str:
        question = self._question(call, 0) or "Value"
        if call.has("default"):
            default = shown(dict(call.named)["default"])
            self._place.approximated(f"prompt default {default}", "a prompt has no default here")
        if call.text("sensitive") == "True":
            return self._wanted.named(question, Secret())
        return self._wanted.named(question, Prompt(question))

    def _question(self, call: Call, at: int) -> str:
        question = call.text("message", at)
        given = dict(call.named).get("message", call.given[at] if 0 <= at < len(call.given) else None)
        if given is not None and not isinstance(given, Literal):
            self._place.approximated(shown(call), "its question is put together from values, which is not done here")
        elif "{{" in question:
            self._place.approximated(f"message '{question}'", "the templates in a question stay as text")
        return question

    def _select(self, call: Call) -> str:
        options = dict(call.named).get("options", call.given[0] if call.given else None)
        if not isinstance(options, Items):
            raise NotUnderstood
        known = [each.value for each in options.items if isinstance(each, Literal) and each.value is not None]
        if not known:
            raise NotUnderstood
        if len(known) < len(options.items):
            self._place.approximated(shown(call), "of its options only those that are plain are offered")
        return self._wanted.named(self._question(call, -1) or "choice", Choice(tuple(known)))


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
