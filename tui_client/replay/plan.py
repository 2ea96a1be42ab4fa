"""What is to be replayed, as a value; and the sessions that it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import inf
from pathlib import Path

import msgspec

from tui_client.errors import UsageError
from tui_client.replay.retry import check_retry
from tui_client.replay.thresholds import check_thresholds
from tui_client.storage.batch import Retry, Threshold

MAX_CONCURRENCY = 1000
MAX_SHARDS = 10_000


class Exhausted(StrEnum):
    """What happens when there are more iterations than data rows."""

    STOP = "stop"
    WRAP = "wrap"
    HOLD = "hold"


class Overflow(StrEnum):
    """What happens to a session whose time has come while all sessions are busy."""

    WAIT = "wait"  # late, and counted as late
    DROP = "drop"  # not sent, journalled as dropped


class Stage(msgspec.Struct, frozen=True):
    """A part of a ramp: within `duration_s` the rate (or else the concurrency) goes evenly to its target."""

    duration_s: float
    rate: float | None = None
    concurrency: int | None = None


class DiffRules(msgspec.Struct, frozen=True):
    """What a comparison of replies looks at. ignore: JSONPaths (RFC 9535). headers: the names that are compared."""

    ignore: tuple[str, ...] = ()
    headers: tuple[str, ...] = ("content-type", "location")


class Recording(msgspec.Struct, frozen=True):
    """Recorded traffic as the source of sessions, in its original timing.

    path: a HAR file. speed: 2 is twice as fast, 0 as fast as allowed. max_gap_s: longer silences are cut to this.
    hosts: "api.example.com" -> "localhost:8000", what is sent elsewhere. unsafe: not only
    GET, HEAD and OPTIONS. check_status: a reply with another status than the recorded one fails its step.
    """

    path: Path
    speed: float = 1.0
    max_gap_s: float = 10.0
    hosts: Mapping[str, str] = {}
    unsafe: bool = False
    check_status: bool = True


class Shard(msgspec.Struct, frozen=True):
    """One part of a plan that several runs do, each on its own: every `of`-th session, beginning with number `index`.

    index counts from 1. Sessions are counted over all rows and iterations, in the order in which they are started.
    """

    index: int
    of: int

    @property
    def numbers(self) -> slice:
        """Its sessions among all of them, counted from 0."""
        return slice(self.index - 1, None, self.of)

    @property
    def words(self) -> str:
        """ "part 2 of 8"."""
        return f"part {self.index} of {self.of}"

    def has(self, number: int) -> bool:
        """Whether the session of this number, counted from 0, is one of its own."""
        return number % self.of == self.index - 1

    def share(self, sessions: int) -> int:
        """How many of so many sessions are its own."""
        return len(range(sessions)[self.numbers])


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A run before it begins. Keys as the library knows them, in the order in which they are sent.

    title: for lists, "batches/nightly" or the targets. data: the file whose rows feed the sessions. iterations: how
    many sessions, each one run of `steps`; None: one for each row, or one without data. concurrency: sessions in flight
    at most. bail: stop at the first step that doesn't pass. allow_http_errors: a status of 400 or more fails no step.

    rate: requests a second on an absolute schedule (a session starts every len(steps) / rate seconds); None: as fast
    as the concurrency lets. overflow None: wait where the number of sessions is known, else drop. stages: a ramp of
    rate or concurrency. delay_s: a session's pause after each step. duration_s: no step starts later than this.
    retry: which failures are sent again. retry_unsafe: POST and PATCH too, though they may be done twice.
    idempotency_key: every request carries that header. recording: what is sent in place of `steps`.
    shard: only this part of the sessions, at their places in the schedule of all of them; concurrency is its own.
    """

    title: str = ""
    steps: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    environment: str = ""
    given: Mapping[str, str] = {}
    data: Path | None = None
    iterations: int | None = None
    on_exhausted: Exhausted = Exhausted.STOP
    concurrency: int = 1
    bail: bool = False
    allow_http_errors: bool = False
    rate: float | None = None
    overflow: Overflow | None = None
    stages: tuple[Stage, ...] = ()
    delay_s: float = 0.0
    duration_s: float | None = None
    retry: Retry = Retry()
    retry_unsafe: bool = False
    idempotency_key: bool = False
    thresholds: tuple[Threshold, ...] = ()
    diff: DiffRules = DiffRules()
    recording: Recording | None = None
    shard: Shard | None = None

    def part(self, shard: Shard) -> Plan:
        """One part of this plan; its title says which."""
        return msgspec.structs.replace(self, shard=shard, title=f"{self.title} ({shard.words})".lstrip())

    def whole(self) -> Plan:
        """The plan that this one is a part of; itself if it is none."""
        if self.shard is None:
            return self
        title = self.title.removesuffix(f"({self.shard.words})").rstrip()
        return msgspec.structs.replace(self, shard=None, title=title)

    def sessions(self, rows: int | None) -> int | None:
        """How many sessions there will be, for so many data rows; None while the rows are not counted.

        Of a part of a plan, its own.
        """
        found = self._all_sessions(rows)
        return found if found is None else self._share(found)

    def _all_sessions(self, rows: int | None) -> int | None:
        if self.data is None and self.iterations is None and self.duration_s is not None:
            return None  # as many as there is time for
        if self.data is None:
            return self.iterations or 1
        if self.iterations is None:
            return rows
        if self.on_exhausted is not Exhausted.STOP:
            return self.iterations
        return None if rows is None else min(rows, self.iterations)

    def planned_steps(self, rows: int | None) -> int | None:
        """How many steps will be done in all, those of the setup included; None while the rows are not counted."""
        sessions = self.sessions(rows)
        return None if sessions is None else len(self.setup) + sessions * len(self.steps)

    def recorded_steps(self, entries: int) -> int:
        """The same for a recording of so many entries."""
        return len(self.setup) + self._share(entries)

    @property
    def own_rate(self) -> float | None:
        """Requests a second that this run sends: the rate, or a part's share of it; None without a rate."""
        return None if self.rate is None else self.own(self.rate)

    def own(self, rate: float) -> float:
        """What this run sends where the whole plan sends at a rate."""
        return rate if self.shard is None else rate / self.shard.of

    def _share(self, sessions: int) -> int:
        return sessions if self.shard is None else self.shard.share(sessions)


def checked(plan: Plan) -> Plan:
    """The plan, if it can be run. Raises UsageError where it can't."""
    if plan.recording is not None:
        _check_recording(plan, plan.recording)
    elif not plan.steps:
        raise UsageError("There is nothing to replay: no request matches.")
    _check_concurrency(plan.concurrency)
    if plan.iterations is not None and plan.iterations < 1:
        raise UsageError(f"There must be at least one iteration, not {plan.iterations}.")
    # Comparisons with not-a-number are all false.
    if not 0 <= plan.delay_s < inf:
        raise UsageError(f"The delay must be 0 or more seconds, not {plan.delay_s:g}.")
    if plan.duration_s is not None and not 0 < plan.duration_s < inf:
        raise UsageError(f"The duration must be more than 0 seconds, not {plan.duration_s:g}.")
    if plan.shard is not None:
        _check_shard(plan.shard)
    _check_rates(plan)
    check_retry(plan.retry)
    check_thresholds(plan.thresholds)
    return _with_an_end(plan)


def _check_recording(plan: Plan, recording: Recording) -> None:
    if plan.steps:
        raise UsageError("A recording is replayed alone: give requests or a recording, not both.")
    if plan.rate is not None or any(stage.rate is not None for stage in plan.stages):
        raise UsageError("A recording has its own timing: change its speed, not the rate.")
    if not 0 <= recording.speed < inf:
        raise UsageError(f"The speed must be 0 or more, not {recording.speed:g}.")
    if not 0 <= recording.max_gap_s < inf:
        raise UsageError(f"The longest gap must be 0 or more seconds, not {recording.max_gap_s:g}.")


def _check_concurrency(sessions: int) -> None:
    if not 1 <= sessions <= MAX_CONCURRENCY:
        raise UsageError(f"The concurrency must be between 1 and {MAX_CONCURRENCY}, not {sessions}.")


def _check_shard(shard: Shard) -> None:
    if not 1 <= shard.of <= MAX_SHARDS:
        raise UsageError(f"A plan can be done in 1 to {MAX_SHARDS:,} parts, not in {shard.of}.")
    if not 1 <= shard.index <= shard.of:
        raise UsageError(f"There is no part {shard.index} of {shard.of}: the first one is 1, the last one {shard.of}.")


def _check_rates(plan: Plan) -> None:
    if plan.rate is not None and not 0 < plan.rate < inf:
        raise UsageError(f"The rate must be more than 0 requests a second, not {plan.rate:g}.")
    for stage in plan.stages:
        if not 0 <= stage.duration_s < inf:
            raise UsageError(f"A stage must last 0 or more seconds, not {stage.duration_s:g}.")
        if stage.rate is not None and not 0 <= stage.rate < inf:
            raise UsageError(f"The rate of a stage must be 0 or more requests a second, not {stage.rate:g}.")
        if stage.concurrency is not None:
            _check_concurrency(stage.concurrency)
    rates = [stage.rate for stage in plan.stages if stage.rate is not None]
    if rates and not plan.rate and not any(rates):
        raise UsageError("There is nothing to replay: the rate is 0 in all stages.")


def _with_an_end(plan: Plan) -> Plan:
    """A schedule goes on for as many sessions as there are; without a number, a ramp lasts as long as its stages."""
    known = plan.data is not None or plan.iterations is not None or plan.recording is not None
    if known or plan.duration_s is not None or (plan.rate is None and not plan.stages):
        return plan
    lasts_s = sum(stage.duration_s for stage in plan.stages)
    if not lasts_s:
        raise UsageError("How many requests at this rate? Give a duration, iterations or a data file.")
    return msgspec.structs.replace(plan, duration_s=lasts_s)
