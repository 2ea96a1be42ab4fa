"""Tests of JetBrains and httpyac: the plain ones become asserts and captures, the rest stays code."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from tui_client.formats._found import Report, Script
from tui_client.formats._templates import is_name
from tui_client.kinds.query.duration import Duration
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json
from tui_client.kinds.query.status import Status
from tui_client.model.kinds import Query
from tui_client.model.request import Assertion, Capture

_STATUS: Final = re.compile(r"client\.assert\(\s*response\.status\s*={2,3}\s*(\d{3})\s*(?:,[^\n;]*)?\)\s*;?")
_SET: Final = re.compile(
    r"client\.global\.set\(\s*[\"']([\w.-]+)[\"']\s*,\s*response\.(?:body((?:\.\w+|\[\d+\])+)"
    r"|headers\.valueOf\(\s*[\"']([\w-]+)[\"']\s*\))\s*\)\s*;?"
)
_WRAPPING: Final = re.compile(r"client\.test\([^{}\n]*\{|\}\s*\)\s*;?|//[^\n]*")
_TEST: Final = re.compile(
    r"(status|duration|header\s+[\w-]+|(?:js\s+)?response\.parsedBody[\w.\[\]]+)\s*(===?|!==?|>=?|<=?)\s*(\S.*)"
)
_OPS: Final = {"===": "==", "!==": "!="}


class Checks:
    """What the tests of one request gave."""

    def __init__(self) -> None:
        self.asserts: list[Assertion] = []
        self.captures: list[Capture] = []
        self.scripts: list[Script] = []


def checks_of(scripts: list[Script], tests: list[str], origin: str, report: Report) -> Checks:
    """All tests of one request; a line of the report for each script that is kept."""
    found = Checks()
    for script in scripts:
        rest = _taken(script, found, origin, report) if script.phase == "test" else script.content
        if rest.strip():
            found.scripts.append(script)
            report.kept(origin, f"{script.phase} script", "it is kept as text and not run")
    for test in tests:
        made = _assertion(test)
        if made is None:
            found.scripts.append(Script("test", "httpyac", f"?? {test}\n"))
            report.kept(origin, f"?? {test[:60]}", "there is no such check here; it is kept as text")
        else:
            found.asserts.append(made)
    return found


def _taken(script: Script, found: Checks, origin: str, report: Report) -> str:
    content = script.content
    if not _STATUS.search(content) and not _SET.search(content):
        return content
    for match in _STATUS.finditer(content):
        found.asserts.append(Assertion(Status(), "==", int(match[1])))
        report.imported(origin, "client.assert on the status", "it is a check")
    for match in _SET.finditer(content):
        query: Query = Json(f"${match[2]}") if match[2] else Header(match[3])
        found.captures.append(Capture(match[1], query))
        report.imported(origin, f"client.global.set {match[1]}", "it is a capture")
    return _WRAPPING.sub("", _SET.sub("", _STATUS.sub("", content)))


def _assertion(test: str) -> Assertion | None:
    found = _TEST.fullmatch(test)
    if found is None or "{{" in test:
        return None
    what, op, value = found[1], _OPS.get(found[2], found[2]), found[3].strip()
    if what == "status":
        return Assertion(Status(), op, int(value)) if re.fullmatch(r"\d{3}", value) else None
    if what == "duration":
        return Assertion(Duration(), op, int(value)) if re.fullmatch(r"\d{1,9}", value) else None
    if what.startswith("header"):
        return Assertion(Header(what.split()[1]), op, value) if op in ("==", "!=") else None
    try:
        said = msgspec.json.decode(value.replace("'", '"'))
    except msgspec.DecodeError:
        return None
    path = what.partition("parsedBody")[2]
    return (
        Assertion(Json(f"${path}"), op, said)
        if isinstance(said, str | int | float | bool) and is_name(path.strip(".").replace("[", "").replace("]", ""))
        else None
    )
