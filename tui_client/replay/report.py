"""The figures of a run, folded from its results one by one; memory does not grow with them."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tui_client.errors import FailureKind
from tui_client.model.step import StepResult
from tui_client.replay.generator import Load
from tui_client.replay.histogram import place_of
from tui_client.replay.record import OutcomeKind, Recorded, record_of
from tui_client.replay.summary import Summary, to_json
from tui_client.replay.tally import Group, Latency, Tallies, Tally, latency_of, scheduled_of
from tui_client.replay.thresholds import Verdict, judge, selects
from tui_client.replay.workers import Workers
from tui_client.storage.batch import Threshold

__all__ = ["Group", "Latency", "Load", "Report", "Summary", "Verdict", "to_json"]

MAX_REQUESTS: Final = 1000
MAX_TAGS: Final = 200
_BARS: Final = 24
_RENEWED: Final = 6  # groups that a live summary brings up to date: half a millisecond at most
_RATE_WINDOW: Final = 60  # seconds of history for a sparkline
_RECENT: Final = 10  # whole seconds of it that say how fast the run is now
_NO_TAGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})
_NOT_DONE: Final = frozenset({OutcomeKind.SKIPPED, OutcomeKind.DROPPED, OutcomeKind.IN_DOUBT})


class Report:
    """Takes the results of one run, in whichever order they come.

    tags: those of each request, by key. thresholds: judged in every summary; each is exact whatever it selects.
    Set by who runs it: planned, interrupted, ended, held, target_rate, generator, workers; `Summary` explains them.
    seconds: as the last summary had it.
    """

    def __init__(
        self,
        run: str = "",
        tags: Mapping[str, tuple[str, ...]] = _NO_TAGS,
        thresholds: tuple[Threshold, ...] = (),
    ) -> None:
        self.run = run
        self.planned: int | None = None
        self.interrupted = False
        self.ended = ""
        self.held = ""
        self.target_rate: float | None = None
        self.generator = Load()
        self.workers: Workers | None = None
        self.seconds = 0.0
        self._tags = tags
        self._thresholds = thresholds
        self._all = Tally()
        self._requests = Tallies(MAX_REQUESTS)
        self._by_tag = Tallies(MAX_TAGS)
        self._watched = [(one.select, Tally()) for one in thresholds if one.select]
        self._parts: dict[str, tuple[Tally, ...]] = {}
        self._not_done = dict.fromkeys(_NOT_DONE, 0)
        self._retried = 0
        self._late = 0
        self._by_status: dict[int, int] = {}
        self._by_error: dict[str, int] = {}
        self._rates = _Rates()

    def add(self, result: StepResult) -> None:
        """Count one result."""
        self.count(record_of(result))

    def count(self, record: Recorded) -> None:
        """Count one step by its figures alone, as the journal has them from an earlier life of the run."""
        key, outcome, error = record.step.key, record.outcome, record.error
        parts = self._parts.get(key) or self._parts_of(key)
        if record.attempts > 1:
            self._retried += record.attempts - 1
        if record.late:
            self._late += 1
        if outcome in _NOT_DONE:
            self._not_done[outcome] += 1
            return
        for part in parts:
            part.count(outcome, record.checks, record.checks_failed)
        self._rates.add(record.finished_s)
        if error:
            self._by_error[error] = self._by_error.get(error, 0) + 1
        if record.status is not None and (not error or error == FailureKind.CAPTURE_FAILED):
            self._count_reply(record, record.status, parts)

    def _count_reply(self, record: Recorded, status: int, parts: tuple[Tally, ...]) -> None:
        self._by_status[status] = self._by_status.get(status, 0) + 1
        place = place_of(record.service_ms or 0.0)
        for part in parts:
            part.latency.add_at(place)
        if record.due_s is not None and (scheduled_ms := record.scheduled_ms) is not None:
            place = place_of(scheduled_ms)
            for part in parts:
                part.scheduled.add_at(place)

    def _parts_of(self, key: str) -> tuple[Tally, ...]:
        tags = self._tags.get(key, ())
        watched = [tally for select, tally in self._watched if selects(select, key, tags)]
        # None twice: two tags may both be among the too many.
        found = dict.fromkeys([self._all, self._requests.find(key), *map(self._by_tag.find, tags), *watched])
        parts = tuple(found)
        if len(self._parts) < MAX_REQUESTS:
            self._parts[key] = parts
        return parts

    def selected(self, select: Mapping[str, str]) -> Tally:
        """What was counted of the requests that are meant (`thresholds.selects`).

        Exact for the report's own thresholds; otherwise of the first 1,000 requests.
        """
        if not select:
            return self._all
        for watched, tally in self._watched:
            if watched == select:
                return tally
        merged = Tally()
        for key, tally in self._requests:
            if selects(select, key, self._tags.get(key, ())):
                merged.merge(tally)
        return merged

    def summary(self, seconds: float, *, live: bool = False) -> Summary:
        """The figures now, `seconds` after the run began.

        live: for a screen that asks again soon. Of many groups some may show what they showed before.
        """
        self.seconds = seconds
        total, not_done, renewed = self._all, self._not_done, _RENEWED if live else None
        self._rates.advance(seconds)
        return Summary(
            run=self.run,
            planned=self.planned,
            done=total.done,
            passed=total.passed,
            failed=total.failed,
            errors=total.errors,
            skipped=not_done[OutcomeKind.SKIPPED],
            dropped=not_done[OutcomeKind.DROPPED],
            in_doubt=not_done[OutcomeKind.IN_DOUBT],
            retried=self._retried,
            late=self._late,
            seconds=seconds,
            latency=latency_of(total.latency),
            scheduled=scheduled_of(total),
            by_status=dict(sorted(self._by_status.items())),
            by_error=dict(sorted(self._by_error.items())),
            by_request=self._requests.groups(renewed),
            by_tag=self._by_tag.groups(renewed),
            checks_passed=total.checks - total.checks_failed,
            checks_failed=total.checks_failed,
            thresholds=judge(self._thresholds, self),
            generator=self.generator,
            rates=tuple(self._rates.counts),
            recent_per_second=self._rates.recent(seconds),
            target_rate=self.target_rate,
            bars=total.latency.bars(_BARS),
            held=self.held,
            interrupted=self.interrupted,
            ended=self.ended,
            workers=self.workers,
        )


class _Rates:
    """Steps done in each of the last seconds; what is older is forgotten."""

    def __init__(self) -> None:
        self.counts: deque[int] = deque(maxlen=_RATE_WINDOW)
        self._second = -1  # the last of them

    def add(self, finished_s: float) -> None:
        second = int(finished_s)
        ago = self._second - second
        if ago < 0:
            self._go_to(second)
            ago = 0
        if ago < len(self.counts):
            self.counts[-1 - ago] += 1

    def advance(self, seconds: float) -> None:
        """Begin the seconds that have begun."""
        self._go_to(math.ceil(seconds) - 1)

    def _go_to(self, second: int) -> None:
        self.counts.extend([0] * min(second - self._second, _RATE_WINDOW))
        self._second = max(self._second, second)

    def recent(self, seconds: float) -> float | None:
        """Steps a second of late; None before there is anything to say."""
        shown = [self.counts[-1 - ago] for ago in range(min(len(self.counts), _RECENT + 1))]
        # The last second is still under way.
        took_s = len(shown) - 1 + min(1.0, max(0.0, seconds - self._second))
        return sum(shown) / took_s if shown and took_s > 0 else None
