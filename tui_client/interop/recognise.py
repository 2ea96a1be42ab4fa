"""Which format a source is of: asked of the formats themselves, or said by the user."""

from __future__ import annotations

from typing import Final

from tui_client.errors import UsageError
from tui_client.formats import importers
from tui_client.formats._format import FormatError, Importer, Source
from tui_client.formats._found import Found

_READ_WITH: Final = "Say which it is with --format, one of {}."


def importer_of(source: Source, name: str = "") -> Importer:
    """The importer of a format by its name, else the one that recognises the source. Raises UsageError."""
    known = importers()
    if name:
        if name not in known:
            raise UsageError(f"There is no format {name!r}. {_READ_WITH.format(', '.join(known))}")
        return known[name]
    if not source.is_folder and not source.data.strip():
        raise UsageError(f"{_called(source)} is empty.")
    found = [importer for importer in known.values() if importer.recognises(source)]
    if not found:
        raise UsageError(f"{_called(source)} is of no format that is known. {_READ_WITH.format(', '.join(known))}")
    return found[0]


def read_source(source: Source, name: str = "") -> Found:
    """All that is in it. Raises UsageError, which says what is wrong with it."""
    importer = importer_of(source, name)
    try:
        return importer.read(source)
    except FormatError as error:
        raise UsageError(f"{_called(source)} is no {importer.title}: it {error.reason}.") from error


def _called(source: Source) -> str:
    return "The standard input" if source.name == "-" else source.name
