"""Keeping the garbage collector from holding up a run, and the keys of a screen beside it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

# Objects made before the youngest generation is looked at: Python looks at every 700, which costs a busy run some 5 %,
# and far more at once would make a pause that can be felt.
_YOUNG: Final = 5_000
# Rounds of the middle generation before the old one is looked at, which takes 20 ms in a long run.
_OLD: Final = 60
_IDLE_S: Final = 2.0


class _Before(NamedTuple):
    """How the collector was before the first block. settled: something was left out of collections then."""

    thresholds: tuple[int, int, int]
    settled: bool


_BLOCKS: Final[list[_Before]] = []  # one for each that is entered: there is one collector


def settle_memory() -> None:
    """Leave what was made so far, most of which lives to the end, out of all later collections."""
    gc.collect()
    gc.freeze()


def begin_without_collector() -> None:
    """For a start: what is made by then lives to the end, and looking through it again and again takes 20 ms."""
    gc.disable()


def collect_from_now_on() -> None:
    """The start is over. What was made so far is left out of all later collections; no pause for it, either."""
    gc.freeze()
    gc.enable()


@contextmanager
def calm_collector() -> Iterator[None]:
    """While the block runs, the collector looks only at what was made since it began; blocks may overlap.

    A full collection visits every object of the app, some 70 ms, and a replay brings one about every second.
    """
    if not _BLOCKS:
        _BLOCKS.append(_Before(gc.get_threshold(), gc.get_freeze_count() > 0))
        gc.freeze()
        gc.set_threshold(_YOUNG, _BLOCKS[0].thresholds[1], _OLD)
    else:
        _BLOCKS.append(_BLOCKS[0])
    try:
        yield
    finally:
        before = _BLOCKS.pop()
        if not _BLOCKS:
            gc.set_threshold(*before.thresholds)
            if before.settled:
                _settle_later()
            else:
                gc.unfreeze()


def _settle_later() -> None:
    """Free what became garbage meanwhile once nothing is going on: the pause would be felt while figures move."""
    try:
        asyncio.get_running_loop().call_later(_IDLE_S, _settle)
    except RuntimeError:
        _settle()


def _settle() -> None:
    if not _BLOCKS:
        gc.unfreeze()
        settle_memory()
