"""`.http` and `.rest` files, as VS Code's REST Client, JetBrains' editors and httpyac write and read them."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from tui_client.formats._data import text_of
from tui_client.formats._format import MAX_BYTES, Alone, Beside, Exporter, FormatError, Importer, Source, refuse_large
from tui_client.formats._found import Found, FoundCollection, FoundRequest, Report
from tui_client.formats._http_file.blocks import Block, blocks
from tui_client.formats._http_file.environments import environments
from tui_client.formats._http_file.holes import Holes
from tui_client.formats._http_file.requests import request_of
from tui_client.formats._http_file.write import write
from tui_client.formats._templates import variable_name
from tui_client.model.collection import Folder
from tui_client.model.variables import Constant, Variable

_ALONE: Final = Alone()
_HEAD_BYTES: Final = 4096
_REQUEST: Final = re.compile(
    r"^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|GRAPHQL)[ \t]+(?:https?://|\{\{|/)\S*(?:[ \t]+HTTP/[0-9.]+)?[ \t]*$",
    re.MULTILINE,
)
_MARKS: Final = re.compile(r"^(?:###|@[\w.-]+[ \t]*=|(?:#|//)[ \t]*@[\w-]+)", re.MULTILINE)


def read_http_file(data: bytes, *, name: str = "", beside: Beside = _ALONE, max_bytes: int = MAX_BYTES) -> Found:
    """The requests of a file. Raises FormatError where there is none, or where it is too large."""
    refuse_large(data, max_bytes)
    parts = blocks(text_of(data))
    report = Report()
    names = {value for block in parts for key, value in block.meta if key == "name"}
    holes = Holes(report, names)
    found = environments(beside, holes)
    shared: dict[str, Variable] = {**found.shared, **_variables(parts, holes)}
    values = {
        key: each.value for key, each in shared.items() if isinstance(each, Constant) and isinstance(each.value, str)
    }
    for variables in found.variables.values():
        for key, each in variables.items():
            if isinstance(each, Constant) and isinstance(each.value, str):
                values.setdefault(key, each.value)
    requests = [made for block in parts if block.url and (made := request_of(block, holes, values)) is not None]
    if not requests and not any(block.url for block in parts):
        raise FormatError("has no requests")
    scripts = tuple(script for block in parts if not block.url for script in block.scripts)
    for block in parts:
        if not block.url:
            _report_rest(block, holes)
    shared = {**holes.variables, **shared}
    collection = FoundCollection(
        title=_title(name), shared=Folder(variables=shared), requests=_with_captures(requests, holes),
        environments=found.values, secrets=found.secrets, scripts=scripts,
    )  # fmt: skip
    return Found(format="http", collections=(collection,), report=tuple(report.lines))


def _report_rest(block: Block, holes: Holes) -> None:
    """What stands in a part of the file that holds no request."""
    origin = f"line {block.line}"
    for script in block.scripts:
        holes.report.kept(origin, f"{script.phase} script", "it is kept as text and not run")
    for number, construct, why in block.odd:
        holes.report.dropped(f"line {number}", construct, why)
    for key, value in block.meta:
        holes.report.dropped(origin, f"@{key} {value}".strip()[:80], "it belongs to no request")


def _variables(parts: list[Block], holes: Holes) -> dict[str, Variable]:
    found: dict[str, Variable] = {}
    for block in parts:
        holes.origin = f"line {block.line}"
        for key, value in block.variables:
            own, made = variable_name(key), Constant(holes.text(value))
            if own in found and found[own] != made:
                holes.report.approximated(
                    holes.origin, f"@{key}", "it is set more than once; the last value is in force"
                )
            found[own] = made
    return found


def _with_captures(requests: list[FoundRequest], holes: Holes) -> tuple[FoundRequest, ...]:
    """The requests with the captures that others ask of them."""
    made, done = [], set[str]()
    for each in requests:
        wanted = {} if each.request.name in done else holes.captures.get(each.request.name, {})
        done.add(each.request.name)
        captures = (*each.request.captures, *wanted.values())
        made.append(msgspec.structs.replace(each, request=msgspec.structs.replace(each.request, captures=captures)))
    return tuple(made)


def _title(name: str) -> str:
    return re.sub(r"\.(http|rest)$", "", name.replace("\\", "/").rpartition("/")[2]) or "http"


def _recognises(source: Source) -> bool:
    if source.is_folder or not source.data:
        return False
    try:
        head = text_of(source.data[:_HEAD_BYTES]) if source.data[:2] in (b"\xff\xfe", b"\xfe\xff") else None
    except FormatError:
        return False
    text = head if head is not None else source.data[:_HEAD_BYTES].decode("utf-8", "replace").replace("\r\n", "\n")
    named = source.name.lower().endswith((".http", ".rest"))
    return (
        bool(_REQUEST.search(text) or _MARKS.search(text))
        if named
        else bool(_MARKS.search(text) and re.search(r"^###", text, re.MULTILINE) and _REQUEST.search(text))
    )


def _read(source: Source) -> Found:
    return read_http_file(source.data, name=source.name, beside=source.beside)


IMPORTER = Importer("http", ".http file", _recognises, _read)
EXPORTERS = (Exporter("http", ".http file (REST Client)", ".http", write, keeps_templates=True),)
