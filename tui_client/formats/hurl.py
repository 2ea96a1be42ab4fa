"""Hurl files: requests with their captures and asserts, which mean the same as ours."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats._data import text_of
from tui_client.formats._format import MAX_BYTES, Alone, Beside, Exporter, FormatError, Importer, Source, refuse_large
from tui_client.formats._found import Found, FoundCollection, Report
from tui_client.formats._hurl.entries import entries
from tui_client.formats._hurl.requests import request_of
from tui_client.formats._hurl.words import Holes
from tui_client.formats._hurl.write import write
from tui_client.formats._templates import variable_name
from tui_client.model.collection import Folder
from tui_client.model.options import Options
from tui_client.model.variables import Constant, Variable

_ALONE: Final = Alone()
_HEAD_BYTES: Final = 4096
_REQUEST: Final = re.compile(r"[A-Z]+[ \t]+(?:https?://|\{\{)\S+(?:[ \t]+#.*)?")
_REPLY: Final = re.compile(
    r"^(?:HTTP(?:/[0-9.]+)?[ \t]+(?:\d{3}|\*)[ \t]*|\[(?:Asserts|Captures|QueryStringParams|FormParams)\][ \t]*)$",
    re.MULTILINE,
)


def read_hurl(data: bytes, *, name: str = "", beside: Beside = _ALONE, max_bytes: int = MAX_BYTES) -> Found:
    """The requests of a file. Raises FormatError, with the line, for what is no Hurl file, or too large."""
    refuse_large(data, max_bytes)
    found = entries(text_of(data))
    if not found:
        raise FormatError("has no requests")
    report = Report()
    holes = Holes(report)
    variables: dict[str, Variable] = {}

    def set_variable(given: str, value: str) -> None:
        own, made = variable_name(given), Constant(holes.text(value.strip('"')))
        if variables.setdefault(own, made) != made:
            report.dropped(holes.origin, f"variable: {given}={value}"[:80], "it is set before, to another value")
        else:
            report.imported(holes.origin, f"variable: {given}", "it is a variable of the collection")

    requests = tuple(request_of(entry, holes, set_variable) for entry in found)
    # Hurl follows redirects only where it is told to.
    shared = Folder(options=Options(follow_redirects=False), variables={**holes.variables, **variables})
    collection = FoundCollection(title=_title(name), shared=shared, requests=requests)
    return Found(format="hurl", collections=(collection,), report=tuple(report.lines))


def _title(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].removesuffix(".hurl") or "hurl"


def _recognises(source: Source) -> bool:
    if source.is_folder or not source.data:
        return False
    text = source.data[:_HEAD_BYTES].decode("utf-8", "replace").replace("\r\n", "\n").lstrip("\ufeff")
    lines = (line.strip() for line in text.split("\n"))
    first = next((line for line in lines if line and not line.startswith("#")), "")
    if _REQUEST.fullmatch(first) is None:
        return False
    return source.name.lower().endswith(".hurl") or (
        _REPLY.search(text) is not None and re.search("^###", text, re.MULTILINE) is None
    )


def _read(source: Source) -> Found:
    return read_hurl(source.data, name=source.name, beside=source.beside)


IMPORTER = Importer("hurl", "Hurl file", _recognises, _read)
EXPORTERS = (Exporter("hurl", "Hurl file", ".hurl", write, keeps_templates=True),)
