"""Captures that code can make itself: a value of a JSON reply that a later request needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from tui_client.formats._format import Item
from tui_client.formats._found import Report
from tui_client.kinds.query.json import Json
from tui_client.model.request import Capture

_PLAIN: Final = re.compile(r"\$((?:\.[A-Za-z_]\w*|\[\d{1,9}\])*)", re.ASCII)
_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]", re.ASCII)


class Kept(msgspec.Struct, frozen=True):
    """A value of a reply. name: of the environment variable; steps: the names and numbers that lead to the value."""

    name: str
    steps: tuple[str | int, ...]


def kept_of(item: Item, origin: str, names: Mapping[str, str], report: Report, *, keeping: bool) -> tuple[Kept, ...]:
    """The captures that code makes; all others are reported. names: those that requests need, as the code has them."""
    found: list[Kept] = []
    lost: list[str] = []
    for capture in item.sent.captures:
        steps = _steps(capture) if keeping and capture.name in names else None
        if steps is None:
            lost.append(capture.name)
            continue
        found.append(Kept(names[capture.name], steps))
        report.imported(origin, f"capture: {capture.name}", "later requests have it")
    if lost:
        report.dropped(origin, f"captures: {', '.join(lost)}", "the code does not take it from the reply")
    return tuple(found)


def _steps(capture: Capture) -> tuple[str | int, ...] | None:
    path = _PLAIN.fullmatch(capture.query.expr) if isinstance(capture.query, Json) and not capture.filters else None
    return None if path is None else tuple(match[1] or int(match[2]) for match in _STEP.finditer(path[1]))
