"""When the sessions of a plan are due; pure. Seconds count from the run's start."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from tui_client.replay.plan import MAX_CONCURRENCY, Plan, Shard, Stage

_LEAST_SESSIONS: Final = 16
_EPSILON: Final = 1e-9


class _Piece(NamedTuple):
    """A part of a ramp: from its start on for so long, the value goes evenly from `low` to `high`."""

    start_s: float
    length_s: float
    low: float
    high: float

    @property
    def area(self) -> float:
        return (self.low + self.high) / 2 * self.length_s if self.low or self.high else 0.0

    def reaches(self, area: float) -> float:
        """Seconds into the piece until this much of its area is passed."""
        if self.low == self.high:
            return area / self.low
        # The root of the quadratic in the form that loses no digits, and needs no case for a ramp from 0.
        root = math.sqrt(max(0.0, self.low**2 + 2 * (self.high - self.low) * area / self.length_s))
        return min(self.length_s, 2 * area / (self.low + root)) if self.low + root else 0.0


def arrivals(plan: Plan, first: int = 0) -> Iterator[float] | None:
    """When each session from number `first` on is due, by the plan's rate; None for a plan without one.

    A session of n steps takes n of the requests that the rate allows. Session k is due where the integral of the
    rate reaches k sessions. After the last stage its rate stays; where that is 0 the iterator ends.
    Those of a part are due when they are in the whole; `first` counts its own.
    """
    if plan.rate is None and all(stage.rate is None for stage in plan.stages):
        return None
    pieces = _pieces(plan.stages, plan.rate or 0.0, [stage.rate for stage in plan.stages])
    return _due(pieces, max(1, len(plan.steps)), _numbers(plan.shard, first))


def own_times(times: Iterable[float], shard: Shard | None, first: int = 0) -> Iterator[float]:
    """Of the times of all sessions those of a part, from its session number `first` on."""
    numbers = _numbers(shard, first)
    return itertools.islice(times, next(numbers), None, 1 if shard is None else shard.of)


def _numbers(shard: Shard | None, first: int) -> Iterator[int]:
    """The numbers that the sessions of a part have in the whole."""
    return itertools.count(first) if shard is None else itertools.count(shard.index - 1 + first * shard.of, shard.of)


def _due(pieces: Sequence[_Piece], steps: int, numbers: Iterator[int]) -> Iterator[float]:
    passed = 0.0  # requests due before the piece
    number = next(numbers)
    for piece in pieces:
        end = passed + piece.area
        # What is due at the very end of a piece is the next one's: a rate of 10 for 10 s is 100 requests, not 101.
        while number * steps < end - _EPSILON * max(1.0, passed):
            yield piece.start_s + piece.reaches(max(0.0, number * steps - passed))
            number = next(numbers)
        passed = end


def _pieces(stages: Sequence[Stage], value: float, targets: Sequence[float | None]) -> list[_Piece]:
    """The stages, and what stays after the last one. A stage without a target keeps the value."""
    pieces = []
    at_s = 0.0
    for stage, target in zip(stages, targets, strict=True):
        high = value if target is None else target
        pieces.append(_Piece(at_s, stage.duration_s, value, high))
        at_s += stage.duration_s
        value = high
    return [*pieces, _Piece(at_s, math.inf, value, value)]


def concurrency_at(plan: Plan, elapsed_s: float) -> int:
    """How many sessions may run side by side then: the plan's concurrency, or where its stages have got to."""
    if not plan.stages or all(stage.concurrency is None for stage in plan.stages):
        return plan.concurrency
    piece = next(one for one in reversed(_concurrency(plan)) if one.start_s <= max(0.0, elapsed_s))
    return _floor(piece, elapsed_s)


def concurrency_rises_s(plan: Plan, elapsed_s: float) -> float | None:
    """The next time at which `concurrency_at` becomes more than it is; None if it never does."""
    now = concurrency_at(plan, elapsed_s)
    for piece in _concurrency(plan) if plan.stages else ():
        if piece.high > now and piece.start_s + piece.length_s > elapsed_s:
            wanted = now + 1 - piece.low
            return piece.start_s + wanted * piece.length_s / (piece.high - piece.low)
    return None


def _concurrency(plan: Plan) -> list[_Piece]:
    return _pieces(plan.stages, plan.concurrency, [stage.concurrency for stage in plan.stages])


def _floor(piece: _Piece, elapsed_s: float) -> int:
    if piece.low == piece.high:
        return round(piece.low)
    done = (max(0.0, elapsed_s) - piece.start_s) / piece.length_s
    return max(1, math.floor(piece.low + (piece.high - piece.low) * done + _EPSILON))


def recorded(times: Iterable[float], speed: float, max_gap_s: float) -> Iterator[float]:
    """When recorded traffic is due, the first at 0: its own pace times `speed`, long silences cut to max_gap_s.

    times: seconds on any clock. Speed 0: all at once. A time that is older than one before it is due at once:
    what was recorded side by side is often listed by its end.
    """
    begin = latest = math.nan
    cut = 0.0
    for at in times:
        if math.isnan(begin):
            begin = latest = at
        elif at > latest:
            cut += max(0.0, at - latest - max_gap_s)
            latest = at
        yield (latest - begin - cut) / speed if speed else 0.0


def default_concurrency(rate: float | None, stages: Sequence[Stage] = ()) -> int:
    """How many sessions may run side by side where nothing says so: enough for replies that take a second."""
    most = max([rate or 0.0, *(stage.rate or 0.0 for stage in stages)])
    if not most:
        return 1
    return min(MAX_CONCURRENCY, max(_LEAST_SESSIONS, math.ceil(most)))
