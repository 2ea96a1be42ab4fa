"""Parts of a plan: together they are the whole of it, each session once and at its time."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jumping_loop import run_jumping

from tui_client.errors import UsageError
from tui_client.formats.har import HarEntry, read_har
from tui_client.replay.controls import Controls
from tui_client.replay.feed import Turn, recorded_turns, turns
from tui_client.replay.journal.plans import plan_json, plan_of_json
from tui_client.replay.pace.arrivals import arrivals, own_times, recorded
from tui_client.replay.pace.pacer import Pacer
from tui_client.replay.plan import MAX_SHARDS, Exhausted, Plan, Recording, Shard, Stage, checked
from tui_client.replay.recording import RecordedSource

PARTS = st.integers(1, 9)
MOST = 60


def parts_of(plan: Plan, of: int) -> list[Plan]:
    return [plan.part(Shard(index, of)) for index in range(1, of + 1)]


async def taken(feed: AsyncGenerator[Turn, None], most: int = MOST) -> list[Turn]:
    found: list[Turn] = []
    async with aclosing(feed):
        async for turn in feed:
            found.append(turn)
            if len(found) == most:
                break
    return found


def dealt(sessions: list[Turn], of: int) -> list[list[Turn]]:
    """As a dealer would deal them, one after the other."""
    return [sessions[first::of] for first in range(of)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    good=st.none() | st.lists(st.booleans(), min_size=1, max_size=6),
    iterations=st.none() | st.integers(1, 25),
    exhausted=st.sampled_from(Exhausted),
    endless=st.booleans(),
    of=PARTS,
)
async def test_every_session_of_a_plan_is_in_one_part(
    tmp_path: Path, good: list[bool] | None, iterations: int | None, exhausted: Exhausted, endless: bool, of: int
) -> None:
    """With rows that can't be used too, however often the file is read; each part knows how many it has."""
    plan = Plan(steps=("a", "b"), setup=("s",), iterations=iterations, on_exhausted=exhausted)
    if good is not None:
        data = tmp_path / "rows.csv"
        data.write_text("\n".join(["n", *("1" if one else "1,2" for one in good), ""]))
        plan = msgspec.structs.replace(plan, data=data)
    elif endless:
        plan = msgspec.structs.replace(plan, duration_s=1.0)
    whole = await taken(turns(plan), MOST * of)
    parts = [await taken(turns(part)) for part in parts_of(plan, of)]
    assert parts == dealt(whole, of)
    rows = None if good is None else len(good)
    known = plan.sessions(rows)
    assert [part.sessions(rows) for part in parts_of(plan, of)] == (
        [None] * of if known is None else [len(range(first, known, of)) for first in range(of)]
    )
    steps = [part.planned_steps(rows) for part in parts_of(plan, of)]
    if known is not None:
        assert sum(one or 0 for one in steps) == of + known * 2


RATES = st.floats(0.1, 50.0)
STAGES = st.lists(st.builds(Stage, st.floats(0.0, 60.0), st.none() | RATES | st.just(0.0)), max_size=3).map(tuple)


@given(rate=st.none() | RATES, stages=STAGES, of=PARTS, first=st.integers(0, 50), steps=st.integers(1, 3))
def test_the_schedules_of_all_parts_are_the_schedule_of_the_whole(
    rate: float | None, stages: tuple[Stage, ...], of: int, first: int, steps: int
) -> None:
    """Started together they send at the rate of the plan; a part that goes on does so behind its own sessions."""
    plan = Plan(steps=("a",) * steps, rate=rate, stages=stages)
    times = arrivals(plan)
    parts = [arrivals(part) for part in parts_of(plan, of)]
    if times is None:
        assert parts == [None] * of
        return
    whole = list(itertools.islice(times, (first + 10) * of))
    for index, part in enumerate(parts_of(plan, of)):
        due = arrivals(part, first)
        assert due is not None
        assert list(itertools.islice(due, 10)) == whole[index::of][first : first + 10]


@given(st.lists(st.floats(0, 1e6), max_size=40), PARTS, st.integers(0, 9))
def test_recorded_sessions_keep_their_times(times: list[float], of: int, first: int) -> None:
    """Silences are cut where they are in the whole recording, not between the sessions of a part."""
    whole = list(recorded(times, 2.0, 5.0))
    for index in range(1, of + 1):
        own = own_times(recorded(times, 2.0, 5.0), Shard(index, of), first)
        assert list(own) == whole[index - 1 :: of][first:]


def test_a_part_waits_for_its_own_sessions_alone() -> None:
    """The second of three, at a rate of 10: 0.1 s, then every 0.3 s; of a recording likewise."""

    async def test() -> None:
        now_s = asyncio.get_running_loop().time()
        shard = Shard(2, 3)
        pacer = Pacer(Plan(steps=("a",), rate=10).part(shard), Controls(), now_s)
        assert [await pacer.due() for _ in range(3)] == pytest.approx([0.1, 0.4, 0.7])
        plan = Plan(recording=Recording(Path("a.har"))).part(shard)
        now_s = asyncio.get_running_loop().time()
        pacer = Pacer(plan, Controls(), now_s, iter([0.0, 2.0, 3.0, 4.0, 7.0]))
        assert [await pacer.due(), await pacer.due()] == pytest.approx([2.0, 7.0])
        assert await pacer.due() is None and pacer.over

    run_jumping(test())


def entries(count: int) -> tuple[HarEntry, ...]:
    entry = {"startedDateTime": "2026-01-01T00:00:00Z", "time": 1, "request": {"method": "GET", "url": "http://a/"}}
    return read_har(msgspec.json.encode({"log": {"version": "1.2", "entries": [entry] * count}})).entries


@pytest.mark.parametrize(("count", "of"), [(0, 2), (1, 3), (7, 3), (9, 3)])
async def test_the_entries_of_a_recording_are_dealt_likewise(count: int, of: int) -> None:
    """Each is a session, numbered as in the whole recording."""
    recording = Recording(Path("a.har"))
    source = RecordedSource(entries(count), recording)
    whole = await taken(recorded_turns(source))
    assert len(whole) == count
    assert [await taken(recorded_turns(source, Shard(index, of))) for index in range(1, of + 1)] == dealt(whole, of)
    plans = parts_of(Plan(recording=recording, setup=("s",)), of)
    assert [plan.recorded_steps(count) for plan in plans] == [1 + len(one) for one in dealt(whole, of)]


@pytest.mark.parametrize("shard", [Shard(0, 2), Shard(3, 2), Shard(-1, 2), Shard(1, 0), Shard(1, MAX_SHARDS + 1)])
def test_a_part_that_there_is_not_is_refused(shard: Shard) -> None:
    """With how they are counted."""
    with pytest.raises(UsageError, match="part"):
        checked(Plan(steps=("a",)).part(shard))


def test_the_last_part_of_most_is_allowed() -> None:
    """Ten thousand runners are the most."""
    plan = Plan(steps=("a",)).part(Shard(MAX_SHARDS, MAX_SHARDS))
    assert checked(plan) == plan


@given(st.text(max_size=9).filter(lambda text: text == text.rstrip()), PARTS, st.data())
def test_a_part_says_which_it_is_and_what_it_is_of(title: str, of: int, data: st.DataObject) -> None:
    """In its title, for all lists; the journal keeps it; and the whole is found again."""
    plan = Plan(title=title.lstrip(), steps=("a",), rate=12.0)
    shard = Shard(data.draw(st.integers(1, of)), of)
    part = plan.part(shard)
    assert part.title.endswith(f"(part {shard.index} of {of})")
    assert plan_of_json(plan_json(part)) == part
    assert (part.whole(), plan.whole()) == (plan, plan)
    assert part.own_rate == 12.0 / of
