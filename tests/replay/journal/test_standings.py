"""A resume goes on exactly where each session stood."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from handmade_journal import HandmadeJournal, failed, passed
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.errors import BrokenFile
from tui_client.http.cookies import Cookie
from tui_client.model.step import Dropped, InDoubt, StepId, StepResult
from tui_client.replay.journal.carry import Carry, Sealer
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.journal.standings import Standing, Standings

SEALER = Sealer(bytes(32))
STEPS = 3
CARRY = Carry({"id": 7}, (Cookie(origin="http://a", name="sid", value="x"),), {"name": "users/get"})
CARRIED = {"captured": {"id": 7}, "cookies": CARRY.cookies, "lost": {"name": "users/get"}}


def _step(iteration: int, row: int, index: int) -> StepId:
    return StepId(row, iteration, index, f"step-{index}")


@pytest.fixture
def journal(tmp_path: Path) -> HandmadeJournal:
    return HandmadeJournal(tmp_path / "run.sqlite")


def _taken(journal: HandmadeJournal, *places: tuple[int, int], sealer: Sealer = SEALER) -> list[Standing | None]:
    with JournalReader(journal.path) as reader:
        standings = Standings(reader, sealer, STEPS)
        return [standings.take(*place) for place in places]


def test_an_untouched_session_has_no_standing(journal: HandmadeJournal) -> None:
    """What the dead run never came to is done as in a new run."""
    assert _taken(journal, (0, 1)) == [None]
    journal.add(passed(_step(0, 2, 0)), passed(_step(1, 1, 0)))
    assert _taken(journal, (0, 1), (0, 3), (1, 2)) == [None, None, None]


def test_a_session_goes_on_after_its_last_result(journal: HandmadeJournal) -> None:
    """Steps with a result are not sent again, and the next one has all that they captured."""
    journal.add(passed(_step(0, 1, 0)), failed(_step(0, 1, 1)), *(passed(_step(0, 2, index)) for index in range(3)))
    journal.carry(_step(0, 1, 0), SEALER.seal_carry(Carry({"id": 6})))
    journal.carry(_step(0, 1, 1), SEALER.seal_carry(CARRY))
    assert _taken(journal, (0, 1), (0, 2)) == [Standing(first=2, **CARRIED), Standing(first=3)]


def test_a_step_that_carried_nothing_new_leaves_the_carry_before_it(journal: HandmadeJournal) -> None:
    """A carry holds until the next one."""
    journal.add(passed(_step(0, 1, 0)), passed(_step(0, 1, 1)))
    journal.carry(_step(0, 1, 0), SEALER.seal_carry(CARRY))
    assert _taken(journal, (0, 1)) == [Standing(first=2, **CARRIED)]


@pytest.mark.parametrize("done", [0, 1])
@pytest.mark.parametrize("resendable", [True, False])
def test_a_claim_without_a_result_says_what_it_is(journal: HandmadeJournal, resendable: bool, done: int) -> None:
    """A claimed GET is sent again, a claimed POST is in doubt."""
    journal.add(*(passed(_step(0, 1, index)) for index in range(done)))
    journal.claim(_step(0, 1, done), resendable=resendable)
    assert _taken(journal, (0, 1)) == [Standing(first=done, claimed=not resendable, resend=resendable)]


def test_a_step_found_in_doubt_is_not_sent_at_the_next_resume(journal: HandmadeJournal) -> None:
    """In doubt once is a result: the session goes on behind it."""
    journal.add(StepResult(_step(0, 1, 0), InDoubt()))
    assert _taken(journal, (0, 1)) == [Standing(first=1)]


def test_a_dropped_session_stays_dropped(journal: HandmadeJournal) -> None:
    """A resume does not send what the plan said to drop; `--only dropped` does."""
    journal.add(StepResult(_step(0, 1, 0), Dropped()))
    assert _taken(journal, (0, 1)) == [Standing(first=STEPS)]


def test_the_setup_is_no_session(journal: HandmadeJournal) -> None:
    """The setup is sent again at a resume, so neither its results nor its claims hold a session up."""
    journal.add(passed(StepId(0, 0, -2, "auth/login")))
    journal.claim(StepId(0, 0, -1, "auth/more"))
    journal.carry(StepId(0, 0, -2, "auth/login"), SEALER.seal_carry(CARRY))
    assert _taken(journal, (0, 0)) == [None]
    journal.add(passed(_step(0, 0, 0)))
    assert _taken(journal, (0, 0)) == [Standing(first=1)]


def test_without_the_key_the_next_step_is_in_doubt(journal: HandmadeJournal) -> None:
    """A row whose captures can't be read is not sent with wrong ones; a row that is done needs none."""
    journal.add(passed(_step(0, 1, 0)), *(passed(_step(0, 2, index)) for index in range(3)))
    for row in (1, 2):
        journal.carry(_step(0, row, 0), SEALER.seal_carry(CARRY))
    assert _taken(journal, (0, 1), (0, 2), sealer=Sealer(os.urandom(32))) == [
        Standing(first=1, claimed=True, shut=True),
        Standing(first=3),
    ]


def test_a_part_done_again_has_only_its_sessions(tmp_path: Path) -> None:
    """Of `--only failed`, the other sessions come back as done, and each of its own begins at its first failed step."""
    journal = HandmadeJournal(tmp_path / "run.sqlite", only_kind="failed")
    journal.select(0, 2, 0)
    journal.select(0, 3, 1)
    journal.select(0, 4, 1)
    journal.select(0, 5, 1)
    for row in (3, 4):
        journal.carry(_step(0, row, 0), SEALER.seal_carry(CARRY))
    journal.add(passed(_step(0, 4, 1)))
    journal.claim(_step(0, 5, 1))
    assert _taken(journal, *((0, row) for row in range(1, 7))) == [
        Standing(first=STEPS),
        Standing(first=0),
        Standing(first=1, **CARRIED),
        Standing(first=2, **CARRIED),
        Standing(first=1, claimed=True),
        Standing(first=STEPS),
    ]


def test_sessions_are_asked_for_in_order(journal: HandmadeJournal) -> None:
    """Asked out of order, the answer could be "untouched" for a session that was done; so there is none."""
    with JournalReader(journal.path) as reader:
        standings = Standings(reader, SEALER, STEPS)
        standings.take(1, 1)
        for place in ((1, 1), (0, 2)):
            with pytest.raises(ValueError):
                standings.take(*place)


def test_a_damaged_journal_is_told(journal: HandmadeJournal) -> None:
    """A resume that can't know what was done does nothing."""
    journal.connection.execute("DROP TABLE claims")
    with JournalReader(journal.path) as reader, pytest.raises(BrokenFile):
        Standings(reader, SEALER, STEPS)


_sessions = st.dictionaries(
    st.tuples(st.integers(0, 40), st.integers(1, 40)),
    st.tuples(st.integers(0, STEPS), st.sampled_from([None, True, False])),
    max_size=30,
)


@settings(max_examples=20, deadline=None)
@given(before=_sessions, more=st.booleans())
def test_every_session_of_a_long_run_is_told_right(
    tmp_path_factory: pytest.TempPathFactory, before: dict[tuple[int, int], tuple[int, Any]], more: bool
) -> None:
    """Over many pages, and while the resumed run writes on, each session stands where the dead run left it."""
    journal = HandmadeJournal(tmp_path_factory.mktemp("run") / "run.sqlite")
    if more:
        before = before | {(iteration, 50): (STEPS, None) for iteration in range(450)}
    journal.add(*(passed(_step(*place, index)) for place, (done, _) in before.items() for index in range(done)))
    for place, (done, claimed) in before.items():
        if claimed is not None and done < STEPS:
            journal.claim(_step(*place, done), resendable=claimed)
    asked = sorted({*before, *((iteration, row) for iteration in range(0, 450, 9) for row in (1, 50, 51))})
    with JournalReader(journal.path) as reader:
        standings = Standings(reader, SEALER, STEPS)
        for place in asked:
            done, claimed = before.get(place, (0, None))
            expected = None
            if done == STEPS:
                expected = Standing(first=STEPS)
            elif done or claimed is not None:
                expected = Standing(first=done, claimed=claimed is False, resend=claimed is True)
            assert standings.take(*place) == expected
            journal.connection.execute("DELETE FROM claims WHERE (iteration, row) = (?, ?)", place)
            journal.add(*(passed(_step(*place, index)) for index in range(done, STEPS)))
