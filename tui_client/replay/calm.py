"""Keeping the garbage collector from holding up a run, and the keys of a screen beside it."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

# Objects made before the youngest generation is looked at: Python looks at every 700, which costs a busy run some 5 %,
# and far more at once would make a pause that can be felt.
_YOUNG: Final = 5_000
# Rounds of the middle generation before the old one is looked at, which takes 20 ms in a long run.
_OLD: Final = 60
_IDLE_S: Final = 2.0
# The same between two full collections of a screen that leaves survivors out: 35,000 objects, some 5 ms.
_OLD_SOON: Final = 5
# Full collections until everything is looked at once more, after so many quiet seconds: nobody waits for a key then.
_ROUNDS: Final = 20
_QUIET_S: Final = 20.0
_QUIET_SHARE: Final = 0.02


class _Survivors:
    """Called by the collector; leaves out what outlived a full collection. rounds: so many since all was looked at."""

    def __init__(self) -> None:
        self.rounds = 0

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        if phase == "stop" and info["generation"] == 2 and not _BLOCKS:
            gc.freeze()
            self.rounds += 1


_SURVIVORS: Final = _Survivors()


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
    """The start is over; to be called in the event loop of a screen, which has no long pause from here on.

    What was made so far is left out of all later collections, and so is what outlives each of those: a full one looks
    only at what came since the last. What becomes garbage of that is freed when nothing has been going on for a while.
    """
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], _OLD_SOON)
    if _SURVIVORS not in gc.callbacks:
        gc.callbacks.append(_SURVIVORS)
    gc.enable()
    _look_for_quiet(asyncio.get_running_loop(), 0.0)


def _look_for_quiet(loop: asyncio.AbstractEventLoop, worked_s: float) -> None:
    """Look at everything if that is due and the process has hardly worked since it had worked for `worked_s`."""
    now_s = time.process_time()
    if _SURVIVORS.rounds >= _ROUNDS and now_s - worked_s < _QUIET_S * _QUIET_SHARE and not _BLOCKS:
        _settle()
        _SURVIVORS.rounds = 0
    loop.call_later(_QUIET_S, _look_for_quiet, loop, now_s)


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
