"""Text compared line by line."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from tui_client.replay.comparison.blocks import Block, Blocks, Kind
from tui_client.replay.comparison.runs import Between, Stayed, runs
from tui_client.replay.diff.align import Aligner

_LONGEST_LINE: Final = 4096  # longer ones are compared in pieces, so that a text of one line is not one difference


class Lines:
    """A text and where its lines begin, and behind them where the last one ends; long ones are in pieces."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.starts = array("I", _starts(text))

    def numbered(self, numbers: dict[bytes, int]) -> array[int]:
        """A number for each line, the same for those that differ in how they end at most."""
        text = self.text
        lines = (text[start:end].rstrip(b"\r\n") for start, end in pairwise(self.starts))
        return array("I", (numbers.setdefault(line, len(numbers)) for line in lines))


def _starts(text: bytes) -> Iterator[int]:
    start = 0
    yield start
    while start < len(text):
        end = text.find(b"\n", start) + 1 or len(text)
        yield from range(start + _LONGEST_LINE, end, _LONGEST_LINE)
        yield end
        start = end


def line_blocks(before: Lines, after: Lines) -> Blocks:
    """What stayed, and between that what changed; how a line ends makes no difference."""
    numbers: dict[bytes, int] = {}
    blocks = Blocks()
    for run in runs(Aligner(), before.numbered(numbers), after.numbered(numbers)):
        if isinstance(run, Stayed):
            blocks.add(Block(Kind.SAME, run.left, run.length, run.right, run.length))
        else:
            _add_hunk(blocks, run)
    return blocks


def _add_hunk(blocks: Blocks, between: Between) -> None:
    gone = [one for one, _ in between.pairs if one is not None]
    new = [other for _, other in between.pairs if other is not None]
    kind = Kind.CHANGED if gone and new else Kind.REMOVED if gone else Kind.ADDED
    block = Block(kind, gone[0] if gone else 0, len(gone), new[0] if new else 0, len(new))
    blocks.add(block, f"line {(block.right if new else block.left) + 1:,}")
