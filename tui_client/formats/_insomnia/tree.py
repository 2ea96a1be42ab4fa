"""Both forms of an Insomnia file as one tree: the flat resources of version 4 and the nested ones of version 5."""

from __future__ import annotations

from typing import Final

import msgspec

from tui_client.formats._data import MAX_DEPTH
from tui_client.formats._format import FormatError
from tui_client.formats._found import Report
from tui_client.formats._values import Table, number_of, rows, table, text

OTHERS: Final = {
    "websocket_request": "WebSocket request", "grpc_request": "gRPC request", "socketio_request": "Socket.IO request",
    "websocket_payload": "WebSocket message", "socketio_payload": "Socket.IO message", "proto_file": "proto file",
    "proto_directory": "proto folder", "unit_test_suite": "unit test suite", "unit_test": "unit test",
    "mock_server": "mock server", "mock_route": "mock route", "api_spec": "API description",
    "mcp_request": "MCP request",
    "client_certificate": "client certificate", "ca_certificate": "CA certificate", "caCertificate": "CA certificate",
    "request_version": "saved version",
}  # fmt: skip


class Node(msgspec.Struct):
    """A request, or with `items` a folder."""

    content: Table
    items: list[Node] | None = None

    @property
    def title(self) -> str:
        """Its name."""
        return text(self.content.get("name"))


class Root(msgspec.Struct):
    """A collection. environments: the base one first, then those below it."""

    title: str
    description: str = ""
    content: Table = {}
    items: list[Node] = []
    base: Table = {}
    environments: list[Table] = []
    cookies: list[Table] = []


def flat(resources: list[Table], title: str, report: Report) -> list[Root]:
    """The workspaces of version 4; what has none stands in one of its own."""
    below: dict[str, list[Table]] = {}
    ids = {text(each.get("_id")) for each in resources}
    tops: list[Table] = []
    for each in resources:
        parent = text(each.get("parentId"))
        if each.get("_type") == "workspace":
            tops.append(each)
        elif parent in ids and parent != text(each.get("_id")):
            below.setdefault(parent, []).append(each)
        else:
            below.setdefault("", []).append(each)
    left = below.pop("", [])
    if left or not tops:
        tops.append({"_id": "", "name": title})
        below[""] = left
    roots = [_root(top, below, report) for top in tops]
    for each in [each for group in below.values() for each in group]:
        report.dropped(text(each.get("name")), text(each.get("_type")), "belongs to nothing that is in the file")
    return roots


def _root(top: Table, below: dict[str, list[Table]], report: Report) -> Root:
    root = Root(text(top.get("name")), text(top.get("description")), top)
    own = below.pop(text(top.get("_id")), [])
    for each in own:
        if each.get("_type") == "environment":
            root.base = root.base or each
            children = _sorted(below.pop(text(each.get("_id")), []))
            root.environments += children if each is root.base else [each, *children]
        elif each.get("_type") == "cookie_jar":
            root.cookies += rows(each.get("cookies"))
    root.items = _nodes(own, below, report, 0)
    return root


def _nodes(own: list[Table], below: dict[str, list[Table]], report: Report, depth: int) -> list[Node]:
    if depth > MAX_DEPTH:
        raise FormatError("is nested too deep")
    made = []
    for each in _sorted(own):
        kind = text(each.get("_type"))
        children = below.pop(text(each.get("_id")), [])
        if kind == "request_group":
            made.append(Node(each, _nodes(children, below, report, depth + 1)))
            continue
        if kind == "request":
            made.append(Node(each))
        elif kind not in ("environment", "cookie_jar"):
            _note(each, kind, report)
        for child in children:
            _note(child, text(child.get("_type")), report)
    return made


def _note(each: Table, kind: str, report: Report) -> None:
    origin = text(each.get("name")) or text(each.get("fileName")) or "workspace"
    report.dropped(origin, OTHERS.get(kind, kind or "resource"), "is not here; only requests over HTTP are")


def nested(document: Table, title: str, report: Report) -> Root:
    """A collection of version 5."""
    environments = table(document.get("environments"))
    root = Root(
        text(document.get("name")) or title,
        text(_meta(document).get("description")),
        document,
        _nested_nodes(document.get("collection"), report, 0),
        environments,
        _sorted([_with_meta(each) for each in rows(environments.get("subEnvironments"))]),
        rows(table(document.get("cookieJar")).get("cookies")),
    )
    for name, construct in (
        ("testSuites", "unit tests"),
        ("spec", "API description"),
        ("certificates", "certificates"),
    ):
        if document.get(name):
            report.dropped(root.title, construct, "is not here; only requests over HTTP are")
    return root


def _nested_nodes(value: object, report: Report, depth: int) -> list[Node]:
    if depth > MAX_DEPTH:
        raise FormatError("is nested too deep")
    made = []
    for each in _sorted([_with_meta(each) for each in rows(value)]):
        if isinstance(each.get("children"), list):
            made.append(Node(each, _nested_nodes(each["children"], report, depth + 1)))
        elif "method" in each or text(each.get("_id")).startswith("req_"):
            made.append(Node(each))
        elif "url" in each:
            _note(each, _kind(each), report)
        else:
            # A folder of version 5 that holds nothing has no `children`.
            made.append(Node(each, []))
    return made


def _kind(each: Table) -> str:
    name = text(each.get("_id")).partition("_")[0]
    known = {"ws-req": "websocket_request", "greq": "grpc_request", "socketio-req": "socketio_request"}
    return known.get(name, "websocket_request")


def _meta(each: Table) -> Table:
    return table(each.get("meta"))


def _with_meta(each: Table) -> Table:
    """What version 5 has in `meta` and `scripts`, under the names of version 4."""
    meta, scripts = _meta(each), table(each.get("scripts"))
    return {
        **each,
        "_id": meta.get("id"),
        "metaSortKey": meta.get("sortKey"),
        "isPrivate": meta.get("isPrivate"),
        "description": meta.get("description"),
        "preRequestScript": scripts.get("preRequest"),
        "afterResponseScript": scripts.get("afterResponse"),
    }


def _sorted(given: list[Table]) -> list[Table]:
    return sorted(given, key=lambda each: number_of(each.get("metaSortKey")))
