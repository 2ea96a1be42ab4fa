"""Requests as a Python program with the library requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui_client.formats._code.call import Call, calls
from tui_client.formats._code.limits import DEFAULTS
from tui_client.formats._code.names import comment, snake_case
from tui_client.formats._code.python import indented
from tui_client.formats._code.requests import RequestsWriter
from tui_client.formats._code.text import Variables
from tui_client.formats._format import Exported, Exporter, Item
from tui_client.formats._found import Report

_SHOW: Final = ("print(response.status_code, response.reason)", "print(response.text)")


def write_requests(items: Sequence[Item]) -> Exported:
    """A program that sends the items in their order and prints each reply."""
    report = Report()
    found = calls(items, Variables(), report, keeping=True)
    writer = RequestsWriter(report)
    body = _one(writer, found[0]) if len(found) == 1 else _several(writer, found)
    lines = [*writer.python.header("import requests", *sorted(writer.imports)), *body]
    return Exported("\n".join(lines) + "\n", tuple(report.lines))


def _one(writer: RequestsWriter, call: Call) -> list[str]:
    inner = [*_sending(writer, call, "response = "), *_SHOW]
    title = [f"# {comment(call.title)}"] if comment(call.title) else []
    return ["", *title, "with requests.Session() as session:", *indented([*_redirects([call]), *inner])]


def _several(writer: RequestsWriter, found: Sequence[Call]) -> list[str]:
    lines: list[str] = []
    names = snake_case([call.title for call in found])
    for call, name in zip(found, names, strict=True):
        lines += ["", "", f"def {name}(session: requests.Session) -> requests.Response:"]
        lines += indented([f"# {comment(call.origin)}", *_sending(writer, call, "return ")])
    lines += ["", "", "def show(response: requests.Response) -> None:", *indented(_SHOW)]
    inner = _redirects(found)
    for call, name in zip(found, names, strict=True):
        inner += writer.python.showing(call, f"{name}(session)")
    lines += ["", "", "def main() -> None:", *indented(["with requests.Session() as session:", *indented(inner)])]
    return [*lines, "", "", 'if __name__ == "__main__":', *indented(["main()"])]


def _sending(writer: RequestsWriter, call: Call, lead: str) -> list[str]:
    granting = writer.granting(call.grant, call, "session.post") if call.grant else []
    return [*granting, *writer.sending(call, "session.request", lead)]


def _redirects(found: Sequence[Call]) -> list[str]:
    most = max(call.options.max_redirects for call in found)
    return [] if most == DEFAULTS.max_redirects else [f"session.max_redirects = {most}"]


EXPORTERS = (Exporter("requests", "Python requests", ".py", write_requests),)
