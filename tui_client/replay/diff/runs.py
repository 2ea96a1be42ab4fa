"""Two runs compared, step by step as they stream by; memory does not grow with them."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import groupby
from typing import Final, TypeAlias

import msgspec

from tui_client.model.step import StepId
from tui_client.replay.diff.compare import Answer, answer_text, compare
from tui_client.replay.diff.json_diff import MAX_CHANGES, Change
from tui_client.replay.diff.places import generalised
from tui_client.replay.plan import DiffRules

KEPT_STEPS: Final = 1000
MAX_PLACES: Final = 1000
OTHER_PLACES: Final = "other places"
_KEPT_CHANGES: Final = 10 * MAX_CHANGES


class Answered(msgspec.Struct, frozen=True):
    """One step of a run and what came of it. label: method and URL, secrets masked."""

    step: StepId
    label: str
    answer: Answer


# The steps of one run, ordered by iteration, row and index.
Answers: TypeAlias = Iterable[Answered]


class Side(StrEnum):
    """Which of two runs has a step."""

    BOTH = "both"
    BEFORE = "before"
    AFTER = "after"


class Compared(msgspec.Struct, frozen=True):
    """One step in both runs, or in one of them. changes: none if nothing changed. label: as in the later run."""

    step: StepId
    label: str
    changes: tuple[Change, ...] = ()
    side: Side = Side.BOTH


class Place(msgspec.Struct, frozen=True):
    """Where replies changed, indices as [*]. replies: in how many. step, example: the first one."""

    replies: int
    step: StepId
    example: Change


class DiffReport(msgspec.Struct, frozen=True, kw_only=True):
    """What changed between two runs.

    compared: steps that both have; changed: of those. changes: the first 1,000 steps that changed or are in one run
    only, fewer if their changes are very many. places: "$.items[*].price" and where else replies changed, the most
    frequent first; beyond 1,000 of them the rest is counted as "other places".
    """

    compared: int = 0
    changed: int = 0
    only_before: int = 0
    only_after: int = 0
    changes: tuple[Compared, ...] = ()
    places: Mapping[str, Place] = {}

    @property
    def differs(self) -> bool:
        """Whether anything changed or is missing, which fails a run."""
        return bool(self.changed or self.only_before or self.only_after)

    @property
    def by_where(self) -> Mapping[str, int]:
        """In how many replies each place changed."""
        return {where: place.replies for where, place in self.places.items()}


def compare_runs(before: Answers, after: Answers, rules: DiffRules) -> Iterator[Compared]:
    """Every step of either run in order, also those that did not change, so that they can be counted.

    A step is the same in both if its row, iteration, place and request are.
    """
    tagged = heapq.merge(
        ((Side.BEFORE, one) for one in before),
        ((Side.AFTER, one) for one in after),
        key=lambda pair: _order(pair[1]),
    )
    for _, group in groupby(tagged, key=lambda pair: _order(pair[1])):
        sides = dict(group)
        was, now = sides.get(Side.BEFORE), sides.get(Side.AFTER)
        if was is None or now is None:
            yield from (_only(one, side) for side, one in sides.items())
        else:
            yield Compared(now.step, now.label, compare(was.answer, now.answer, rules))


def _order(answered: Answered) -> tuple[int, int, int, str]:
    step = answered.step
    return step.iteration, step.row, step.index, step.key


def _only(answered: Answered, side: Side) -> Compared:
    text = answer_text(answered.answer)
    change = Change("missing after", text, None) if side is Side.BEFORE else Change("missing before", None, text)
    return Compared(answered.step, answered.label, (change,), side)


def report_of(compared: Iterable[Compared]) -> DiffReport:
    """The figures of a comparison, and its first changes."""
    fold = _Fold()
    for one in compared:
        fold.add(one)
    return fold.report()


class _Fold:
    def __init__(self) -> None:
        self._steps = dict.fromkeys(Side, 0)
        self._changed = 0
        self._kept: list[Compared] = []
        self._kept_changes = 0
        self._places: dict[str, Place] = {}

    def add(self, compared: Compared) -> None:
        self._steps[compared.side] += 1
        if not compared.changes:
            return
        if len(self._kept) < KEPT_STEPS and self._kept_changes < _KEPT_CHANGES:
            self._kept.append(compared)
            self._kept_changes += len(compared.changes)
        if compared.side is Side.BOTH:
            self._changed += 1
            self._count_places(compared)

    def _count_places(self, compared: Compared) -> None:
        found: dict[str, Change] = {}
        for change in compared.changes:
            found.setdefault(self._counted_as(change), change)
        for where, change in found.items():
            place = self._places.get(where, Place(0, compared.step, change))
            self._places[where] = msgspec.structs.replace(place, replies=place.replies + 1)

    def _counted_as(self, change: Change) -> str:
        where = generalised(change.where)
        return where if where in self._places or len(self._places) < MAX_PLACES else OTHER_PLACES

    def report(self) -> DiffReport:
        places = sorted(self._places.items(), key=lambda item: -item[1].replies)
        return DiffReport(
            compared=self._steps[Side.BOTH],
            changed=self._changed,
            only_before=self._steps[Side.BEFORE],
            only_after=self._steps[Side.AFTER],
            changes=tuple(self._kept),
            places=dict(places),
        )
