"""Servers that are left alone for a while."""

from __future__ import annotations

import asyncio

from jumping_loop import run_jumping

from tui_client.http.cancellation import Cancellation
from tui_client.replay.controls import Controls
from tui_client.replay.hosts import Hosts

A, B = "http://127.0.0.1:8000", "http://127.0.0.1:9000"


class Watch:
    """Hosts and controls, and how long each wait took."""

    def __init__(self) -> None:
        self.hosts = Hosts()
        self.controls = Controls()
        self.began_s = asyncio.get_running_loop().time()
        self.seen: list[tuple[str, bool, float]] = []

    @property
    def elapsed_s(self) -> float:
        return asyncio.get_running_loop().time() - self.began_s

    async def clear(self, origin: str, cancellation: Cancellation | None = None) -> None:
        self.seen.append((origin, await self.hosts.clear(origin, self.controls, cancellation), self.elapsed_s))


def test_sends_to_a_held_origin_wait_and_others_do_not() -> None:
    """A pause that one server asks for is no other server's."""

    async def test() -> Watch:
        watch = Watch()
        watch.hosts.hold(A, watch.began_s + 12)
        async with asyncio.TaskGroup() as group:
            for origin in (A, B, A):
                group.create_task(watch.clear(origin))
        await watch.clear(A)
        return watch

    assert run_jumping(test()).seen == [(B, True, 0), (A, True, 12), (A, True, 12), (A, True, 12)]


def test_the_longest_of_several_holds_counts() -> None:
    """Also for those who wait already; what lies in the past holds nothing."""

    async def test() -> Watch:
        watch = Watch()
        watch.hosts.hold(B, watch.began_s - 1)
        watch.hosts.hold(A, watch.began_s + 12)
        watch.hosts.hold(A, watch.began_s + 3)
        async with asyncio.TaskGroup() as group:
            group.create_task(watch.clear(A))
            group.create_task(watch.clear(B))
            await asyncio.sleep(10)
            watch.hosts.hold(A, watch.began_s + 20)
        return watch

    assert run_jumping(test()).seen == [(B, True, 0), (A, True, 20)]


def test_a_stop_or_a_cancellation_ends_the_wait() -> None:
    """Each for those whom it is meant for."""

    async def test() -> Watch:
        watch, cancellation = Watch(), Cancellation()
        watch.hosts.hold(A, watch.began_s + 100)
        async with asyncio.TaskGroup() as group:
            group.create_task(watch.clear(A, cancellation))
            group.create_task(watch.clear(A, Cancellation()))
            group.create_task(watch.clear(A))
            await asyncio.sleep(5)
            cancellation.cancel()
            await asyncio.sleep(5)
            watch.controls.stop()
        return watch

    assert run_jumping(test()).seen == [(A, False, 5), (A, False, 10), (A, False, 10)]


def test_a_cancellation_before_the_wait_is_obeyed_too() -> None:
    """It may come while the step is still being made ready."""

    async def test() -> Watch:
        watch, cancellation = Watch(), Cancellation()
        watch.hosts.hold(A, watch.began_s + 100)
        cancellation.cancel()
        await watch.clear(A, cancellation)
        return watch

    assert run_jumping(test()).seen == [(A, False, 0)]


def test_a_pause_that_began_meanwhile_is_waited_out() -> None:
    """The end of a hold sends nothing into a pause."""

    async def test() -> Watch:
        watch = Watch()
        watch.hosts.hold(A, watch.began_s + 10)
        async with asyncio.TaskGroup() as group:
            group.create_task(watch.clear(A))
            await asyncio.sleep(5)
            watch.controls.pause()
            await asyncio.sleep(20)
            watch.controls.resume()
        return watch

    assert run_jumping(test()).seen == [(A, True, 25)]


def test_people_are_told_while_all_wait() -> None:
    """Who, and for how long; nothing any more once it is over."""

    async def test() -> list[str]:
        watch = Watch()
        watch.controls.in_flight = 1
        watch.hosts.hold(A, watch.began_s + 10)
        async with asyncio.TaskGroup() as group:
            group.create_task(watch.clear(A))
            await asyncio.sleep(1)
            told = [watch.controls.held]
        return [*told, watch.controls.held]

    first, last = run_jumping(test())
    assert A in first
    assert "10 s" in first
    assert last == ""
