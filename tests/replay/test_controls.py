"""Steering a run."""

from __future__ import annotations

import asyncio

from jumping_loop import run_jumping

from tui_client.replay.controls import Controls
from tui_client.replay.journal.header import Ended


def test_the_first_reason_to_end_is_the_one_that_counts() -> None:
    """A run whose duration is over was not stopped by its user, though they press the key then."""
    controls = Controls()
    assert controls.reason is Ended.NOT
    controls.end(Ended.DURATION)
    controls.stop()
    assert (controls.reason, controls.interrupted, controls.stopping) == (Ended.DURATION, True, True)
    stopped = Controls()
    stopped.stop()
    assert stopped.reason is Ended.STOPPED


def test_steps_start_when_the_last_reason_to_hold_is_gone() -> None:
    """A pause and a full disk add up."""

    async def test() -> list[str]:
        controls, seen = Controls(), []
        controls.pause()
        controls.hold("disk", "The disk is full.")
        controls.hold("other", "Another reason.")

        async def start() -> None:
            assert await controls.may_start()
            seen.append("started")

        async with asyncio.TaskGroup() as group:
            group.create_task(start())
            for action in (controls.resume, lambda: controls.release("disk"), lambda: controls.release("other")):
                await asyncio.sleep(1)
                seen.append(controls.held)
                action()
        return [*seen, controls.held]

    assert run_jumping(test()) == ["The disk is full.", "The disk is full.", "Another reason.", "started", ""]


def test_a_stop_ends_a_hold() -> None:
    """A full disk keeps nobody from leaving."""

    async def test() -> bool:
        controls = Controls()
        controls.hold("disk", "The disk is full.")
        asyncio.get_running_loop().call_later(1, controls.stop)
        return await controls.may_start()

    assert run_jumping(test()) is False


def test_the_time_that_a_run_stood_still_is_counted_once() -> None:
    """Where a pause and a hold overlap, too."""

    async def test() -> list[float]:
        controls, found = Controls(), []
        for action in (
            controls.pause,
            controls.pause,
            lambda: controls.hold("a", "A."),
            controls.resume,
            lambda: controls.release("a"),
            lambda: controls.release("a"),
            controls.pause,
        ):
            action()
            await asyncio.sleep(1)
            found.append(controls.still_s)
        return found

    assert run_jumping(test()) == [1, 2, 3, 4, 4, 4, 5]


def test_a_run_is_held_only_when_every_step_in_flight_waits() -> None:
    """As long as one step is on its way, something is sent."""
    controls = Controls()
    controls.in_flight = 2
    with controls.waiting("Waiting for a host."):
        assert controls.held == ""
        with controls.waiting("Waiting for a host."):
            assert controls.held == "Waiting for a host."
            assert not controls.still
        controls.in_flight = 1
        assert controls.held == "Waiting for a host."
    assert controls.held == ""


def test_a_rate_is_kept_within_what_makes_sense() -> None:
    """A wheel turned to 0 slows the run down; a pause stops it."""
    controls = Controls()
    controls.set_rate(0)
    assert controls.rate == 0.001
    controls.set_rate(1e9)
    assert controls.rate == 100_000
