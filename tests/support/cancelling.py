"""Requests given up at any moment, and how many connections are left to use afterwards."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any, Final

from loopback import Wire

# Over at once, silent, begun and then silent, slow.
PATHS: Final = ("/ok", "/hang/before", "/hang/body", "/drip/body?ms=1")
_MOST_TURNS: Final = 80
_PATIENCE_S: Final = 3.0

Send = Callable[[str], Awaitable[Any]]


async def give_up_many(send: Send, wire: Wire, count: int, at_once: int, seed: int = 1) -> int:
    """Cancel so many requests, each after a random number of turns of the loop; gives how many were not over by then.

    Every fourth is left alone if it can end by itself: connections must live to be lost.
    """
    chance, room, begun, cut = random.Random(seed), asyncio.Semaphore(at_once), 0, 0

    async def one(path: str, turns: int | None) -> None:
        nonlocal cut
        async with room, asyncio.TaskGroup() as group:
            task = group.create_task(_quiet(send, wire.url(path)))
            if turns is not None:
                for _ in range(turns):
                    await asyncio.sleep(0)
                cut += task.cancel()

    async with asyncio.TaskGroup() as group:
        while begun < count:
            alone = chance.random() < 0.25
            begun += not alone
            path = "/ok" if alone else chance.choice(PATHS)
            group.create_task(one(path, None if alone else chance.randrange(_MOST_TURNS)))
            if begun % at_once == 0:
                await asyncio.sleep(0)
    return cut


async def _quiet(send: Send, url: str) -> None:
    # What a library makes of a cancel is its own affair; only what it keeps is counted.
    try:
        await send(url)
    except Exception:  # noqa: BLE001
        return


async def usable(send: Send, wire: Wire, slots: int) -> int:
    """How many of so many requests at once reach the server: one that has no connection left waits for ever."""
    before = _held(wire)
    tasks = [asyncio.ensure_future(_quiet(send, wire.url("/hang/before"))) for _ in range(slots)]  # noqa: TID251
    try:
        async with asyncio.timeout(_PATIENCE_S):
            while _held(wire) - before < slots:
                await wire.arrived.wait()
                wire.arrived.clear()
    except TimeoutError:
        pass
    found = _held(wire) - before
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return found


def _held(wire: Wire) -> int:
    return sum(b"/hang/before" in head for head in wire.heads)
