"""Insomnia: exports of version 4 (JSON or YAML) and files of version 5 (YAML), read."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from tui_client.formats._data import json_or_yaml, text_of
from tui_client.formats._format import MAX_BYTES, Alone, Beside, FormatError, Importer, Source, refuse_large
from tui_client.formats._found import Found, FoundCollection, Report
from tui_client.formats._insomnia.collection import Builder
from tui_client.formats._insomnia.tree import Root, flat, nested
from tui_client.formats._values import Table, rows, table, text

_NESTED: Final = re.compile(r"^type: *['\"]?(?:collection|environment|spec|mock)\.insomnia\.rest/5", re.MULTILINE)
_FLAT: Final = re.compile(r"^_type: *['\"]?export['\"]? *$", re.MULTILINE)
_NONE: Final = msgspec.Raw(b"")
_ALONE: Final = Alone()


class _Top(msgspec.Struct):
    """The top of a document; what is in it stays unread."""

    kind: msgspec.Raw = msgspec.field(default=_NONE, name="_type")
    type: msgspec.Raw = _NONE
    resources: msgspec.Raw = _NONE


def read_insomnia(data: bytes, *, name: str = "", beside: Beside = _ALONE, max_bytes: int = MAX_BYTES) -> Found:
    """The collections of an export. Raises FormatError."""
    refuse_large(data, max_bytes)
    report = Report()
    try:
        collections = _read(json_or_yaml(data), name.rpartition(".")[0] or name, report)
    except RecursionError as error:
        raise FormatError("is nested too deep") from error
    return Found(format="insomnia", collections=collections, report=tuple(report.lines))


def _read(value: object, title: str, report: Report) -> tuple[FoundCollection, ...]:
    document = table(value)
    if isinstance(document.get("resources"), list):
        roots = flat(rows(document["resources"]), title, report)
    elif text(document.get("type")).startswith(("collection.insomnia.rest/", "spec.insomnia.rest/")):
        roots = [nested(document, title, report)]
    elif text(document.get("type")).startswith("environment.insomnia.rest/"):
        roots = [_environment(document, title)]
    elif text(document.get("type")).startswith("mock.insomnia.rest/"):
        raise FormatError("is a mock server; only requests can be imported")
    else:
        raise FormatError("is no export of Insomnia's: it has neither resources nor a type of its own")
    return tuple(Builder(report, root).build() for root in roots)


def _environment(document: Table, title: str) -> Root:
    base = table(document.get("environments"))
    return Root(text(document.get("name")) or title, base=base, environments=rows(base.get("subEnvironments")))


def _recognises(source: Source) -> bool:
    if source.is_folder:
        return False
    try:
        head = text_of(source.data[:4096]) if source.data[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        head = head or source.data[:4096].decode("utf-8", "ignore").lstrip("\ufeff")
        if head.lstrip()[:1] != "{":
            return _NESTED.search(head) is not None or _FLAT.search(head) is not None
        top = msgspec.json.decode(source.data, type=_Top)
    except (FormatError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return (bytes(top.kind) == b'"export"' and bytes(top.resources)[:1] == b"[") or b"insomnia.rest/5" in bytes(
        top.type
    )


IMPORTER = Importer(
    name="insomnia",
    title="Insomnia collection",
    recognises=_recognises,
    read=lambda source: read_insomnia(source.data, name=source.name, beside=source.beside),
)
