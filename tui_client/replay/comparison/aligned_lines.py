"""Text compared line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tui_client.replay.comparison.blocks import Block, Blocks, Kind
from tui_client.replay.comparison.runs import Between, Stayed, runs
from tui_client.replay.diff.align import Aligner

_LONGEST_LINE: Final = 4096  # longer ones are compared in pieces, so that a text of one line is not one difference


def split_lines(text: bytes) -> list[bytes]:
    """The lines with their line feeds, long ones in pieces that have none."""
    lines = text.split(b"\n")
    whole = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    if all(len(line) <= _LONGEST_LINE for line in whole):
        return whole
    return [piece for line in whole for piece in _pieces(line)]


def _pieces(line: bytes) -> Iterator[bytes]:
    for start in range(0, len(line), _LONGEST_LINE):
        yield line[start : start + _LONGEST_LINE]


def line_blocks(before: Sequence[bytes], after: Sequence[bytes]) -> Blocks:
    """What stayed, and between that what changed; how a line ends makes no difference."""
    numbers: dict[bytes, int] = {}

    def numbered(lines: Sequence[bytes]) -> list[int]:
        return [numbers.setdefault(line.rstrip(b"\r\n"), len(numbers)) for line in lines]

    blocks = Blocks()
    for run in runs(Aligner(), numbered(before), numbered(after)):
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
