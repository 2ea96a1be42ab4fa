"""Journals of parts become the journal of one run: nothing is lost, nothing counted twice, no figure is another."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from handmade_journal import STARTED, HandmadeJournal, exchange_of, failed, passed, refused
from hypothesis import given, settings
from hypothesis import strategies as st
from journals import rows
from run_parts import KEYS, PLAN, SEALER, Made, step

from tui_client.model.step import Dropped, InDoubt, Skipped, StepId, StepResult
from tui_client.replay.journal.carry import Carry, Sealer
from tui_client.replay.journal.header import Ended
from tui_client.replay.journal.merging.merge import merged_header
from tui_client.replay.journal.merging.parts import missing_of, read_parts
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.journal.standings import Standings
from tui_client.replay.reports.journalled import summary_of
from tui_client.replay.summary import to_json

# What floats add up without rounding, so that moving it by a start leaves the differences as they were.
TICKS = st.integers(0, 64 * 600).map(lambda ticks: ticks / 64)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path)


@st.composite
def outcomes(draw: st.DrawFn, place: StepId) -> StepResult:
    """Any result of a step, with times that are exact."""
    finished_s = draw(TICKS)
    due_s = draw(st.none() | TICKS)
    times = {"finished_s": finished_s, "due_s": due_s, "attempts": draw(st.integers(0, 3)), "late": draw(st.booleans())}
    ms = draw(st.floats(0.01, 5000.0))
    status = draw(st.sampled_from([200, 201, 404, 500]))
    made = [
        passed(place, exchange_of(b"{}", status=status, total_ms=ms), **times),
        failed(place, exchange_of(b"{}", status=status, total_ms=ms), **times),
        refused(place, **times),
        *(StepResult(place, other, finished_s, place.key, due_s) for other in (Skipped("a"), Dropped(), InDoubt())),
    ]
    return draw(st.sampled_from(made))


@st.composite
def splits(draw: st.DrawFn) -> tuple[int, list[float], list[tuple[int, StepResult]]]:
    """How many parts, when each began, and results, each with the part that it lies in, counted from 0."""
    of = draw(st.integers(1, 4))
    later = draw(st.lists(TICKS, min_size=of, max_size=of))
    sessions = draw(st.integers(0, 8))
    found: list[tuple[int, StepResult]] = []
    for row in range(1, sessions + 1):
        part = draw(st.integers(0, of - 1))
        for index, key in enumerate(KEYS):
            found.append((part, draw(outcomes(step(row, index, key)))))
    for part in range(of):
        found.append((part, draw(outcomes(step(0, -2, "auth/login")))))
    return of, later, found


def as_of_one(result: StepResult, part: int, later_s: float) -> StepResult:
    """The same in a run that has it all: counted from the first start, the setup of each part below the other."""
    place = result.step
    index = place.index - 2 * part if place.index < 0 else place.index
    return msgspec.structs.replace(
        result,
        step=StepId(place.row, place.iteration, index, place.key),
        finished_s=result.finished_s + later_s,
        due_s=None if result.due_s is None else result.due_s + later_s,
    )


@settings(deadline=None, max_examples=40)
@given(splits())
def test_figures_are_those_of_one_run_over_the_same_results(
    split: tuple[int, list[float], list[tuple[int, StepResult]]],
) -> None:
    """However the results lie in however many journals: every count, percentile, group and verdict."""
    of, later, results = split
    later = [one - min(later) for one in later]
    with TemporaryDirectory() as name:
        made = Made(Path(name))
        for part in range(of):
            own = [result for place, result in results if place == part]
            with made.part(part + 1, of, *own, later_s=later[part], seconds=601.0, planned=len(own)):
                pass
        summary = made.merge()
        one = HandmadeJournal(Path(name) / "one.sqlite", PLAN, ended="finished", seconds=601.0 + max(later))
        with closing(one.connection), JournalReader(one.path) as reader:
            one.add(*(as_of_one(result, part, later[part]) for part, result in results))
            one.connection.execute("UPDATE run SET planned = ?", (len(results),))
            assert made.header is not None
            header = msgspec.structs.replace(reader.header(SEALER), run=made.header.run)
            assert to_json(summary) == to_json(summary_of(reader, header, running=False))
            same = "SELECT * FROM steps ORDER BY iteration, row, step"
            assert rows(made.target, same) == rows(one.path, same)
            counts = "SELECT * FROM counts ORDER BY outcome"
            assert rows(made.target, counts) == rows(one.path, counts)
        ((kept,),) = rows(made.target, "SELECT summary FROM run")
        assert msgspec.json.decode(kept) == msgspec.json.decode(msgspec.json.encode(to_json(summary)))


def test_the_whole_says_what_the_parts_say(made: Made) -> None:
    """Started with the first, ended with the last; planned and tags of all; the plan without a part, its own name."""
    with (
        made.part(1, 2, passed(step(1)), later_s=3, seconds=10.0, planned=4, tags='{"users/get": ["smoke"]}'),
        made.part(2, 2, passed(step(2)), later_s=1, seconds=5.0, planned=3, tags='{"users/list": ["slow"]}'),
    ):
        made.merge()
    with JournalReader(made.target) as reader:
        header, info = reader.header(SEALER), reader.info(running=False)
    assert header == made.header
    assert (header.plan, header.started, info.title) == (PLAN, STARTED + timedelta(seconds=1), "batches/nightly")
    assert header.run == header.root and header.run not in ("run-1", "run-2") and not header.parent
    assert header.tags == {"users/get": ("smoke",), "users/list": ("slow",)}
    assert (info.planned, info.seconds, info.state, info.done) == (7, 12.0, "done", 2)
    assert rows(made.target, "SELECT row, finished_s FROM steps ORDER BY row") == [(1, 3.0), (2, 1.0)]
    assert (rows(made.target, "PRAGMA journal_mode"), made.target.stat().st_mode & 0o777) == ([("wal",)], 0o600)


@pytest.mark.parametrize("of", [1, 9, 10, 11, 23])
def test_any_number_of_parts_is_merged(made: Made, of: int) -> None:
    """Also more than SQLite opens at once; their sessions come in order."""
    for index in range(1, of + 1):
        own = [passed(step(row)) for row in range(index, 50, of)]
        with made.part(index, of, *own, passed(step(0, -1, "auth/token")), planned=len(own) + 1):
            pass
    assert made.merge().passed == 49 + of
    found = rows(made.target, "SELECT row FROM steps WHERE step >= 0")
    assert found == [(row,) for row in range(1, 50)]
    setup = rows(made.target, "SELECT step FROM steps WHERE step < 0 ORDER BY step DESC")
    assert setup == [(-1 - 2 * part,) for part in range(of)]


def test_how_it_ended_is_how_the_first_unfinished_part_ended(made: Made) -> None:
    """A part that died leaves the whole interrupted, and what it never counted is unknown."""
    with made.part(1, 3), made.part(2, 3, ended="", planned=None), made.part(3, 3, ended="bail"):
        summary = made.merge()
    assert (summary.ended, summary.interrupted, summary.planned) == ("", True, None)
    assert (made.info().state, made.info().ended) == ("interrupted", Ended.NOT)


def test_claims_of_a_part_that_died_are_in_doubt(made: Made) -> None:
    """With the parts' captures, so that a resume goes on from there."""
    with made.part(1, 2, passed(step(1)), passed(step(3)), ended="") as one, made.part(2, 2, passed(step(2))):
        one.claim(step(1, 1, KEYS[1]))
        one.claim(step(3, 1, KEYS[1]), resendable=True)
        one.carry(step(1), SEALER.seal_carry(Carry({"token": "t-1"})))
        summary = made.merge()
    assert (summary.in_doubt, made.info().in_doubt) == (1, 2)
    with JournalReader(made.target) as reader:
        assert list(reader.in_doubt()) == [step(1, 1, KEYS[1]), step(3, 1, KEYS[1])]
        standings = Standings(reader, SEALER, 2)
        first, second, third = (standings.take(0, row) for row in (1, 2, 3))
    assert first is not None and (first.first, first.claimed, first.captured) == (1, True, {"token": "t-1"})
    assert second is not None and (second.first, second.claimed) == (1, False)
    assert third is not None and (third.first, third.resend) == (1, True)


def test_the_busiest_machine_is_the_one_that_counts(made: Made) -> None:
    """One part that could not send fast enough makes the figures of all doubtful."""
    loads = [(0.2, 1.0, False), (0.99, 80.0, True), (1.0, 2.0, False)]
    with ExitStack() as opened:
        for index, (cpu, lag_ms, saturated) in enumerate(loads, start=1):
            load = {"cpu": cpu, "lag_ms": lag_ms, "saturated": saturated}
            summary = msgspec.json.encode({"generator": load}).decode()
            opened.enter_context(made.part(index, 3, summary=summary))
        found = made.merge().generator
    assert (found.cpu, found.lag_ms, found.saturated) == loads[1]


def test_variables_of_the_command_line_stay_sealed(made: Made) -> None:
    """This user's key opens them in the whole; another one's are kept for whoever has it."""
    sealed = SEALER.seal_given({"token": "t"})
    with made.part(1, 2, given=sealed), made.part(2, 2, given=SEALER.seal_given({"token": "t"})):
        made.merge()
        with JournalReader(made.target) as reader:
            assert reader.header(SEALER).plan.given == {"token": "t"}
        made.target.unlink()
        stranger = Sealer(b"s" * 32)
        made.merge(sealer=stranger)
        with JournalReader(made.target) as reader:
            assert (reader.given(stranger), reader.given(SEALER)) == (None, {"token": "t"})


def test_missing_parts_are_known(made: Made) -> None:
    """They are left out where that is allowed."""
    with made.part(2, 4, passed(step(2)), planned=1), made.part(4, 4, passed(step(4)), planned=1):
        parts = read_parts(made.paths(), SEALER, allow_missing=True)
        assert missing_of(parts) == (1, 3)
        assert made.merge(allow_missing=True).planned == 2


def test_the_parts_are_left_as_they_are(made: Made) -> None:
    """They may be merged again."""
    with made.part(1, 2, passed(step(1))), made.part(2, 2, passed(step(2))):
        pass
    before = {path.name: path.read_bytes() for path in made.folder.iterdir()}
    made.merge()
    made.target.unlink()
    assert {path.name: path.read_bytes() for path in made.folder.iterdir()} == before


def test_names_of_merged_runs_sort_by_time(made: Made) -> None:
    """The newest is the last one, as with other runs."""
    with made.part(1, 1) as part:
        parts = read_parts([part.path], SEALER, allow_missing=False)
    names = [merged_header(parts).run for _ in range(3)]
    assert len({*names}) == 3
    assert all(one[:19] <= other[:19] for one, other in pairwise(names))
    assert datetime.strptime(names[0][:15], "%Y%m%d-%H%M%S").year >= 2026
