"""Counts placed side by side in a few lines, so that arrows and the mouse find them; pure."""

from __future__ import annotations

import msgspec
from rich.cells import cell_len
from textual.content import Content

from tui_client.tui.panels.replay_dashboard.picks import Entry, Picked

_GAP: int = 2


class Place(msgspec.Struct, frozen=True):
    """An entry and where it stands: line and first cell, both from 0."""

    entry: Entry
    line: int
    start: int

    @property
    def end(self) -> int:
        """The first cell behind it."""
        return self.start + cell_len(self.entry.text)


class Laid(msgspec.Struct, frozen=True):
    """What has room, in reading order. more: how many entries have none."""

    places: tuple[Place, ...] = ()
    more: int = 0

    @property
    def choosable(self) -> tuple[Place, ...]:
        """The places of what can be chosen."""
        return tuple(place for place in self.places if place.entry.picked is not None)

    def at(self, line: int, cell: int) -> Picked | None:
        """What stands under the mouse."""
        return next(
            (
                place.entry.picked
                for place in self.choosable
                if place.line == line and place.start - 1 <= cell <= place.end
            ),
            None,
        )


def laid(groups: tuple[tuple[Entry, ...], ...], width: int, height: int) -> Laid:
    """The groups below each other, each on as many lines as it needs, while there are lines."""
    places: list[Place] = []
    line = 0
    for number, group in enumerate(groups):
        at = 0
        line += 1 if number and places else 0
        for entry in group:
            cells = cell_len(entry.text)
            if at and at + _GAP + cells > width:
                line, at = line + 1, 0
            start = at + _GAP if at else 0
            places.append(Place(entry, line, start))
            at = start + cells
    shown = [place for place in places if place.line < height]
    while shown and len(shown) < len(places) and shown[-1].end + len(_more(len(places) - len(shown))) > width:
        shown.pop()
    return Laid(tuple(shown), len(places) - len(shown))


def _more(count: int) -> str:
    return f"  … {count} more" if count else ""


def drawn(found: Laid, width: int, height: int, cursor: Picked | None, active: Picked | None) -> Content:
    """The lines. cursor: drawn in reverse; active: between brackets' worth of emphasis, underlined."""
    lines = [Content("") for _ in range(height)]
    for place in found.places:
        before = lines[place.line]
        text = Content(place.entry.text).stylize(place.entry.style)
        if place.entry.picked is not None and place.entry.picked == active:
            text = text.stylize("bold underline")
        if place.entry.picked is not None and place.entry.picked == cursor:
            text = text.stylize("reverse")
        lines[place.line] = before + Content(" " * (place.start - before.cell_length)) + text
    if found.more:
        last = found.places[-1].line if found.places else 0
        lines[last] += Content(_more(found.more)).stylize("$text-muted")
    return Content("\n").join(line.truncate(max(1, width), ellipsis=True) for line in lines)
