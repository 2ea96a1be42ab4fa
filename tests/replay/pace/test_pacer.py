"""Sessions start on time: hours of a run, in a loop whose clock jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from jumping_loop import run_jumping

from tui_client.replay.controls import Controls
from tui_client.replay.journal.header import Ended
from tui_client.replay.pace.pacer import Pacer
from tui_client.replay.plan import Overflow, Plan, Recording, Stage


def now_s() -> float:
    return asyncio.get_running_loop().time()


class Clock:
    """A pacer that began now, and what it let start: when it was due, and when it did."""

    def __init__(self, plan: Plan, controls: Controls | None = None) -> None:
        self.controls = controls or Controls()
        self.began_s = now_s()
        self.pacer = Pacer(plan, self.controls, self.began_s)
        self.due: list[float | None] = []
        self.at: list[float] = []

    async def let(self, sessions: int) -> None:
        for _ in range(sessions):
            self.due.append(await self.pacer.due())
            self.at.append(now_s() - self.began_s)

    async def after(self, seconds: float, action: Callable[[], object]) -> None:
        await asyncio.sleep(seconds)
        action()


def jumping(test: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await test()

    run_jumping(main())


def test_sessions_start_when_they_are_due() -> None:
    """Ten thousand seconds at two a second: the last one as exactly as the first."""

    async def test() -> None:
        clock = Clock(Plan(steps=("a",), rate=2))
        await clock.let(20_000)
        assert clock.due == [number / 2 for number in range(20_000)]
        assert clock.at == pytest.approx(clock.due, abs=1e-5)

    jumping(test)


def test_being_late_for_one_session_never_moves_the_next() -> None:
    """Who comes back after 10 s finds ten sessions due, each at its own time, and the eleventh on time."""

    async def test() -> None:
        clock = Clock(Plan(steps=("a",), rate=1))
        await clock.let(1)
        await asyncio.sleep(10.5)
        await clock.let(12)
        assert clock.due == list(range(13))
        assert clock.at[1:11] == [10.5] * 10
        assert clock.at[11:] == pytest.approx([11, 12])

    jumping(test)


def test_a_closed_model_waits_for_nothing() -> None:
    """Without a rate a session starts as soon as another one ends."""

    async def test() -> None:
        clock = Clock(Plan(steps=("a",)))
        await clock.let(3)
        assert (clock.due, clock.at) == ([None] * 3, [0.0] * 3)
        assert not clock.pacer.over

    jumping(test)


def test_the_schedule_begins_when_the_setup_is_over() -> None:
    """A slow login makes no session late; due times count from the run's start all the same."""

    async def test() -> None:
        began_s = now_s()
        await asyncio.sleep(30)
        pacer = Pacer(Plan(steps=("a",), rate=1), Controls(), began_s)
        assert [await pacer.due() for _ in range(3)] == [30, 31, 32]
        assert now_s() - began_s == 32

    jumping(test)


def test_a_pause_shifts_the_schedule() -> None:
    """What would have been due during a pause is due after it, and not late."""

    async def test() -> None:
        clock = Clock(Plan(steps=("a",), rate=1))
        async with asyncio.TaskGroup() as group:
            group.create_task(clock.let(5))
            group.create_task(clock.after(1.5, clock.controls.pause))
            group.create_task(clock.after(101.5, clock.controls.resume))
        assert clock.due == [0, 1, 102, 103, 104]
        assert clock.at == pytest.approx(clock.due)

    jumping(test)


def test_a_pause_that_nobody_waited_through_shifts_it_too() -> None:
    """All sessions were busy when the pause came and went."""

    async def test() -> None:
        clock = Clock(Plan(steps=("a",), rate=1))
        await clock.let(1)
        clock.controls.pause()
        await asyncio.sleep(50)
        clock.controls.hold("disk", "The disk is full.")
        clock.controls.resume()
        await asyncio.sleep(50)
        clock.controls.release("disk")
        await clock.let(2)
        assert clock.due == [0, 101, 102]

    jumping(test)


def test_a_new_rate_counts_from_its_moment() -> None:
    """From one a minute to ten a second: at once, not after the minute."""

    async def test() -> None:
        clock = Clock(Plan(steps=("a", "b"), rate=1 / 30))
        async with asyncio.TaskGroup() as group:
            group.create_task(clock.let(4))
            group.create_task(clock.after(100, lambda: clock.controls.set_rate(10)))
        assert clock.due == pytest.approx([0, 60, 100.2, 100.4])
        assert clock.at == pytest.approx(clock.due)

    jumping(test)


def test_a_new_rate_leaves_no_heap_of_overdue_sessions() -> None:
    """Who slows an overloaded run down does not want the backlog first."""

    async def test() -> None:
        clock = Clock(Plan(steps=("a",), rate=100))
        await clock.let(1)
        await asyncio.sleep(60)
        clock.controls.set_rate(1)
        await clock.let(3)
        assert clock.due == [0, 60, 61, 62]

    jumping(test)


def test_turning_the_rate_again_and_again_does_not_starve_the_run() -> None:
    """A session that was due soon stays due."""

    async def test() -> None:
        clock = Clock(Plan(steps=("a",), rate=0.1))
        async with asyncio.TaskGroup() as group:
            group.create_task(clock.let(3))
            for second in range(1, 20):
                group.create_task(clock.after(second, lambda: clock.controls.set_rate(0.1)))
        assert clock.due == pytest.approx([0, 10, 20])

    jumping(test)


def test_a_rate_makes_a_closed_model_an_open_one() -> None:
    """It may be set while a run as fast as possible is under way, even before its first session."""

    async def test() -> None:
        clock = Clock(Plan(steps=("a",)))
        await clock.let(1)
        await asyncio.sleep(5)
        clock.controls.set_rate(2)
        await asyncio.sleep(1)
        await clock.let(3)
        assert clock.due == [None, 5, 5.5, 6]

        controls = Controls()
        controls.set_rate(2)
        await asyncio.sleep(5)
        clock = Clock(Plan(steps=("a",)), controls)
        await clock.let(2)
        assert clock.due == [0, 0.5]

    jumping(test)


def test_a_stop_ends_the_wait() -> None:
    """Nobody waits an hour for the next session to be told that there is none."""

    async def test() -> None:
        clock = Clock(Plan(steps=("a",), rate=1 / 3600))
        async with asyncio.TaskGroup() as group:
            group.create_task(clock.let(2))
            group.create_task(clock.after(7, clock.controls.stop))
        assert (clock.due, clock.at) == ([0, None], [0, 7])

    jumping(test)


def test_the_duration_ends_the_run_pauses_apart() -> None:
    """No session starts at its end or later."""

    async def test() -> None:
        clock = Clock(Plan(steps=("a",), rate=1, duration_s=10))
        async with asyncio.TaskGroup() as group:
            group.create_task(clock.let(11))
            group.create_task(clock.after(4.5, clock.controls.pause))
            group.create_task(clock.after(24.5, clock.controls.resume))
        assert clock.due == [0, 1, 2, 3, 4, 25, 26, 27, 28, 29, None]
        assert clock.at[-1] == pytest.approx(30)
        assert (clock.controls.reason, clock.controls.interrupted) == (Ended.DURATION, False)

    jumping(test)


def test_the_duration_ends_a_run_that_waits_for_nothing_else() -> None:
    """Also while the last sessions are under way, whose next steps must not begin."""

    async def test() -> None:
        clock = Clock(Plan(steps=("a",), duration_s=10))
        await clock.pacer.end_in_time()
        assert now_s() - clock.began_s == pytest.approx(10)
        assert clock.controls.stopping
        assert clock.pacer.expired(now_s())
        clock = Clock(Plan(steps=("a",)))
        await clock.pacer.end_in_time()
        assert not clock.controls.stopping

    jumping(test)


def test_a_schedule_may_come_to_its_end() -> None:
    """A ramp down to 0 is over when nothing more will be due."""

    async def test() -> None:
        clock = Clock(Plan(steps=("a",), rate=2, stages=(Stage(2, 0.0),)))
        await clock.let(3)
        assert clock.due[-1] is None
        assert clock.pacer.over
        assert not clock.controls.stopping

    jumping(test)


def test_recorded_times_are_kept() -> None:
    """They take the place of a rate."""

    async def test() -> None:
        pacer = Pacer(Plan(recording=Recording(Path("a.har"))), Controls(), now_s(), iter([0.0, 2.0, 7.0]))
        assert [await pacer.due() for _ in range(4)] == [0, 2, 7, None]
        assert pacer.over

    jumping(test)


def test_a_resumed_run_goes_on_behind_the_sessions_that_had_their_time() -> None:
    """Neither all at once nor after a wait: the next one now, the others at their distance."""

    async def test() -> None:
        for lived_s in (3.0, 300.0):
            began_s = now_s() - lived_s
            pacer = Pacer(Plan(steps=("a",), rate=1), Controls(), began_s, first=60)
            assert [await pacer.due() for _ in range(3)] == pytest.approx([lived_s, lived_s + 1, lived_s + 2])
        pacer = Pacer(Plan(), Controls(), now_s() - 5, iter([0.0, 2.0, 7.0, 8.0, 9.0]), first=2)
        assert await pacer.due() == 5
        pacer.skip()
        assert [await pacer.due() for _ in range(2)] == [7, None]

    jumping(test)


def test_the_limit_follows_the_ramp_until_a_user_sets_it() -> None:
    """And who waits for room is woken when the ramp gives more, or the user does."""

    async def test() -> None:
        clock = Clock(Plan(steps=("a",), stages=(Stage(90, concurrency=10),), duration_s=40))
        assert clock.pacer.limit(0) == 1
        await clock.pacer.changed()
        assert now_s() - clock.began_s == pytest.approx(10)
        assert clock.pacer.limit(now_s() - clock.began_s) == 2
        async with asyncio.TaskGroup() as group:
            group.create_task(clock.pacer.changed())
            group.create_task(clock.after(5, lambda: clock.controls.set_concurrency(40)))
        assert now_s() - clock.began_s == pytest.approx(15)
        assert clock.pacer.limit(15) == 40
        await clock.pacer.changed()
        assert now_s() - clock.began_s == pytest.approx(40)
        assert clock.controls.stopping

    jumping(test)


@pytest.mark.parametrize(
    ("plan", "overflow"),
    [
        (Plan(duration_s=5), Overflow.WAIT),
        (Plan(overflow=Overflow.DROP), Overflow.WAIT),
        (Plan(rate=1), Overflow.DROP),
        (Plan(stages=(Stage(5, 1.0),)), Overflow.DROP),
        (Plan(rate=1, iterations=5), Overflow.WAIT),
        (Plan(rate=1, data=Path("a.csv")), Overflow.WAIT),
        (Plan(rate=1, iterations=5, overflow=Overflow.DROP), Overflow.DROP),
        (Plan(rate=1, overflow=Overflow.WAIT), Overflow.WAIT),
    ],
)
def test_sessions_wait_where_their_number_is_known(plan: Plan, overflow: Overflow) -> None:
    """No row of a file is left out unless that is asked for; and nothing is where nothing is due."""

    async def test() -> None:
        assert Pacer(plan, Controls(), now_s()).overflow is overflow
        pacer = Pacer(Plan(recording=Recording(Path("a.har"))), Controls(), now_s(), iter([0.0]))
        assert pacer.overflow is Overflow.WAIT

    jumping(test)
