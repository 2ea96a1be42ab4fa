"""The collector is as it was before, whatever runs ended in whichever order."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from jumping_loop import run_jumping

from tui_client.replay import calm
from tui_client.replay.calm import calm_collector, collect_from_now_on, settle_memory


@pytest.fixture(autouse=True)
def nothing_frozen() -> Iterator[None]:
    """Each test begins and ends with a collector that sees all, though a screen was open in this process before."""
    gc.unfreeze()
    thresholds, callbacks = gc.get_threshold(), list(gc.callbacks)
    gc.callbacks[:] = [each for each in callbacks if each is not calm._SURVIVORS]
    yield
    gc.set_threshold(*thresholds)
    gc.callbacks[:] = callbacks
    gc.unfreeze()


class Thing:
    """May refer to itself."""

    me: Thing


def test_thresholds_come_back_after_the_last_of_several_blocks() -> None:
    """Two runs side by side, the first of which ends first."""
    before = gc.get_threshold()
    first, second = ExitStack(), ExitStack()
    first.enter_context(calm_collector())
    calm = gc.get_threshold()
    second.enter_context(calm_collector())
    first.close()
    assert calm != before and gc.get_threshold() == calm
    second.close()
    assert gc.get_threshold() == before


@pytest.mark.parametrize("settled", [False, True])
def test_what_became_garbage_meanwhile_is_freed_at_last(settled: bool) -> None:
    """A screen that replays all day does not keep what each of its runs left behind."""
    gc.unfreeze()  # what other tests set aside
    if settled:
        settle_memory()
    thing = Thing()
    thing.me = thing
    gone = weakref.ref(thing)
    with calm_collector():
        del thing
        gc.collect()
        assert gone() is not None
    gc.collect()
    assert gone() is None
    assert (gc.get_freeze_count() > 0) is settled


def test_a_screen_is_left_alone_until_the_run_is_well_over() -> None:
    """The pause that freeing takes does not fall into the moment when the figures are read."""
    settle_memory()
    thing = Thing()
    thing.me = thing
    gone = weakref.ref(thing)

    async def run() -> None:
        nonlocal thing
        with calm_collector():
            del thing
        assert gone() is not None
        await asyncio.sleep(60)

    run_jumping(run())
    assert gone() is None


def test_a_full_collection_looks_only_at_what_came_since_the_last() -> None:
    """The more a screen holds, the longer would each key wait for a collection of all of it."""

    async def run() -> None:
        collect_from_now_on()
        kept = [Thing() for _ in range(1000)]
        before = gc.get_freeze_count()
        gc.collect()
        assert gc.get_freeze_count() >= before + len(kept)

    run_jumping(run())


def test_what_was_left_out_and_became_garbage_is_freed_in_a_quiet_time() -> None:
    """A day of screens opened and closed does not fill the memory."""

    async def run() -> None:
        collect_from_now_on()
        thing = Thing()
        thing.me = thing
        gone = weakref.ref(thing)
        gc.collect()
        del thing
        for _ in range(20):
            gc.collect()
        assert gone() is not None
        await asyncio.sleep(120)
        assert gone() is None

    run_jumping(run())
