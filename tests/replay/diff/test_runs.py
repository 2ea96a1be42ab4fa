"""Two runs compared as they stream by."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.model.step import StepId
from tui_client.replay.diff.compare import Answer, NoReply, Reply
from tui_client.replay.diff.json_diff import Change
from tui_client.replay.diff.runs import (
    KEPT_STEPS,
    MAX_PLACES,
    OTHER_PLACES,
    Answered,
    Compared,
    DiffReport,
    Side,
    compare_runs,
    report_of,
)
from tui_client.replay.plan import DiffRules

RULES = DiffRules()
IDS = st.builds(StepId, st.integers(0, 3), st.integers(0, 3), st.integers(-1, 2), st.sampled_from(["a", "b"]))


def reply(body: str, status: int = 200) -> Reply:
    return Reply(status=status, headers=((b"Content-Type", b"application/json"),), body=body.encode())


def step(row: int, answer: Answer, *, index: int = 0, iteration: int = 0, key: str = "get") -> Answered:
    return Answered(StepId(row, iteration, index, key), f"GET /{row}", answer)


def rows(count: int, body: str) -> Iterator[Answered]:
    return (step(row, reply(body % row)) for row in range(1, count + 1))


def report(before: list[Answered], after: list[Answered]) -> DiffReport:
    return report_of(compare_runs(before, after, RULES))


def in_order(ids: set[StepId]) -> list[Answered]:
    ordered = sorted(ids, key=lambda one: (one.iteration, one.row, one.index, one.key))
    return [Answered(one, "", reply("{}")) for one in ordered]


def test_one_changed_field_of_one_reply_is_named() -> None:
    """Of two runs of fifty replies that differ in one field, exactly that field is reported."""
    before = [step(row, reply('{"items": [{"price": 1.10, "name": "a"}]}')) for row in range(50)]
    after = list(before)
    after[17] = step(17, reply('{"items": [{"price": 1.20, "name": "a"}]}'))
    found = report(before, after)
    change = Change("$.items[0].price", "1.10", "1.20")
    assert found.changes == (Compared(before[17].step, "GET /17", (change,)),)
    assert (found.compared, found.changed, found.only_before, found.only_after) == (50, 1, 0, 0)
    assert found.by_where == {"$.items[*].price": 1}
    assert found.differs


def test_two_equal_runs_do_not_differ() -> None:
    """Nothing is reported, and nothing fails, where nothing changed."""
    found = report_of(compare_runs(rows(20, '{"a": %d}'), rows(20, '{"a": %d}'), RULES))
    assert found == DiffReport(compared=20)
    assert not found.differs


@given(st.sets(IDS), st.sets(IDS))
def test_each_step_is_seen_once(before: set[StepId], after: set[StepId]) -> None:
    """Whatever steps two runs have, each is compared or reported missing, in order."""
    seen = list(compare_runs(in_order(before), in_order(after), RULES))
    assert {one.step for one in seen if one.side is Side.BOTH} == before & after
    assert {one.step for one in seen if one.side is Side.BEFORE} == before - after
    assert {one.step for one in seen if one.side is Side.AFTER} == after - before
    assert [one.step for one in seen] == [one.step for one in in_order(before | after)]
    found = report_of(seen)
    assert (found.compared, found.only_before, found.only_after) == (
        len(before & after),
        len(before - after),
        len(after - before),
    )
    assert found.differs is (before != after)


def test_a_missing_step_says_what_the_other_run_has() -> None:
    """A step in one run only is a difference, with what came of it there."""
    found = report([step(1, reply("{}", 404))], [step(2, NoReply("dns", "No such host."))])
    assert [one.changes for one in found.changes] == [
        (Change("missing after", "replied 404", None),),
        (Change("missing before", None, "dns: No such host."),),
    ]
    assert found.by_where == {}


def test_another_request_at_the_same_place_is_another_step() -> None:
    """Replies of different requests are not compared with each other."""
    found = report([step(1, reply("{}"), key="a")], [step(1, reply("{}"), key="b")])
    assert (found.compared, found.only_before, found.only_after) == (0, 1, 1)


def test_a_place_is_counted_once_a_reply() -> None:
    """Ten changed prices in each of three replies are one line: three replies."""
    items = ", ".join(['{"p": %d}'] * 1)
    before = [step(row, reply(f"[{items % 1}, {items % 2}]")) for row in range(3)]
    after = [step(row, reply(f"[{items % 3}, {items % 4}]", 201 if row else 200)) for row in range(3)]
    found = report(before, after)
    assert found.by_where == {"$[*].p": 3, "status": 2}
    assert list(found.by_where) == ["$[*].p", "status"]
    place = found.places["$[*].p"]
    assert (place.step, place.example) == (before[0].step, Change("$[0].p", "1", "3"))


def test_names_that_look_like_indices_stay_apart() -> None:
    """Only indices are generalised, not what stands in quotes."""
    found = report([step(1, reply('{"a[0]": [1]}'))], [step(1, reply('{"a[0]": [2]}'))])
    assert found.by_where == {"$['a[0]'][*]": 1}


def test_the_report_does_not_grow_with_the_rows() -> None:
    """Of ten thousand changed replies the first thousand are kept, and all are counted."""
    found = report_of(compare_runs(rows(10_000, '{"a": %d, "b": 1}'), rows(10_000, '{"a": %d, "b": 2}'), RULES))
    assert (found.changed, len(found.changes)) == (10_000, KEPT_STEPS)
    assert found.by_where == {"$.b": 10_000}
    assert found.changes[0].step.row == 1


def test_places_beyond_the_first_thousand_are_counted_together() -> None:
    """Replies with names of their own don't fill the memory with places."""
    found = report_of(compare_runs(rows(1500, '{"k%d": 1}'), rows(1500, '{"k%d": 2}'), RULES))
    assert len(found.places) == MAX_PLACES + 1
    assert found.by_where[OTHER_PLACES] == 500
    assert next(iter(found.places)) == OTHER_PLACES


def test_very_many_changes_are_not_all_kept() -> None:
    """A thousand replies in which all is new are counted, the changes of the first ones kept."""
    before, after = ({str(n): sign for n in range(900)} for sign in ("1", "2"))
    texts = [str(one).replace("'", '"') for one in (before, after)]
    found = report_of(compare_runs(*([step(row, reply(text)) for row in range(30)] for text in texts), RULES))
    assert found.changed == 30
    assert len(found.changes) == 12


@pytest.mark.parametrize("taken", [1, 7])
def test_no_more_is_read_than_is_asked_for(taken: int) -> None:
    """The runs are read in step: neither is held in memory."""
    read = {"before": 0, "after": 0}

    def counted(name: str) -> Iterator[Answered]:
        for one in rows(1000, '{"a": %d}'):
            read[name] += 1
            yield one

    compared = compare_runs(counted("before"), counted("after"), RULES)
    for _ in range(taken):
        next(compared)
    assert max(read.values()) <= taken + 1
