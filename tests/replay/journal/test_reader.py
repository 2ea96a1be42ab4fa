"""A journal tells all of its run, also while it is written, and says so when it can't."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from pathlib import Path

import pytest
from handmade_journal import STARTED, HandmadeJournal, exchange_of, failed, passed, refused
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import BrokenFile
from tui_client.model.step import Dropped, InDoubt, Skipped, StepId, StepResult
from tui_client.replay.journal.carry import Sealer
from tui_client.replay.journal.codec import result_of, step_row
from tui_client.replay.journal.filter import Filter
from tui_client.replay.journal.header import Ended, Only
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.journal.schema import TABLES, VERSION
from tui_client.replay.plan import Plan
from tui_client.replay.record import OutcomeKind, Recorded, record_of
from tui_client.replay.report import Report

SEALER = Sealer(bytes(32))


def _step(iteration: int, row: int = 0, index: int = 0, key: str = "users/get") -> StepId:
    return StepId(row, iteration, index, key)


def _kinds() -> list[StepResult]:
    """One of each kind, in the order of their keys."""
    return [
        passed(_step(0, 0, -1, "auth/login")),
        passed(_step(0, 1), exchange_of(total_ms=5.0)),
        failed(_step(0, 2), exchange_of(status=500, total_ms=50.0)),
        refused(_step(0, 3)),
        StepResult(_step(0, 3, 1, "users/create"), Skipped("users/get")),
        StepResult(_step(1, 1), Dropped()),
        StepResult(_step(1, 2, 0, "users/create"), InDoubt()),
        passed(_step(1, 3), exchange_of(total_ms=500.0), due_s=0.5, late=True),
    ]


@pytest.fixture
def journal(tmp_path: Path) -> HandmadeJournal:
    return HandmadeJournal(tmp_path / "20261122-093012-a1b2.sqlite")


def _records(journal: HandmadeJournal, where: Filter | None = None) -> list[Recorded]:
    with JournalReader(journal.path) as reader:
        return list(reader.records(where))


def test_records_and_results_come_in_order(journal: HandmadeJournal) -> None:
    """Each step once, by iteration, row and step, whatever the order in which they came."""
    results = _kinds()
    journal.add(*reversed(results))
    assert _records(journal) == [record_of(one) for one in results]
    with JournalReader(journal.path) as reader:
        assert list(reader.results()) == [result_of(step_row(one, record_of(one))) for one in results]


def test_every_page_of_a_long_journal_is_read(journal: HandmadeJournal) -> None:
    """Reading goes on over the end of a page, in both directions, with a filter and with a limit."""
    wanted = []
    for iteration in range(30):
        rows = [passed(_step(iteration, row)) if row % 3 else failed(_step(iteration, row)) for row in range(1, 151)]
        journal.add(*rows)
        wanted += [record_of(one) for one in rows]
    assert _records(journal) == wanted
    assert _records(journal, Filter(newest=True)) == wanted[::-1]
    bad = [one for one in wanted if one.outcome is OutcomeKind.FAILED]
    assert _records(journal, Filter(outcomes=(OutcomeKind.FAILED,))) == bad
    assert _records(journal, Filter(outcomes=(OutcomeKind.FAILED,), limit=1200, newest=True)) == bad[::-1][:1200]
    with JournalReader(journal.path) as reader:
        assert [record_of(one).step for one in reader.results(Filter(limit=100))] == [one.step for one in wanted[:100]]


_filters = st.builds(
    lambda outcomes, statuses, errors, requests, service_ms, limit, newest: Filter(
        outcomes=outcomes,
        statuses=statuses,
        errors=errors,
        requests=requests,
        service_ms=service_ms,
        limit=limit,
        newest=newest,
    ),
    st.lists(st.sampled_from(OutcomeKind), max_size=2).map(tuple),
    st.lists(st.sampled_from([200, 500]), max_size=2).map(tuple),
    st.sampled_from([(), ("connect.refused",), ("dns",)]),
    st.lists(st.sampled_from(["users/get", "users/create", "auth/login"]), max_size=2).map(tuple),
    st.sampled_from([None, (0.0, 5.0), (5.0, 50.0), (12.0, 1000.0)]),
    st.none() | st.integers(0, 9),
    st.booleans(),
)


def _fits(record: Recorded, where: Filter) -> bool:
    return (
        (not where.outcomes or record.outcome in where.outcomes)
        and (not where.statuses or record.status in where.statuses)
        and (not where.errors or record.error in where.errors)
        and (not where.requests or record.step.key in where.requests)
        and (
            where.service_ms is None
            or (
                record.status is not None
                and record.service_ms is not None
                and where.service_ms[0] <= record.service_ms < where.service_ms[1]
            )
        )
    )


@pytest.fixture(scope="module")
def of_all_kinds(tmp_path_factory: pytest.TempPathFactory) -> HandmadeJournal:
    journal = HandmadeJournal(tmp_path_factory.mktemp("kinds") / "run.sqlite")
    journal.add(*_kinds())
    return journal


@given(where=_filters)
def test_a_filter_gives_what_fits_all_of_it(of_all_kinds: HandmadeJournal, where: Filter) -> None:
    """From a bar of a histogram or an error kind to the very steps behind it."""
    fitting = [one for one in map(record_of, _kinds()) if _fits(one, where)]
    assert _records(of_all_kinds, where) == (fitting[::-1] if where.newest else fitting)[: where.limit]


def test_one_step_is_found_by_its_id(journal: HandmadeJournal) -> None:
    """A row of a report leads to the whole exchange; a step without a result leads nowhere."""
    journal.add(*_kinds())
    journal.claim(_step(2))
    with JournalReader(journal.path) as reader:
        found = reader.result(_step(0, 2))
        assert found is not None and found.exchange is not None and found.exchange.response is not None
        assert found.exchange.response.body.read() == b'{"id": 7}'
        assert reader.result(_step(2)) is None


def test_a_fold_is_the_report_of_the_live_run(journal: HandmadeJournal) -> None:
    """The figures made from a journal are those that the run itself had."""
    live, later = Report(), Report()
    for result in _kinds():
        live.count(record_of(result))
    journal.add(*_kinds())
    with JournalReader(journal.path) as reader:
        reader.fold(later)
    assert later.summary(2.0) == live.summary(2.0)


def test_in_doubt_are_claims_and_what_was_found_so(journal: HandmadeJournal) -> None:
    """Nothing that may have been sent is left out: what the dead run had claimed, then what a resume left alone."""
    with JournalReader(journal.path) as reader:
        assert list(reader.in_doubt()) == []
        journal.add(*_kinds())
        journal.claim(_step(4, 2, 1))
        journal.claim(_step(4, 1), resendable=True)
        assert list(reader.in_doubt()) == [_step(4, 1), _step(4, 2, 1), _step(1, 2, 0, "users/create")]


def test_info_counts_without_looking_at_steps(journal: HandmadeJournal) -> None:
    """The list of runs comes from the header and the counts, however long the run was."""
    journal.add(*_kinds())
    journal.claim(_step(4))
    journal.connection.execute("DROP TABLE steps")
    with JournalReader(journal.path) as reader:
        info = reader.info(running=False)
        alive = reader.info(running=True)
    assert (info.state, info.done, info.passed, info.failed, info.errors) == ("interrupted", 5, 3, 1, 1)
    assert (info.skipped, info.dropped, info.in_doubt, info.planned) == (1, 1, 2, 10)
    assert (info.run, info.title, info.environment) == ("20261122-093012-a1b2", "batches/nightly", "local")
    assert (info.workspace, info.started, info.seconds, info.ended) == ("/home/me/shop", STARTED, 2.5, Ended.NOT)
    assert info.bytes >= journal.path.stat().st_size
    assert (alive.state, alive.in_doubt) == ("running", 1)


@pytest.mark.parametrize("ended", Ended)
def test_all_but_a_finished_run_can_go_on(tmp_path: Path, ended: Ended) -> None:
    """A run that stopped for whatever reason is listed as interrupted, so that one can resume it."""
    path = HandmadeJournal(tmp_path / "run.sqlite", ended=ended.value).path
    with JournalReader(path) as reader:
        info = reader.info(running=False)
    assert (info.state, info.ended) == ("done" if ended is Ended.FINISHED else "interrupted", ended)


def test_the_header_comes_back(tmp_path: Path) -> None:
    """A resume has the plan of the run, the variables of its command line, and whence it came."""
    plan = Plan(steps=("users/get",), data=Path("/data/users.csv"), concurrency=16)
    sealed = SEALER.seal_given({"token": "canary"})
    path = HandmadeJournal(
        tmp_path / "run.sqlite", plan, given=sealed, root="first", parent="second", only_kind="failed"
    ).path
    assert b"canary" not in path.read_bytes() + path.with_name("run.sqlite-wal").read_bytes()
    with JournalReader(path) as reader:
        header = reader.header(SEALER)
        lost = reader.header(Sealer(os.urandom(32)))
        assert reader.given(SEALER) == {"token": "canary"}
        assert reader.given(Sealer(os.urandom(32))) is None
    assert header.plan == Plan(
        steps=("users/get",), data=Path("/data/users.csv"), concurrency=16, given={"token": "canary"}
    )
    assert (header.run, header.root, header.parent, header.only) == (
        "20261122-093012-a1b2",
        "first",
        "second",
        Only.FAILED,
    )
    assert (header.workspace, header.started, header.tags) == (
        Path("/home/me/shop"),
        STARTED,
        {"users/get": ("smoke",)},
    )
    assert lost.plan == plan


def test_a_run_without_given_variables_needs_no_key(journal: HandmadeJournal) -> None:
    """Whose key is gone has lost nothing where nothing was sealed."""
    with JournalReader(journal.path) as reader:
        assert reader.given(Sealer(os.urandom(32))) == {}


async def test_a_journal_is_read_while_it_is_written(journal: HandmadeJournal) -> None:
    """A screen follows a run: what is committed is seen, from another thread too, and the writer never waits."""
    journal.add(*(passed(_step(iteration)) for iteration in range(3000)))
    journal.connection.execute("PRAGMA busy_timeout = 0")
    with JournalReader(journal.path) as reader:
        records = reader.records()
        seen = [await asyncio.to_thread(next, records) for _ in range(10)]
        journal.add(passed(_step(3000)))
        assert journal.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        assert len(seen) + len(await asyncio.to_thread(list, records)) == 3001


def test_a_reader_changes_nothing_and_leaves_nothing(journal: HandmadeJournal) -> None:
    """Looking at a run neither writes its journal nor litters its folder."""
    journal.add(*_kinds())
    journal.connection.close()
    before = journal.path.read_bytes()
    with JournalReader(journal.path) as reader:
        list(reader.results())
        with pytest.raises(BrokenFile):
            reader.file.select("DELETE FROM steps")
    assert journal.path.read_bytes() == before
    assert list(journal.path.parent.iterdir()) == [journal.path]


def _broken(path: Path) -> str:
    with pytest.raises(BrokenFile) as caught, JournalReader(path) as reader:
        reader.info(running=False)
        list(reader.results())
    assert caught.value.path == path
    return caught.value.reason


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + bytes(100)])
def test_what_is_no_journal_is_told(tmp_path: Path, content: bytes) -> None:
    """Any file in the folder of runs is listed as unreadable, not a crash; one that is gone too."""
    path = tmp_path / "run.sqlite"
    assert _broken(path) == "there is no such journal"
    path.write_bytes(content)
    assert "journal" in _broken(path)


def test_another_program_s_database_is_told(tmp_path: Path) -> None:
    """The tables alone don't make it ours."""
    path = tmp_path / "run.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(TABLES)
    connection.close()
    assert _broken(path) == "this is no journal of tui-client."


def test_a_newer_journal_says_what_to_do(tmp_path: Path) -> None:
    """The sentence names the version that made it; nothing of it is guessed at."""
    journal = HandmadeJournal(tmp_path / "run.sqlite", program="9.1")
    journal.connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    said = "Version 9.1 of tui-client made this journal. It is newer than this one: update tui-client to read it."
    assert _broken(journal.path) == said
    journal.connection.execute("DROP TABLE run")
    assert _broken(journal.path).startswith("Another version of tui-client made this journal.")


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM run",
        "DROP TABLE steps",
        "UPDATE run SET ended = 'maybe'",
        "UPDATE run SET started = 'yesterday'",
        "UPDATE steps SET outcome = 'maybe'",
        "UPDATE steps SET detail = '{'",
        "UPDATE steps SET detail = ''",
    ],
)
def test_damage_is_told(journal: HandmadeJournal, damage: str) -> None:
    """What was never written raises, with the path of the journal."""
    journal.add(passed(_step(0)))
    journal.connection.execute(damage)
    _broken(journal.path)


@pytest.mark.parametrize(
    "damage", ["UPDATE run SET plan = '{'", "UPDATE run SET tags = '[]'", "UPDATE run SET only_kind = 'x'"]
)
def test_a_damaged_header_is_told(journal: HandmadeJournal, damage: str) -> None:
    """A run whose plan can't be read can't be resumed, and says why."""
    journal.connection.execute(damage)
    with pytest.raises(BrokenFile), JournalReader(journal.path) as reader:
        reader.header(SEALER)


def test_a_cut_file_is_told(journal: HandmadeJournal) -> None:
    """A journal that lost its end in a crash of the disk is BrokenFile at the latest where the end is missing."""
    journal.add(*(passed(_step(iteration)) for iteration in range(200)))
    journal.connection.close()
    data = journal.path.read_bytes()
    journal.path.write_bytes(data[: len(data) // 2 // 4096 * 4096])
    _broken(journal.path)
