"""A .bru file as the object that Bruno's own JSON has for it."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats._bruno.grammar import Block, Row, blocks
from tui_client.formats._values import Table

_METHODS: Final = frozenset(["get", "post", "put", "delete", "patch", "options", "head", "connect", "trace"])
_FILE: Final = re.compile(r"@file\(([^)\n]*)\)")
_TYPE: Final = re.compile(r"@contentType\(([^()\n]{0,300})\)")
_BODIES: Final = {
    "body": "json", "body:json": "json", "body:text": "text", "body:xml": "xml", "body:sparql": "sparql",
    "body:graphql": "graphql", "body:graphql:vars": "graphqlVariables",
}  # fmt: skip
_MODES: Final = {"form-urlencoded": "formUrlEncoded", "multipart-form": "multipartForm"}
_SCRIPTS: Final = {"script:pre-request": "req", "script:post-response": "res"}
_VARIABLES: Final = {"vars:pre-request": "req", "vars:post-response": "res"}


def request_of(source: str) -> tuple[Table, Table]:
    """`meta`, and all else under the names that Bruno's JSON has. Raises FormatError."""
    meta: Table = {}
    request: Table = {"auth": {}, "body": {"mode": "none"}, "params": [], "others": []}
    for block in blocks(source):
        if block.name == "meta":
            meta |= _plain(block)
        else:
            _take(block, request)
    return meta, request


def environment_of(source: str) -> list[Table]:
    """The variables of environments/NAME.bru. Raises FormatError."""
    found: list[Table] = []
    for block in blocks(source):
        if block.name == "vars":
            found += [_row(row) for row in block.rows]
        elif block.name == "vars:secret":
            found += [
                {"name": name.removeprefix("~"), "value": "", "secret": True, "enabled": name[0] != "~"}
                for name in block.names
            ]
    return found


def _take(block: Block, request: Table) -> None:
    name = block.name
    kind, _, rest = name.partition(":")
    if name in _METHODS or name == "http":
        _take_line(block, request)
    elif kind == "params" or name == "query":
        _list(request, "params").extend(
            {**_row(row), "type": "path" if rest == "path" else "query"} for row in block.rows
        )
    elif name in ("headers", "assert"):
        request["assertions" if name == "assert" else name] = [_row(row) for row in block.rows]
    elif kind == "auth":
        _take_auth(block, rest, request)
    elif kind == "body":
        _take_body(block, rest, request)
    elif name in _SCRIPTS:
        _table(request, "script")[_SCRIPTS[name]] = block.text
    elif name in _VARIABLES:
        _table(request, "vars")[_VARIABLES[name]] = [_row(row) for row in block.rows]
    elif name in ("tests", "docs"):
        request[name] = block.text
    elif name == "settings":
        request[name] = _plain(block)
    else:
        _list(request, "others").append(name)


def _take_line(block: Block, request: Table) -> None:
    line = _plain(block)
    request["method"] = line.get("method") if block.name == "http" else block.name.upper()
    request["url"] = line.get("url", "")
    mode = str(line.get("body", "none"))
    _table(request, "body")["mode"] = _MODES.get(mode, mode)
    _table(request, "auth")["mode"] = line.get("auth", "none")


def _take_auth(block: Block, kind: str, request: Table) -> None:
    if kind:
        _table(request, "auth")[kind] = _plain(block)
    else:
        # Of a collection or folder: auth { mode: basic }.
        _table(request, "auth")["mode"] = _plain(block).get("mode", "none")


def _take_body(block: Block, kind: str, request: Table) -> None:
    body = _table(request, "body")
    if block.name in _BODIES:
        body[_BODIES[block.name]] = block.text
    else:
        body[_MODES.get(kind, kind)] = [_field(row) for row in block.rows]


def _field(row: Row) -> Table:
    """A field of a form, or a file: `photo: @file(a.png) @contentType(image/png)`."""
    made, value = _row(row), row.value
    if match := _TYPE.search(value):
        made["contentType"] = match[1].strip()
        value = (value[: match.start()] + value[match.end() :]).strip()
        made["value"] = value
    if match := _FILE.fullmatch(value):
        made |= {"type": "file", "value": [each for each in match[1].split("|") if each]}
    return made


def _row(row: Row) -> Table:
    return {"name": row.name, "value": row.value, "enabled": row.enabled, "description": row.note}


def _plain(block: Block) -> Table:
    return {row.name: list(row.names) or row.value for row in block.rows if row.enabled}


def _table(request: Table, name: str) -> Table:
    inner = request.setdefault(name, {})
    return inner if isinstance(inner, dict) else {}


def _list(request: Table, name: str) -> list[object]:
    inner = request.setdefault(name, [])
    return inner if isinstance(inner, list) else []
