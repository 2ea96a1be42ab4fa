"""A HAR file as text, an entry a line, so that it is never whole in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tui_client import __version__
from tui_client.text.plain_json import plain_json


def log_parts(entries: Iterable[dict[str, Any]], comment: str = "") -> Iterator[str]:
    """The text of a file in parts: version, creator, comment, and the entries."""
    creator = plain_json({"name": "tui-client", "version": __version__})
    said = f'"comment": {plain_json(comment)}, ' if comment else ""
    yield f'{{"log": {{"version": "1.2", "creator": {creator}, {said}"entries": ['
    separator = "\n"
    for entry in entries:
        yield separator + plain_json(entry)
        separator = ",\n"
    yield "\n]}}\n"
