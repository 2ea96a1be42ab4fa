"""Posting: a folder of *.posting.yaml files with its dotenv files, or one such file."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats._format import MAX_BYTES, Alone, Beside, FormatError, Importer, Source, refuse_large
from tui_client.formats._found import Found, Report
from tui_client.formats._posting.collection import ENDINGS, from_folder, one_file
from tui_client.formats._posting.requests import KNOWN

_KEY: Final = re.compile(r"^([^\s#'\"{\[\-][^:\n]{0,60}):(?:[ \n]|$)", re.MULTILINE)
_OF_BRUNO: Final = frozenset(["bruno.json", "collection.bru", "opencollection.yml", "opencollection.yaml"])
_HEAD: Final = 65_536
_ALONE: Final = Alone()


def read_posting(data: bytes, *, name: str = "", beside: Beside = _ALONE, max_bytes: int = MAX_BYTES) -> Found:
    """A collection, or one request. No data: the folder that `beside` is. Raises FormatError."""
    refuse_large(data, max_bytes)
    report = Report()
    try:
        made = one_file(data, name, beside, report) if data else from_folder(beside, name, report)
    except RecursionError as error:
        raise FormatError("is nested too deep") from error
    return Found(format="posting", collections=(made,), report=tuple(report.lines), loose=bool(data))


def _recognises(source: Source) -> bool:
    if source.is_folder:
        names = source.beside.names()
        return _OF_BRUNO.isdisjoint(names) and any(name.endswith(ENDINGS) for name in names)
    head = source.data[:_HEAD].decode("utf-8", "ignore").lstrip("\ufeff").replace("\r\n", "\n")
    keys = {match[1] for match in _KEY.finditer(head)}
    if source.name.endswith(ENDINGS):
        return not keys.isdisjoint(KNOWN)
    return {"name", "url"} <= keys <= set(KNOWN)


def _read(source: Source) -> Found:
    if not source.is_folder and not source.data:
        raise FormatError("is empty")
    return read_posting(source.data, name=source.name, beside=source.beside)


IMPORTER = Importer(name="posting", title="Posting collection", recognises=_recognises, read=_read)
