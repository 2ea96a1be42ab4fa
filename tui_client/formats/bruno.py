"""Bruno: folders of .bru or OpenCollection files, single files of either, and its exported JSON."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from tui_client.formats._bruno import opencollection
from tui_client.formats._bruno.collection import Builder, Item
from tui_client.formats._bruno.documents import environment_of, request_of
from tui_client.formats._bruno.files import from_config, from_folder, items_of, sorted_items
from tui_client.formats._bruno.write import write_opencollection
from tui_client.formats._data import json_data, text_of, yaml_data
from tui_client.formats._format import MAX_BYTES, Alone, Beside, Exporter, FormatError, Importer, Source, refuse_large
from tui_client.formats._found import Found, FoundCollection, Report
from tui_client.formats._values import Table, table, text

_BLOCK: Final = re.compile(r"\s*(meta|vars|vars:secret|http|get|post|put|delete|patch|options|head) *[{\[]")
_OPEN: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:---\r?\n|#[^\n]{0,200}\n)?opencollection *:")
_ROOTS: Final = ("bruno.json", "collection.bru", "opencollection.yml", "opencollection.yaml")
_NONE: Final = msgspec.Raw(b"")
_ALONE: Final = Alone()


class _Top(msgspec.Struct):
    """The top of Bruno's JSON; what is in it stays unread."""

    name: msgspec.Raw = _NONE
    version: msgspec.Raw = _NONE
    items: msgspec.Raw = _NONE
    info: msgspec.Raw = _NONE


def read_bruno(data: bytes, *, name: str = "", beside: Beside = _ALONE, max_bytes: int = MAX_BYTES) -> Found:
    """A collection, or one request. No data: the folder that `beside` is. Raises FormatError."""
    refuse_large(data, max_bytes)
    report = Report()
    try:
        collection, loose = _read(data, name, beside, report)
    except RecursionError as error:
        raise FormatError("is nested too deep") from error
    return Found(format="bruno", collections=(collection,), report=tuple(report.lines), loose=loose)


def _read(data: bytes, name: str, beside: Beside, report: Report) -> tuple[FoundCollection, bool]:
    if not data:
        if not set(_ROOTS).intersection(beside.names()):
            raise FormatError("has neither bruno.json nor opencollection.yml")
        return from_folder(beside, name, report), False
    written = text_of(data)
    title = name.rpartition(".")[0] or name
    if written.lstrip("\ufeff \t\n")[:1] == "{":
        return _whole(table(json_data(data)), title, report), False
    if _BLOCK.match(written.lstrip("\ufeff")):
        return _one_file(written, title, report)
    return _one_yaml(table(yaml_data(data)), title, report)


def _one_file(written: str, title: str, report: Report) -> tuple[FoundCollection, bool]:
    builder = Builder(report)
    meta, request = request_of(written)
    if not meta and "url" not in request:
        builder.environment(title, environment_of(written))
        return builder.collection(title, {}, []), False
    meta.setdefault("name", title)
    return builder.collection(title, {}, [Item(meta, request)], inherits=False), True


def _one_yaml(document: Table, title: str, report: Report) -> tuple[FoundCollection, bool]:
    if "opencollection" in document:
        return _whole(document, title, report), False
    if not isinstance(document.get("info"), dict):
        raise FormatError("is no file of Bruno's")
    meta = opencollection.meta_of(document)
    meta.setdefault("name", title)
    item = Item(meta, opencollection.request_of(document))
    return Builder(report).collection(title, {}, [item], inherits=False), True


def _whole(document: Table, title: str, report: Report) -> FoundCollection:
    if not isinstance(document.get("items"), list) and "opencollection" not in document:
        raise FormatError("is no collection of Bruno's: it has no items")
    builder = Builder(report)
    from_config(builder, document)
    info = table(document.get("info"))
    shared = opencollection.request_of(document) if "opencollection" in document else table(document.get("root"))
    name = text(document.get("name")) or text(info.get("name")) or title
    return builder.collection(name, shared, sorted_items(items_of(document.get("items"))))


def _recognises(source: Source) -> bool:
    if source.is_folder:
        return not set(_ROOTS).isdisjoint(source.beside.names())
    head = source.data[:4096].decode("utf-8", "ignore").lstrip("\ufeff")
    if source.name.endswith(".bru") or re.match(r"\s*meta *\{\s*\n", head):
        return _BLOCK.match(head) is not None
    if _OPEN.match(source.data):
        return True
    if not head.lstrip().startswith("{"):
        return False
    try:
        top = msgspec.json.decode(source.data, type=_Top)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return bytes(top.items)[:1] == b"[" and bytes(top.name)[:1] == b'"' == bytes(top.version)[:1] and not top.info


IMPORTER = Importer(
    name="bruno",
    title="Bruno collection",
    recognises=_recognises,
    read=lambda source: read_bruno(source.data, name=source.name, beside=source.beside),
)
EXPORTERS = (
    Exporter(
        name="opencollection",
        title="Bruno OpenCollection",
        suffix=".yml",
        write=write_opencollection,
        keeps_templates=True,
    ),
)
