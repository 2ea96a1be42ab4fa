"""Requests of ours as a Postman collection of version 2.1."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from tui_client.formats._format import Exported, Item
from tui_client.formats._found import Report
from tui_client.formats._postman.words import Words
from tui_client.formats._postman.write_checks import write_script
from tui_client.formats._postman.write_request import Row, write_request
from tui_client.model.effective import EffectiveRequest
from tui_client.model.options import SendOptions
from tui_client.model.variables import Choice, Constant, Secret, Variable

_SCHEMA: Final = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_BARE: Final = frozenset({"GET", "COPY", "HEAD", "PURGE", "UNLOCK"})
_UNSET: Final = SendOptions()


def write_collection(items: Sequence[Item]) -> Exported:
    """A collection with the folders and the variables of the requests; no secret is in it."""
    report = Report()
    root: list[Row] = []
    folders: dict[tuple[str, ...], list[Row]] = {(): root}
    variables = _Variables(report)
    for item in items:
        words = Words(report, " / ".join((*item.folder, item.title)), item.request.scope)
        _folder(item.folder, folders).append(_item(item, words))
        variables.take(words)
    document: dict[str, Any] = {"info": {"name": _title(items), "schema": _SCHEMA}, "item": root}
    if variables.rows:
        document["variable"] = list(variables.rows.values())
    return Exported(_json(document), tuple(report.lines))


def _json(document: Row) -> str:
    text = json.dumps(document, ensure_ascii=False, indent="\t") + "\n"
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(document, indent="\t") + "\n"
    return text


def _title(items: Sequence[Item]) -> str:
    for item in items:
        for layer in item.request.scope.layers:
            if layer.origin.startswith("collection "):
                return layer.origin.removeprefix("collection ")
    return items[0].title if len(items) == 1 else "tui-client"


def _folder(path: tuple[str, ...], folders: dict[tuple[str, ...], list[Row]]) -> list[Row]:
    for length in range(1, len(path) + 1):
        if path[:length] not in folders:
            inner: list[Row] = []
            folders[path[: length - 1]].append({"name": path[length - 1], "item": inner})
            folders[path[:length]] = inner
    return folders[path]


def _item(item: Item, words: Words) -> Row:
    request = item.request
    made: Row = {"name": item.title}
    if request.tags:
        words.dropped(f"tags {', '.join(request.tags)}", "Postman has none")
    script = write_script(request.asserts, request.captures, words)
    if script:
        made["event"] = [{"listen": "test", "script": {"type": "text/javascript", "exec": script}}]
    if behaviour := _behaviour(request, words):
        made["protocolProfileBehavior"] = behaviour
    made["request"] = write_request(request, words)
    made["response"] = []
    return made


def _behaviour(request: EffectiveRequest, words: Words) -> Row:
    options, made = request.options, dict[str, Any]()
    if request.body is not None and request.method.upper() in _BARE:
        made["disableBodyPruning"] = True
    if not options.follow_redirects:
        made["followRedirects"] = False
    if options.max_redirects != _UNSET.max_redirects:
        made["maxRedirects"] = options.max_redirects
    if not options.cookies:
        made["disableCookies"] = True
    if options.http2:
        made["protocolVersion"] = "http2"
    if not options.verify:
        made["strictSSL"] = False
    for name in ("proxy", "ca", "client_cert"):
        if getattr(options, name):
            words.dropped(f"option {name}", "stands in the settings of Postman, not in a collection")
    if options.timeouts.given:
        words.dropped("option timeout", "stands in the settings of Postman, not in a collection")
    return made


class _Variables:
    """The variables that are used, once each, with the values that go into a file."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._seen: dict[str, Variable] = {}
        self.rows: dict[str, Row] = {}

    def take(self, words: Words) -> None:
        """Those of one item, and those in their values."""
        waiting = list(words.used)
        while waiting:
            name = waiting.pop(0)
            found = words.scope.find(name)
            if found is None:
                continue
            if name in self._seen:
                self._note_other(name, found[1], words)
                continue
            self._seen[name] = found[1]
            inner = Words(self._report, f"variable {name}", words.scope)
            self.rows[name] = self._row(name, found[1], inner)
            waiting += inner.used

    def _note_other(self, name: str, variable: Variable, words: Words) -> None:
        if variable != self._seen[name]:
            words.approximated(f"variable {name}", "has one value in the collection: that of the first request")

    def _row(self, name: str, variable: Variable, words: Words) -> Row:
        match variable:
            case Secret():
                words.approximated("secret", "its value is not written; set it in Postman")
                return {"key": name, "value": "", "type": "secret"}
            case Constant(value=str() as value, literal=literal):
                text = words.text(value) if literal else words.plain(value)
                return {"key": name, "value": text.rstrip("/") if name == "base_url" else text}
            case Constant(value=value):
                return {"key": name, "value": _value_text(value)}
            case Choice(options=options) if options:
                words.approximated("choice", "has its first value only")
                return {"key": name, "value": _value_text(options[0])}
            case _:
                words.dropped(type(variable).__name__, "Postman has no such source of a value; give it one")
                return {"key": name, "value": ""}


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, default=str) if isinstance(value, list | dict) else str(value)
