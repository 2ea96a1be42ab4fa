"""The two lists of an import's preview as rows of an outline: what will be made, and what is said of the rest."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from textual.content import Content

from tui_client.formats._found import Outcome
from tui_client.interop.offered import Node, Said
from tui_client.text import safe_line
from tui_client.tui.widgets.outline import OutlineRow, RowState

LOST: Final = (Outcome.KEPT, Outcome.DROPPED)
WORDS: Final = {
    Outcome.IMPORTED: "imported",
    Outcome.APPROXIMATED: "approximated",
    Outcome.KEPT: "kept, not run",
    Outcome.DROPPED: "dropped",
}
_STATES: Final = {
    Outcome.IMPORTED: RowState.PASSED,
    Outcome.APPROXIMATED: RowState.ERRORED,
    Outcome.KEPT: RowState.SKIPPED,
    Outcome.DROPPED: RowState.FAILED,
}
COLOURS: Final = {
    Outcome.IMPORTED: "$text-success",
    Outcome.APPROXIMATED: "$text-warning",
    Outcome.KEPT: "$text-muted",
    Outcome.DROPPED: "$text-error",
}


class NodeRows:
    """The tree without what is in folded folders; the id of a row is its number in the whole tree."""

    def __init__(self, nodes: tuple[Node, ...], folded: frozenset[int] = frozenset()) -> None:
        self.nodes = nodes
        self.folded = folded
        self._shown: list[int] = []
        limit = len(nodes)  # no depth is more
        for number, node in enumerate(nodes):
            if node.depth > limit:
                continue
            self._shown.append(number)
            limit = node.depth if number in folded else len(nodes)

    def __len__(self) -> int:
        return len(self._shown)

    def __getitem__(self, index: int) -> OutlineRow:
        number = self._shown[index]
        node = self.nodes[number]
        state = RowState.LEAF
        if node.is_folder:
            state = RowState.CLOSED if number in self.folded else RowState.OPEN
        return OutlineRow(str(number), node.title, node.depth, state, badge=node.method)

    def place(self, id_: str) -> int | None:
        """Where the row with this id stands; None if it is folded away."""
        number = int(id_)
        place = bisect_left(self._shown, number)
        return place if place < len(self._shown) and self._shown[place] == number else None

    def at(self, index: int) -> Node | None:
        """What this row shows."""
        return self.nodes[self._shown[index]] if 0 <= index < len(self._shown) else None

    def with_fold(self, id_: str, *, fold: bool) -> NodeRows:
        """The same with a folder folded or unfolded."""
        number = int(id_)
        return NodeRows(self.nodes, self.folded | {number} if fold else self.folded - {number})


class SaidRows:
    """The report, all of it or what was lost; the id of a row is its number in the whole report."""

    def __init__(self, lines: tuple[Said, ...], *, lost_only: bool = False) -> None:
        self.lines = lines
        self.lost_only = lost_only
        self._shown = [at for at, line in enumerate(lines) if not lost_only or line.outcome in LOST]

    def __len__(self) -> int:
        return len(self._shown)

    def __getitem__(self, index: int) -> OutlineRow:
        number = self._shown[index]
        line = self.lines[number]
        words = f"{WORDS[line.outcome]:<13}  {line.origin}: {line.construct}: {line.why}"
        return OutlineRow(str(number), words, 0, _STATES[line.outcome])

    def place(self, id_: str) -> int | None:
        """Where the row with this id stands; None if it is left out."""
        number = int(id_)
        place = bisect_left(self._shown, number)
        return place if place < len(self._shown) and self._shown[place] == number else None

    def at(self, index: int) -> Said | None:
        """What this row shows."""
        return self.lines[self._shown[index]] if 0 <= index < len(self._shown) else None


def about_node(node: Node) -> Content:
    """All of one row of the tree."""
    path = Content(safe_line(node.path)).stylize("$foreground 60%")
    if not node.method:
        return Content(safe_line(node.title)).stylize("bold") + Content("\n") + path
    line = f"{safe_line(node.method)} {safe_line(node.about)}"
    return Content(safe_line(node.title)).stylize("bold") + Content("\n") + Content(line) + Content("\n") + path


def about_line(line: Said) -> Content:
    """All of one line of the report."""
    word = Content(WORDS[line.outcome]).stylize(f"bold {COLOURS[line.outcome]}")
    place = Content(f"  {safe_line(line.origin)}: {safe_line(line.construct)}").stylize("bold")
    return word + place + Content("\n") + Content(safe_line(line.why))
