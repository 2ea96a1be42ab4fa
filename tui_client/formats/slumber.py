"""Slumber: its collection files of version 3 (tags and chains) and since version 4 (functions), read."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats import _yaml
from tui_client.formats._data import text_of
from tui_client.formats._format import MAX_BYTES, Alone, Beside, FormatError, Importer, Source, refuse_large
from tui_client.formats._found import Found, Report
from tui_client.formats._slumber.collection import Builder, is_collection
from tui_client.formats._values import table

_ALONE: Final = Alone()
_HEAD: Final = 256 * 1024
_REQUESTS: Final = re.compile(
    r"^requests:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*(?:[ \t]+['\"\w.\-]+:|[ \t]*- )", re.MULTILINE
)
_OURS: Final = re.compile(
    r"^(?:profiles|chains|environments):|^[ \t]+[\w.\-]+:[ \t]+!(?:request|folder)\b", re.MULTILINE
)
_URL: Final = re.compile(r"^[ \t]+url: *[^ \n]", re.MULTILINE)
_METHOD: Final = re.compile(r"^[ \t]+method: *['\"]?[A-Za-z]+['\"]?[ \t]*(?:#.*)?$", re.MULTILINE)
_OTHERS: Final = re.compile(r"^(?:openapi|swagger|opencollection|info|type|_type|resources|items|meta):", re.MULTILINE)


def read_slumber(data: bytes, *, name: str = "", beside: Beside = _ALONE, max_bytes: int = MAX_BYTES) -> Found:
    """The collection of a file. Raises FormatError."""
    refuse_large(data, max_bytes)
    report = Report()
    try:
        root = table(_yaml.load(text_of(data), tags=True))
        if not is_collection(root):
            raise FormatError("is no collection of Slumber's: it has no requests, profiles or chains")
        collection = Builder(root, report).collection(name.rpartition(".")[0] or name)
    except RecursionError as error:
        raise FormatError("is nested too deep") from error
    return Found(format="slumber", collections=(collection,), report=tuple(report.lines))


def _recognises(source: Source) -> bool:
    if source.is_folder:
        return False
    head = source.data[:_HEAD].decode("utf-8", "ignore").lstrip("\ufeff").replace("\r\n", "\n")
    if _OTHERS.search(head) or not _REQUESTS.search(head):
        return False
    named = source.name.replace("\\", "/").rpartition("/")[2] in ("slumber.yml", "slumber.yaml", ".slumber.yml")
    return (named or _OURS.search(head) is not None or _METHOD.search(head) is not None) and bool(_URL.search(head))


IMPORTER = Importer(
    name="slumber",
    title="Slumber collection",
    recognises=_recognises,
    read=lambda source: read_slumber(source.data, name=source.name, beside=source.beside),
)
