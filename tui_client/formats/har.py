"""HAR 1.2, the HTTP Archive: recordings of browsers and proxies, read to be replayed and as requests, and written."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats._data import text_of
from tui_client.formats._format import Exporter, FormatError, Importer, Source
from tui_client.formats._har.found import found_of
from tui_client.formats._har.recorded import MAX_BYTES, Har, HarEntry, read_har
from tui_client.formats._har.write import written

__all__ = ["EXPORTERS", "IMPORTER", "MAX_BYTES", "Har", "HarEntry", "read_har"]

_HEAD: Final = 1024
_BEGINS: Final = re.compile(r'\s*+\{\s*+"log"\s*+:\s*+\{\s*+"(version|creator|browser|pages|entries|comment)"\s*+:')


def _recognises(source: Source) -> bool:
    if source.is_folder:
        return False
    try:
        head = text_of(source.data[:_HEAD])
    except FormatError:
        # Cut within a character.
        head = source.data[:_HEAD].decode("utf-8", "ignore")
    return _BEGINS.match(head.removeprefix("\ufeff")) is not None


IMPORTER = Importer(
    name="har",
    title="HAR recording",
    recognises=_recognises,
    read=lambda source: found_of(source.data, name=source.name),
)
EXPORTERS = (Exporter(name="har", title="HAR", suffix=".har", write=written),)
