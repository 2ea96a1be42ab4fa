"""Many that are ready at once go on a few at a time."""

from __future__ import annotations

import asyncio

import pytest

from tui_client.replay.turnstile import Turnstile


async def test_a_pass_of_the_loop_lets_a_few_through_in_order() -> None:
    """Others get their turn between the groups, and nobody is overtaken."""
    turnstile = Turnstile(2)
    seen: list[str] = []

    async def go(name: str) -> None:
        await turnstile.enter()
        seen.append(name)

    async def other() -> None:
        while len(seen) < 7:
            seen.append("|")
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for name in "abcdef":
            group.create_task(go(name))
        group.create_task(other())
    assert [name for name in seen if name != "|"] == list("abcdef")
    groups = [part for part in "".join(seen).split("|") if part]
    assert max(map(len, groups)) <= 2


async def test_who_gives_up_waiting_takes_no_place() -> None:
    """A cancelled session leaves its place to the next."""
    turnstile = Turnstile(1)
    async with asyncio.TaskGroup() as group:
        first, gone, last = (group.create_task(turnstile.enter()) for _ in range(3))
        await asyncio.sleep(0)
        assert first.done() and not gone.done()
        gone.cancel()
    assert gone.cancelled() and not last.cancelled()


async def test_one_alone_never_waits() -> None:
    """A session by itself goes on in the pass it is in."""
    turnstile = Turnstile(1)
    for _ in range(3):
        entered = turnstile.enter()
        try:
            entered.send(None)
        except StopIteration:
            pass
        else:
            raise AssertionError("it waited")
        for _ in range(3):
            await asyncio.sleep(0)


async def test_without_a_screen_nobody_waits() -> None:
    """Where the loop is shared with nobody, all that are ready go on in the same pass."""
    turnstile = Turnstile(None)
    for _ in range(1000):
        with pytest.raises(StopIteration):
            turnstile.enter().send(None)
