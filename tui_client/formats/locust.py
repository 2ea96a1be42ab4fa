"""Requests as a load test for Locust: a user with a task per request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui_client.formats._code.call import Call, calls
from tui_client.formats._code.names import comment, snake_case
from tui_client.formats._code.python import indented, quoted
from tui_client.formats._code.requests import RequestsWriter
from tui_client.formats._code.text import Variables
from tui_client.formats._format import Exported, Exporter, Item
from tui_client.formats._found import Report

_IMPORTS: Final = "from locust import HttpUser, constant, task"


def write_locust(items: Sequence[Item]) -> Exported:
    """A locustfile; each request counts under its title."""
    report = Report()
    found = calls(items, Variables(), report)
    writer = RequestsWriter(report)
    names = snake_case([call.title for call in found])
    starting: list[str] = []
    tasks: list[str] = []
    for call, name in zip(found, names, strict=True):
        writer.python.granted = f"self.tokens[{quoted(name)}]"
        starting += _granting(writer, call)
        tasks += ["", "@task", f"def {name}(self) -> None:"]
        tasks += indented([f"# {comment(call.origin)}", *_sending(writer, call)])
    if starting:
        starting = ["", "def on_start(self) -> None:", *indented(["self.tokens = {}", *starting])]
    host = f"host = {writer.python.text(found[0].base)}"
    lines = ["class Requests(HttpUser):", *indented([host, "wait_time = constant(1)", *starting, *tasks])]
    libraries = [*(["import requests"] if starting else []), _IMPORTS, *sorted(writer.imports)]
    return Exported("\n".join([*writer.python.header(*libraries), "", "", *lines]) + "\n", tuple(report.lines))


def _sending(writer: RequestsWriter, call: Call) -> list[str]:
    name = f"name={quoted(comment(call.title) or call.method)}"
    return writer.sending(call, "self.client.request", "", name)


def _granting(writer: RequestsWriter, call: Call) -> list[str]:
    """A token is fetched once a user, not once a request."""
    if call.grant is None:
        return []
    kept = f'{writer.python.granted} = granted.json()["access_token"]'
    return [*writer.granting(call.grant, call, "requests.post"), kept]


EXPORTERS = (Exporter("locust", "Locust", ".py", write_locust),)
