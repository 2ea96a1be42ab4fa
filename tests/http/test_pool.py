"""Slots: never lost, never more than allowed, handed on in order."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.pool import Pool


class FakeConnection:
    """What a pool knows of a connection."""

    def __init__(self, pool):
        self.pool, self.alive = pool, True

    def is_fresh(self):
        return self.alive

    def close(self):
        self.alive = False
        self.pool.forget(self)


async def take(pool):
    connection = await pool.acquire(None)
    if connection is None:
        connection = FakeConnection(pool)
        pool.add(connection)
    return connection


@given(st.lists(st.sampled_from(["take", "put", "close", "die", "cancel", "turn"]), max_size=60))
def test_whatever_happens_slots_add_up(actions):
    """Any order of taking, giving back, closing, dying idle and cancelling leaves no slot taken at the end."""

    async def play():
        pool, held, waiting = Pool("h:1", 2, 60), [], []
        async with asyncio.TaskGroup() as group:
            for action in actions:
                held += [task.result() for task in waiting if task.done() and not task.cancelled()]
                waiting = [task for task in waiting if not task.done()]
                if action == "take":
                    waiting.append(group.create_task(take(pool)))
                elif action in ("put", "close") and held:
                    (pool.put_back if action == "put" else FakeConnection.close)(held.pop())
                elif action == "die" and pool._idle:
                    next(iter(pool._idle)).close()
                elif action == "cancel" and waiting:
                    waiting.pop().cancel()
                else:
                    await asyncio.sleep(0)
                assert 0 <= pool.taken <= 2
            for task in waiting:
                task.cancel()
        held += [task.result() for task in waiting if not task.cancelled()]
        # Closing would also count those that nobody has: lost to a cancel, and never to be used again.
        assert pool.taken == sum(connection.alive for connection in held) + len(pool._idle)
        pool.close()
        assert pool.taken == 0

    asyncio.run(play())


@pytest.mark.parametrize("how", [Pool.put_back, lambda pool, held: held.close()], ids=["connection", "slot"])
async def test_what_is_handed_to_one_who_gives_up_goes_to_the_next(how):
    """In the very turn of the cancel: neither a connection nor the slot for one is lost."""
    pool = Pool("h:1", 1, 60)
    held = await take(pool)
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        first, second = group.create_task(take(pool)), group.create_task(take(pool))
        await asyncio.sleep(0)
        how(pool, held)
        first.cancel()
    assert first.cancelled()
    assert pool.taken == 1
    pool.put_back(second.result())
    pool.close()
    assert pool.taken == 0


async def test_the_youngest_idle_connection_is_taken_first():
    """The one least likely to have been closed by the server; the others may expire."""
    pool = Pool("h:1", 5, 60)
    first, second = await take(pool), await take(pool)
    pool.put_back(first)
    pool.put_back(second)
    assert await take(pool) is second
    pool.close()


async def test_an_expired_wait_leaves_the_queue():
    """A slot that comes free later goes to who still waits."""
    pool = Pool("h:1", 1, 60)
    held = await take(pool)
    with pytest.raises(RequestFailed) as caught:
        await pool.acquire(0.01)
    assert caught.value.failure.kind is FailureKind.TIMEOUT_POOL
    pool.put_back(held)
    assert await take(pool) is held
    pool.close()
