"""Lets sessions start at their time: an absolute schedule that pauses shift and a live rate replaces."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from tui_client.replay.controls import Controls
from tui_client.replay.journal.header import Ended
from tui_client.replay.pace.arrivals import arrivals, concurrency_at, concurrency_rises_s, own_times
from tui_client.replay.plan import Overflow, Plan

# Timers wake this much too early at most; without it the loop would turn until the clock caught up.
_SLACK_S: Final = 1e-6
# Overdue sessions start without a wait: the loop gets its turn after so many of them.
_AT_ONCE: Final = 8


class Pacer:
    """Made when the first session may start, after the setup: its schedule begins there. Needs a running event loop.

    Times are of the event loop's clock. Time in which the run stood still (pauses, holds) does not count, for
    the duration neither.
    """

    def __init__(
        self,
        plan: Plan,
        controls: Controls,
        began_s: float,
        times: Iterator[float] | None = None,
        first: int = 0,
        ahead_s: float = 0.0,
    ) -> None:
        """began_s: when the run began, its earlier lives included. times: when sessions are due, in place of the rate.

        times are those of all sessions, also where the plan is a part of one.
        first: how many sessions had their time in earlier lives; the schedule goes on behind them, at once.
        ahead_s: sessions are handed out so much before they are due, for whoever starts them elsewhere.
        """
        self._plan = plan
        self._controls = controls
        self._began_s = began_s
        self._loop = asyncio.get_running_loop()
        self._still_before_s = controls.still_s
        self._rate_set_s = 0.0
        self._steps = max(1, len(plan.steps))
        self._times = arrivals(plan, first) if times is None else own_times(times, plan.shard, first)
        self._scheduled = self._times is not None
        self._next_s: float | None = None
        self._ended = False
        self._at_once = 0
        self._ahead_s = ahead_s
        # What the run's clock shows when the schedule's shows 0. A plan without a schedule that goes on only has
        # its ramp of concurrency, which goes on where it was.
        self._offset_s = 0.0 if first and self._times is None else self._running_s()
        if first and self._times is not None:
            self._next_s = next(self._times, None)
            self._offset_s -= self._next_s or 0.0
        self._opened_s = self._running_s() - self._offset_s

    async def due(self) -> float | None:
        """Wait until the next session may start, or may be handed out; when it is due, in seconds since `began_s`.

        None without a schedule, at once. None too when no more sessions may start: `over`, or the controls say so.
        The end of the duration ends the run.
        Being late for one session never moves the next.
        """
        while not (self._stopping() or self._ended):
            at_s = self._peek()
            if at_s is None:
                return None
            left_s = at_s + self._offset_s - self._ahead_s - self._running_s()
            if left_s <= _SLACK_S and not self._controls.still:
                self._next_s = None
                await self._give_way()
                return at_s + self._offset_s + self._still_s
            await self._wait(left_s)
        return None

    def skip(self) -> None:
        """Pass over the time of the next session: it was done in an earlier life, out of its turn."""
        self._peek()
        self._next_s = None

    async def changed(self) -> None:
        """Wait until the controls changed, the limit rose, or the duration is over, which ends the run."""
        elapsed_s = self._running_s() - self._offset_s
        rises_s = None if self._controls.concurrency else concurrency_rises_s(self._plan, elapsed_s)
        await self._wait(None if rises_s is None else rises_s - elapsed_s)
        self._stopping()

    async def end_in_time(self) -> None:
        """End the run when the plan's duration is over; for a task beside the sessions. At once without a duration."""
        while self._plan.duration_s is not None and not self._stopping():
            await self._wait(None)

    @property
    def over(self) -> bool:
        """No more sessions start: the schedule has come to its end, or the duration is over."""
        return self._ended or self.expired(self._loop.time())

    def expired(self, now_s: float) -> bool:
        """Whether the plan's duration is over at this time of the event loop's clock."""
        duration_s = self._plan.duration_s
        return duration_s is not None and now_s - self._began_s - self._still_s >= duration_s - _SLACK_S

    def limit(self, elapsed_s: float) -> int:
        """How many sessions may run side by side, so many seconds after `began_s`."""
        return self._controls.concurrency or concurrency_at(self._plan, elapsed_s - self._still_s - self._offset_s)

    @property
    def overflow(self) -> Overflow:
        """What becomes of a session whose time comes while all are busy."""
        plan = self._plan
        if not self._scheduled:
            # Nothing is due at any time: a session begins when there is room for it.
            return Overflow.WAIT
        if plan.overflow is not None:
            return plan.overflow
        known = plan.data is not None or plan.iterations is not None or plan.recording is not None
        return Overflow.WAIT if known else Overflow.DROP

    def _stopping(self) -> bool:
        if not self._controls.stopping and self.expired(self._loop.time()):
            self._controls.end(Ended.DURATION)
        return self._controls.stopping

    @property
    def _still_s(self) -> float:
        return self._controls.still_s - self._still_before_s

    def _running_s(self) -> float:
        return self._loop.time() - self._began_s - self._still_s

    def _peek(self) -> float | None:
        """When the next session is due on the schedule's clock; None where there is none."""
        if self._controls.rate is not None and self._controls.rate_set_s != self._rate_set_s:
            self._follow(self._controls.rate)
        if self._next_s is None and self._times is not None:
            self._next_s = next(self._times, None)
            self._ended = self._next_s is None
        return self._next_s

    def _follow(self, rate: float) -> None:
        """Go on from here at another rate: overdue sessions become due now, no other one earlier than it was."""
        self._rate_set_s = self._controls.rate_set_s
        set_s = self._rate_set_s + self._still_before_s - self._began_s - self._offset_s
        since_s = max(set_s, self._opened_s)
        planned_s = self._next_s
        if planned_s is None and self._times is not None:
            planned_s = next(self._times, None)
        interval_s = self._steps / rate
        # Not always a whole interval from now on: who turns the wheel for a while would starve the run.
        begin_s = since_s if planned_s is None else min(max(planned_s, since_s), since_s + interval_s)
        self._times = (begin_s + number * interval_s for number in itertools.count())
        self._next_s = None

    async def _wait(self, left_s: float | None) -> None:
        """Wait until the controls changed, or so long; while the run stands still no time passes."""
        waits = [left_s] if left_s is not None else []
        if self._plan.duration_s is not None:
            waits.append(self._plan.duration_s - self._running_s())
        limit_s = None if self._controls.still or not waits else max(0.0, min(waits))
        if limit_s is None:
            await self._controls.changed()
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await self._controls.changed()

    async def _give_way(self) -> None:
        self._at_once += 1
        if self._at_once >= _AT_ONCE:
            self._at_once = 0
            await asyncio.sleep(0)
