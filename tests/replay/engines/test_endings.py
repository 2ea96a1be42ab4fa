"""How sessions end with their run: what is claimed, taken back, doubted; and who waits for whom."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from tui_client.errors import BrokenFile, SaveFailed
from tui_client.http.cookies import Cookie
from tui_client.http.engine import Engine
from tui_client.model.step import InDoubt, StepId, StepResult
from tui_client.model.values import Value
from tui_client.replay.controls import Controls
from tui_client.replay.engines.local import LocalRun
from tui_client.replay.plan import Overflow, Plan

World = Any  # the fixture of conftest

POST = 'method = "POST"\n'


class Told:
    """A ledger that remembers, and holds back the claims of one row until `go`. problem: what they then raise."""

    def __init__(self, slow_iteration: int = -1, problem: Exception | None = None) -> None:
        self.claimed: list[StepId] = []
        self.unclaimed: list[StepId] = []
        self.kept: list[StepResult] = []
        self.doubted: list[StepResult] = []
        self.go = asyncio.Event()
        self.asked = asyncio.Event()
        self._slow_iteration = slow_iteration
        self._problem = problem

    async def claim(self, step: StepId, *, resendable: bool) -> None:
        if step.iteration == self._slow_iteration:
            self.asked.set()
            await self.go.wait()
            if self._problem is not None:
                raise self._problem
        self.claimed.append(step)

    async def done(
        self,
        result: StepResult,
        captured: Mapping[str, Value] | None = None,
        cookies: tuple[Cookie, ...] = (),
        lost: Mapping[str, str] | None = None,
    ) -> None:
        self.kept.append(result)
        self.go.set()

    def unclaim(self, step: StepId) -> None:
        self.unclaimed.append(step)

    def doubt(self, result: StepResult) -> None:
        self.doubted.append(result)

    def forget(self, iteration: int, row: int) -> None:
        return None


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until it is so."""
    for _ in range(100_000):
        if condition():
            return
        await asyncio.sleep(0)
    pytest.fail("it never came to be so")


async def _all(run: LocalRun) -> list[StepResult]:
    async with aclosing(run.results()) as results:
        return [result async for result in results]


@pytest.mark.parametrize("end", ["stop", "cancel"])
async def test_a_claim_that_was_not_sent_is_taken_back(world: World, end: str) -> None:
    """A POST that waited for its server to be free when the run ended is nobody's doubt: it was not sent."""
    world.write("a", f'{POST}url = "/echo"\n')
    controls, ledger = Controls(), Told(slow_iteration=1)

    async def come_again(request: httpx.Request) -> httpx.Response:
        await ledger.asked.wait()
        return httpx.Response(429, headers={"Retry-After": "300"})

    async with Engine(transport=httpx.MockTransport(come_again)) as engine:
        services = msgspec.structs.replace(world.services(), engine=engine)
        run = LocalRun(Plan(steps=("a",), iterations=2, concurrency=2), services, controls, ledger=ledger)
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            running = group.create_task(_all(run))
            await until(lambda: controls.held.startswith("Waiting"))
            (controls.stop if end == "stop" else running.cancel)()
    assert [step.iteration for step in ledger.claimed] == [0, 1]
    assert ledger.unclaimed == [ledger.claimed[1]]
    assert [result.step.iteration for result in ledger.kept] == [0]
    assert ledger.doubted == []


async def test_who_gives_up_a_full_disk_fails_no_step(world: World) -> None:
    """A claim that is waited for no more leaves its step as it was, to be sent by a resume."""
    world.write("a", f'{POST}url = "/echo"\n')
    controls, ledger = Controls(), Told(slow_iteration=0, problem=SaveFailed(Path("j"), "no room"))
    run = LocalRun(Plan(steps=("a",)), world.services(), controls, ledger=ledger)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        running = group.create_task(_all(run))
        await ledger.asked.wait()
        controls.stop()
        ledger.go.set()
    assert running.result() == ledger.kept == ledger.unclaimed == ledger.doubted == []
    assert world.shop.arrived == []


async def test_a_post_whose_task_is_cancelled_is_doubted(world: World) -> None:
    """A run that is ended at once knows what it had sent; what can be sent again needs no doubt."""
    for text, doubted in ((f'{POST}url = "/slow"\n', [InDoubt()]), ('url = "/slow"\n', [])):
        world.write("a", text)
        ledger = Told()
        run = LocalRun(Plan(steps=("a",)), world.services(), Controls(), ledger=ledger)
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            running = group.create_task(_all(run))
            await world.shop.waiting.acquire()
            running.cancel()
        assert [result.outcome for result in ledger.doubted] == doubted
        assert (len(ledger.claimed), ledger.kept, ledger.unclaimed) == (1, [], [])


async def test_closing_ends_a_run_whose_results_nobody_took(world: World) -> None:
    """With the queue full of results, who stops reading still gets away."""
    world.write("a", 'url = "http://127.0.0.1:1/{{nobody}}"\n')
    ledger = Told()
    run = LocalRun(Plan(steps=("a",), iterations=5_000, concurrency=10), world.services(), Controls(), ledger=ledger)
    async with asyncio.timeout(10), aclosing(run.results()) as results:
        await anext(results)
        kept = -1
        while kept != len(ledger.kept):
            kept = len(ledger.kept)
            for _ in range(100):
                await asyncio.sleep(0)
    assert 256 < len(ledger.kept) < 300


class BrokenLater(Told):
    """A ledger that can keep so many results and no more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    async def claim(self, step: StepId, *, resendable: bool) -> None:
        if len(self.kept) >= self._most:
            raise BrokenFile(Path("j"), "is gone")
        await super().claim(step, resendable=resendable)

    async def done(self, result: StepResult, *given: Any, **more: Any) -> None:
        if len(self.kept) >= self._most:
            raise BrokenFile(Path("j"), "is gone")
        await super().done(result, *given, **more)


@pytest.mark.parametrize("overflow", Overflow)
async def test_a_journal_that_breaks_ends_the_run_with_its_error(world: World, overflow: Overflow) -> None:
    """Nothing is sent whose claim is not kept, and every result that was kept is told."""
    world.write("a", f'{POST}url = "/echo"\n')
    ledger = BrokenLater(5)
    plan = Plan(steps=("a", "a"), iterations=400, concurrency=4, rate=2000, overflow=overflow)
    run = LocalRun(plan, world.services(), Controls(), ledger=ledger)
    results = []
    with pytest.raises(BrokenFile, match="is gone"):
        async with asyncio.timeout(10), aclosing(run.results()) as told:
            async for result in told:
                results.append(result)
    assert [result.step for result in results] == [result.step for result in ledger.kept]
    assert len(world.shop.arrived) <= len(ledger.claimed)


async def test_a_pause_between_two_steps_is_no_latency(world: World) -> None:
    """A step after the first is due when it may be sent: what its user paused is not the server's time."""
    world.write("a", 'url = "/slow"\n')
    world.write("b", 'url = "/echo"\n')
    controls, ledger, began_s = Controls(), Told(), time.monotonic()
    run = LocalRun(Plan(steps=("a", "b"), rate=1, iterations=1), world.services(), controls, began_s, ledger=ledger)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        running = group.create_task(_all(run))
        await world.shop.waiting.acquire()
        controls.pause()
        world.shop.gate.set()
        await until(lambda: len(ledger.kept) == 1)
        await asyncio.sleep(0)
        resumed_s = time.monotonic() - began_s
        controls.resume()
    _, last = running.result()
    assert last.due_s is not None and last.due_s >= resumed_s
