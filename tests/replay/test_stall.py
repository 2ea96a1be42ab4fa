"""A server that stands still for a second: what was due meanwhile waited for it, and the figures say so."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from tui_client.replay.plan import Overflow, Plan

World = Any  # the fixture of conftest


@pytest.mark.parametrize("overflow", Overflow)
async def test_a_stall_shows_in_the_scheduled_latency(world: World, overflow: Overflow) -> None:
    """200 a second, and nothing for one: the requests that could not be sent meanwhile were late, or dropped."""
    world.write("a", 'url = "/slow"\n')
    gate = world.shop.gate
    gate.set()
    run = world.run(Plan(steps=("a",), rate=200, iterations=360, concurrency=8, overflow=overflow))
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(15), aclosing(run.results()) as results:
        await anext(results)
        loop.call_later(0.2, gate.clear)
        loop.call_later(1.2, gate.set)
        count = 1
        async for _ in results:
            count += 1
    summary = run.summary()
    assert count == summary.done + summary.dropped == 360
    assert summary.scheduled is not None
    assert summary.scheduled.p99 is not None and summary.latency.p99 is not None
    assert summary.scheduled.p99 >= summary.latency.p99
    assert summary.scheduled.p99 >= 500
    assert summary.latency.max is not None and summary.latency.max >= 500
    assert summary.late > 0 if overflow is Overflow.WAIT else summary.dropped > 0
