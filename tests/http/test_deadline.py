"""A Deadline does what `asyncio.timeout` does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tui_client.http.deadline import Deadline

Expire = Callable[[], None]
Body = Callable[[Expire], Awaitable[Any]]


@contextmanager
def by_deadline(limit_s: float | None) -> Iterator[Expire]:
    with Deadline(limit_s) as deadline:
        yield deadline.expire


class ByTimeout:
    """The standard library's."""

    def __init__(self, limit_s: float | None) -> None:
        self._limit = asyncio.timeout(limit_s)

    async def __aenter__(self) -> Expire:
        limit = await self._limit.__aenter__()
        loop = asyncio.get_running_loop()
        return lambda: None if limit.expired() else limit.reschedule(loop.time())

    async def __aexit__(self, *given: Any) -> bool | None:
        return await self._limit.__aexit__(*given)


async def _told(block: Awaitable[Any]) -> tuple[str, int, str]:
    """What came of a block: its value or error; the cancellations that are left over; and whether one comes later."""
    task = asyncio.current_task()
    assert task is not None
    try:
        told = repr(await block)
    except (TimeoutError, asyncio.CancelledError, KeyError) as error:
        told = type(error).__name__
    left = task.cancelling()
    while task.cancelling():
        task.uncancel()
    try:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    except asyncio.CancelledError:
        return told, left, "cancelled later"
    return told, left, "well"


async def both(limit_s: float | None, body: Body, outer: Callable[[asyncio.Task[Any]], None] | None = None) -> Any:
    """The same block under each of them, in a task of its own."""

    async def ours() -> Any:
        with by_deadline(limit_s) as expire:
            return await body(expire)

    async def theirs() -> Any:
        async with ByTimeout(limit_s) as expire:
            return await body(expire)

    told = []
    for block in (ours, theirs):
        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            task = group.create_task(_told(block()))
            if outer is not None:
                await asyncio.sleep(0)
                outer(task)
        told.append(task.result())
    assert told[0] == told[1]
    return told[0]


async def _turns(count: int) -> str:
    for _ in range(count):
        await asyncio.sleep(0)
    return "done"


async def test_without_a_limit_nothing_ends_it() -> None:
    """None is for ever."""
    assert await both(None, lambda expire: _turns(10)) == ("'done'", 0, "well")


async def test_a_limit_that_is_over_ends_the_wait() -> None:
    """With TimeoutError, and no cancellation stays behind."""
    assert await both(0.01, lambda expire: asyncio.Event().wait()) == ("TimeoutError", 0, "well")
    assert await both(0, lambda expire: asyncio.Event().wait()) == ("TimeoutError", 0, "well")


async def test_expiring_before_any_wait_ends_the_first_one() -> None:
    """Also from within the block; twice is once."""

    async def body(expire: Expire) -> None:
        expire()
        expire()
        await asyncio.Event().wait()

    assert await both(None, body) == ("TimeoutError", 0, "well")


async def test_a_block_that_expires_itself_and_waits_no_more_is_over() -> None:
    """Nothing that comes after it is cancelled in its place."""

    async def body(expire: Expire) -> int:
        expire()
        return 1

    assert await both(None, body) == ("1", 0, "well")


async def test_expiring_after_the_end_does_nothing() -> None:
    """A cancellation that comes late finds nothing to end."""
    with by_deadline(None) as expire:
        pass
    expire()
    assert await _turns(3) == "done"


async def test_a_cancellation_from_outside_goes_through() -> None:
    """It is not ours to swallow, alone or together with our own."""
    assert await both(None, lambda expire: asyncio.Event().wait(), lambda task: task.cancel() and None) == (
        "CancelledError",
        1,
        "well",
    )

    async def meets(expire: Expire) -> None:
        asyncio.get_running_loop().call_soon(expire)
        await asyncio.Event().wait()

    told = await both(None, meets, lambda task: task.cancel() and None)
    assert told == ("CancelledError", 1, "well")


async def test_another_error_on_the_way_out_is_told() -> None:
    """Who fails while being ended fails."""

    async def body(expire: Expire) -> None:
        try:
            expire()
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise KeyError("x") from None

    assert await both(None, body) == ("KeyError", 0, "well")


@pytest.mark.parametrize("inner_s", [None, 0.0, 0.01])
@pytest.mark.parametrize("outer_s", [0.0, 0.01])
async def test_nested_ones_each_end_their_own_block(inner_s: float | None, outer_s: float) -> None:
    """The outer one ends what the inner one let go on."""

    async def nested(ours: bool) -> list[str]:
        seen = []
        try:
            if ours:
                with by_deadline(outer_s):
                    try:
                        with by_deadline(inner_s):
                            await asyncio.Event().wait()
                    except TimeoutError:
                        seen.append("inner")
                        await asyncio.Event().wait()
            else:
                async with ByTimeout(outer_s):
                    try:
                        async with ByTimeout(inner_s):
                            await asyncio.Event().wait()
                    except TimeoutError:
                        seen.append("inner")
                        await asyncio.Event().wait()
        except TimeoutError:
            seen.append("outer")
        return seen

    ours, theirs = await nested(True), await nested(False)
    assert ours[-1] == theirs[-1] == "outer"
    assert (inner_s is None) <= (ours == theirs == ["outer"])


async def test_a_lifted_deadline_no_longer_ends_its_block() -> None:
    """It can still be ended from outside."""
    with Deadline(0.001) as deadline:
        deadline.lift()
        await asyncio.sleep(0.01)
    with pytest.raises(TimeoutError), Deadline(1000) as deadline:
        deadline.lift()
        deadline.expire()
        await asyncio.Event().wait()
