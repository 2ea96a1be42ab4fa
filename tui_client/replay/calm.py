"""Keeping the garbage collector from holding up a run, and the keys of a screen beside it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# Objects made before the youngest generation is looked at: Python looks at every 700, which costs a busy run some 5 %,
# and far more at once would make a pause that can be felt.
_YOUNG: Final = 5_000
# Rounds of the middle generation before the old one is looked at, which takes 20 ms in a long run.
_OLD: Final = 60


def settle_memory() -> None:
    """Leave what was made so far, most of which lives to the end, out of all later collections."""
    gc.collect()
    gc.freeze()


@contextmanager
def calm_collector() -> Iterator[None]:
    """While the block runs, the collector looks only at what was made since it began.

    A full collection visits every object of the app, some 70 ms, and a replay brings one about every second.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_YOUNG, before[1], _OLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
