"""Postman: collections of version 2.0 and 2.1, environments and globals, read; collections of 2.1 written."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from tui_client.formats._data import json_data, text_of
from tui_client.formats._format import MAX_BYTES, Alone, Beside, Exporter, FormatError, Importer, Source, refuse_large
from tui_client.formats._found import Found, Report
from tui_client.formats._postman.collection import read_collection, read_environment
from tui_client.formats._postman.write import write_collection

_ENDINGS: Final = (".json", ".postman_collection", ".postman_environment", ".postman_globals")
_NONE: Final = msgspec.Raw(b"")
_ALONE: Final = Alone()


class _Info(msgspec.Struct):
    """`info`, as far as it tells a collection of Postman's from other documents."""

    schema: Any = None
    name: Any = None


class _Top(msgspec.Struct):
    """The top of a document; what is in it stays unread."""

    info: msgspec.Raw = _NONE
    item: msgspec.Raw = _NONE
    collection: msgspec.Raw = _NONE
    environment: msgspec.Raw = _NONE
    values: msgspec.Raw = _NONE
    name: Any = None
    requests: msgspec.Raw = _NONE
    order: msgspec.Raw = _NONE
    scope: Any = msgspec.field(default=None, name="_postman_variable_scope")
    exported: Any = msgspec.field(default=None, name="_postman_exported_at")


def read_postman(data: bytes, *, name: str = "", beside: Beside = _ALONE, max_bytes: int = MAX_BYTES) -> Found:
    """The collection or the environment in a file of Postman's. Raises FormatError."""
    refuse_large(data, max_bytes)
    report = Report()
    try:
        collection = _read(json_data(data), _title(name), report)
    except RecursionError as error:
        raise FormatError("is nested too deep") from error
    return Found(format="postman", collections=(collection,), report=tuple(report.lines))


def _read(document: Any, title: str, report: Report) -> Any:
    if not isinstance(document, dict):
        raise FormatError("is no JSON object")
    for wrapper in ("collection", "environment"):
        if isinstance(document.get(wrapper), dict) and "item" not in document and "values" not in document:
            document = document[wrapper]
    if isinstance(document.get("item"), list):
        return read_collection(document, title, report)
    if isinstance(document.get("values"), list):
        return read_environment(document, title, report)
    if isinstance(document.get("requests"), list):
        raise FormatError("is a collection of version 1: open it in Postman and export it as version 2.1")
    raise FormatError("is neither a collection of Postman's nor an environment: it has no item and no values")


def _title(name: str) -> str:
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return "" if name == "-" else name


def _recognises(source: Source) -> bool:
    if source.is_folder:
        return False
    try:
        return _is_ours(_top(source.data))
    except (FormatError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _top(data: bytes) -> _Top:
    if data[:1] == b"{":
        return msgspec.json.decode(data, type=_Top)
    head = data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return msgspec.json.decode(text_of(data) if head[:1] == b"{" else b"", type=_Top)


def _is_ours(top: _Top, *, wrapped: bool = False) -> bool:
    for inner in (top.collection, top.environment):
        if _begins(inner, b"{") and not wrapped:
            return _is_ours(msgspec.json.decode(inner, type=_Top), wrapped=True)
    if _begins(top.item, b"[") and _begins(top.info, b"{"):
        info = msgspec.json.decode(top.info, type=_Info)
        return info.schema is None or "postman" in str(info.schema)
    if _begins(top.values, b"[") and isinstance(top.name, str):
        return top.scope in ("environment", "globals") or top.exported is not None
    return isinstance(top.name, str) and _begins(top.requests, b"[") and _begins(top.order, b"[")


def _begins(part: msgspec.Raw, sign: bytes) -> bool:
    return bytes(memoryview(part)[:1]) == sign


IMPORTER = Importer(
    name="postman",
    title="Postman collection",
    recognises=_recognises,
    read=lambda source: read_postman(source.data, name=source.name, beside=source.beside),
)
EXPORTERS = (
    Exporter(
        name="postman",
        title="Postman collection",
        suffix=".postman_collection.json",
        write=write_collection,
        keeps_templates=True,
    ),
)
