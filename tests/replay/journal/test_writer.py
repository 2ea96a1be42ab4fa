"""What is written when, what happens where it can't be, and what a killed process leaves."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
from handmade_journal import exchange_of, failed, passed
from journals import RUN, commits, header, rows, step, store_in

from tui_client.errors import BrokenFile, SaveFailed
from tui_client.model.step import Dropped, StepId, StepResult
from tui_client.replay.journal import opening, scribe
from tui_client.replay.journal.batch import Batch, write
from tui_client.replay.journal.carry import Carry
from tui_client.replay.journal.header import Ended
from tui_client.replay.journal.locks import RunLock
from tui_client.replay.journal.run_row import insert_run
from tui_client.replay.journal.store import RunStore
from tui_client.replay.journal.writer import MOST_WAITING, JournalWriter
from tui_client.replay.record import record_of

CLAIMS = "SELECT iteration, row, step, request, resendable FROM claims"
STEPS = "SELECT iteration, row, step, outcome FROM steps"
COUNTS = "SELECT outcome, steps FROM counts WHERE steps != 0"


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """An empty store."""
    return store_in(tmp_path)


@pytest.fixture
def writer(store: RunStore) -> JournalWriter:
    """A journal that was just made."""
    return store.create(header())


async def done(writer: JournalWriter, result: StepResult, carry: Carry | None = None) -> None:
    """Hand over a result with its figures."""
    await writer.done(result, record_of(result), carry)


async def test_a_claim_is_on_disk_before_claim_returns(writer: JournalWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is sent after a claim can't be forgotten by a crash: another connection sees the claim."""
    disk_is_ready = threading.Event()

    def write_late(connection: sqlite3.Connection, batch: Batch, staged: list[Batch]) -> None:
        assert disk_is_ready.wait(30)
        write(connection, batch, staged)

    monkeypatch.setattr(scribe, "write", write_late)
    async with asyncio.TaskGroup() as group:
        claim = group.create_task(writer.claim(StepId(3, 7, 1, "users/create"), resendable=False))
        for _ in range(100):  # passes of the loop: it has every chance
            await asyncio.sleep(0)
        returned = claim.done()
        disk_is_ready.set()
    assert not returned
    assert rows(writer.path, CLAIMS) == [(7, 3, 1, "users/create", 0)]
    ((at,),) = rows(writer.path, "SELECT claimed_at - unixepoch() FROM claims")
    assert abs(at) < 60
    await writer.close(Ended.FINISHED, 1.0)


def test_every_commit_waits_for_the_disk(tmp_path: Path) -> None:
    """A power cut takes no claim back: the log is synchronised with each commit."""
    connection = opening.make(tmp_path / "one.sqlite")
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


async def test_claims_of_many_tasks_are_one_commit(writer: JournalWriter) -> None:
    """Sessions side by side share the wait for the disk."""
    before = commits(writer.path)
    async with asyncio.TaskGroup() as group:
        for iteration in range(150):
            group.create_task(writer.claim(step(iteration), resendable=True))
    assert commits(writer.path) == before + 1
    assert rows(writer.path, "SELECT count(*) FROM claims") == [(150,)]
    await writer.close(Ended.FINISHED, 1.0)


async def test_a_result_is_committed_with_the_next_claim(writer: JournalWriter) -> None:
    """A session alone waits for the disk once a step."""
    await writer.claim(step(0), resendable=True)
    before = commits(writer.path)
    await done(writer, passed(step(0)))
    await writer.claim(step(1), resendable=True)
    assert commits(writer.path) == before + 1
    assert rows(writer.path, STEPS) == [(0, 0, 0, "passed")]
    assert rows(writer.path, CLAIMS) == [(1, 0, 0, "users/get", 1)]
    await writer.close(Ended.FINISHED, 1.0)


async def test_what_a_claim_follows_is_on_disk_with_it(writer: JournalWriter) -> None:
    """Among many results that can wait, those of the claimed session don't: a resume would do its steps again."""
    async with asyncio.TaskGroup() as group:
        for iteration in range(40):
            group.create_task(writer.claim(step(iteration), resendable=False))
    for iteration in range(40):
        await done(writer, passed(step(iteration)), Carry({"n": iteration}))
    await writer.claim(step(33, 1), resendable=False)
    assert (33, 0, 0, "passed") in rows(writer.path, STEPS)
    assert (33, 0, 0) in rows(writer.path, "SELECT iteration, row, step FROM carry")
    assert (33, 0, 0, "users/get", 0) not in rows(writer.path, CLAIMS)
    await writer.close(Ended.STOPPED, 1.0)
    assert len(rows(writer.path, STEPS)) == len(rows(writer.path, "SELECT * FROM carry")) == 40
    assert rows(writer.path, CLAIMS) == [(33, 0, 1, "users/get", 0)]
    assert rows(writer.path, COUNTS) == [("passed", 40)]


async def test_results_that_nobody_waits_for_are_soon_on_disk(writer: JournalWriter) -> None:
    """However many there are, and though no claim comes after them."""
    for iteration in range(40):
        await done(writer, passed(step(iteration)))
    async with asyncio.timeout(10):
        while len(rows(writer.path, STEPS)) < 40:  # noqa: ASYNC110 - the thread that writes them tells nobody
            await asyncio.sleep(0)
    await writer.close(Ended.FINISHED, 1.0)
    assert rows(writer.path, COUNTS) == [("passed", 40)]


async def test_results_count_once_however_often_a_step_is_done(writer: JournalWriter) -> None:
    """The last result of a step stands, also where the first one is in an earlier commit, and the counts agree."""
    await done(writer, failed(step(0)))
    await done(writer, failed(step(1)))
    await done(writer, StepResult(step(2), Dropped()))
    await writer.claim(step(3), resendable=True)
    await done(writer, passed(step(1)))
    await done(writer, failed(step(3)))
    await done(writer, passed(step(3)))
    await writer.close(Ended.FINISHED, 1.0)
    found = [(0, 0, 0, "failed"), (1, 0, 0, "passed"), (2, 0, 0, "dropped"), (3, 0, 0, "passed")]
    assert rows(writer.path, STEPS) == found
    assert dict(rows(writer.path, COUNTS)) == {"failed": 1, "passed": 2, "dropped": 1}
    assert rows(writer.path, CLAIMS) == []


async def test_many_results_wait_for_a_commit(writer: JournalWriter) -> None:
    """Memory doesn't grow where results come faster than the disk takes them."""
    for iteration in range(MOST_WAITING):
        await done(writer, StepResult(step(iteration), Dropped()))
    assert rows(writer.path, STEPS) == []
    await done(writer, StepResult(step(MOST_WAITING), Dropped()))
    assert len(rows(writer.path, STEPS)) == MOST_WAITING + 1
    await writer.close(Ended.FINISHED, 1.0)


async def test_a_session_that_passed_keeps_no_carry(store: RunStore, writer: JournalWriter) -> None:
    """What nobody will need is deleted; the carries of other sessions and of the setup stay, and can be opened."""
    for one in (step(0, -1), step(0), step(0, 1), step(1), step(0, row=1)):
        await done(writer, passed(one), Carry({"id": one.iteration}))
    await writer.claim(step(2), resendable=True)
    writer.forget(0, 0)
    await writer.close(Ended.FINISHED, 1.0)
    assert rows(writer.path, "SELECT iteration, row, step FROM carry") == [(0, 0, -1), (0, 1, 0), (1, 0, 0)]
    ((secret,),) = rows(writer.path, "SELECT secret FROM carry WHERE iteration = 1")
    assert store.sealer().open_carry(secret) == Carry({"id": 1})


async def test_a_cancelled_claim_is_taken_back_and_no_other(writer: JournalWriter) -> None:
    """A step that was not sent is pending again; those who waited for the same commit go on."""
    async with asyncio.TaskGroup() as group:
        cancelled, other = (group.create_task(writer.claim(step(n), resendable=True)) for n in (0, 1))
        await asyncio.sleep(0)
        cancelled.cancel()
    assert cancelled.cancelled() and not other.cancelled()
    await writer.close(Ended.STOPPED, 1.0)
    assert rows(writer.path, CLAIMS) == [(1, 0, 0, "users/get", 1)]


async def test_a_claim_cancelled_while_it_is_written_is_taken_back(store: RunStore, writer: JournalWriter) -> None:
    """The thread that has the claim already doesn't leave it in doubt."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(writer.claim(step(0), resendable=True))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
    await writer.close(Ended.STOPPED, 1.0)
    assert rows(writer.path, CLAIMS) == []


async def test_the_run_knows_how_long_it_ran_while_it_runs(writer: JournalWriter) -> None:
    """A killed run has its seconds, its data file and its number of steps."""
    writer.planned(12)
    writer.data_seen(100, 5, "ab")
    await writer.claim(step(0), resendable=True)
    ((seconds, *rest),) = rows(
        writer.path, "SELECT seconds, planned, data_size, data_mtime_ns, data_sha256, ended FROM run"
    )
    assert seconds > 0
    assert rest == [12, 100, 5, "ab", ""]
    await writer.close(Ended.FINISHED, 1.0)


async def test_close_leaves_one_file_that_says_how_the_run_ended(store: RunStore, writer: JournalWriter) -> None:
    """The log is merged into the journal, also for later readers; the lock is gone; closing twice is fine."""
    await done(writer, passed(step(0)))
    await writer.close(Ended.BAIL, 2.5, '{"run": "x"}')
    await writer.close(Ended.FINISHED, 9.0)
    assert store.list()[0].state == "interrupted"
    assert [path.name for path in store.folder.iterdir()] == [f"{RUN}.sqlite"]
    assert rows(writer.path, "SELECT ended, seconds, summary FROM run") == [("bail", 2.5, '{"run": "x"}')]
    assert rows(writer.path, STEPS) == [(0, 0, 0, "passed")]


class Cramped:
    """A journal on a disk with room for a few pages only."""

    def __init__(self, folder: Path) -> None:
        store = store_in(folder)
        self.path = folder / f"{RUN}.sqlite"
        self.connection = opening.make(self.path)
        opening.begin(self.connection)
        insert_run(self.connection, header(), store.sealer())
        self.connection.execute("COMMIT")
        (self.pages,) = self.connection.execute("PRAGMA page_count").fetchone()
        self.resize(self.pages + 2)
        self.writer = JournalWriter(self.connection, self.path, store.sealer(), RunLock(folder / f"{RUN}.lock"))
        self.held = asyncio.Event()
        self.heard: list[str] = []
        self.writer.on_held = self._on_held

    def resize(self, pages: int) -> None:
        """Make the disk larger."""
        self.connection.execute(f"PRAGMA max_page_count = {pages}")

    def _on_held(self, text: str) -> None:
        self.heard.append(text)
        self.held.set()


async def test_results_that_were_not_committed_outlive_a_full_disk(tmp_path: Path) -> None:
    """What stood in a transaction that had to be given up is written again, once, and counts once."""
    cramped = Cramped(tmp_path)
    writer = cramped.writer
    for iteration in range(10):
        await done(writer, passed(step(iteration)))
    await asyncio.sleep(0)
    for iteration in range(10, 30):
        await done(writer, passed(step(iteration), exchange_of(b"x" * 50_000)))
    await cramped.held.wait()
    cramped.resize(1000)
    await writer.close(Ended.FINISHED, 1.0)
    assert len(rows(cramped.path, STEPS)) == 30
    assert rows(cramped.path, COUNTS) == [("passed", 30)]


async def test_a_full_disk_holds_the_run_until_there_is_room(tmp_path: Path) -> None:
    """Nothing is claimed and nothing is lost meanwhile; the sentence says what to do."""
    cramped = Cramped(tmp_path)
    writer = cramped.writer
    await done(writer, passed(step(0), exchange_of(b"x" * 50_000)))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(writer.claim(step(1), resendable=True))
        await cramped.held.wait()
        assert writer.held == f"The disk is full: {cramped.path} can't be written. It goes on when there is room."
        assert not task.done()
        await done(writer, passed(step(2)))
        assert rows(cramped.path, STEPS) == rows(cramped.path, CLAIMS) == []
        cramped.resize(1000)
    assert cramped.heard[1:] == [""] and writer.held == ""
    assert rows(cramped.path, CLAIMS) == [(1, 0, 0, "users/get", 1)]
    await writer.close(Ended.FINISHED, 1.0)
    assert rows(cramped.path, STEPS) == [(0, 0, 0, "passed"), (2, 0, 0, "passed")]
    assert rows(cramped.path, COUNTS) == [("passed", 2)]


async def test_a_run_can_be_ended_while_its_disk_is_full(tmp_path: Path) -> None:
    """Claims that wait say that nothing may be sent, results are let go, and the end is still written if it fits."""
    cramped = Cramped(tmp_path)
    writer = cramped.writer
    await done(writer, passed(step(0), exchange_of(b"x" * 50_000)))
    claims = [asyncio.get_running_loop().create_task(writer.claim(step(n), resendable=True)) for n in (1, 2)]
    await cramped.held.wait()
    late = asyncio.get_running_loop().create_task(writer.claim(step(3), resendable=True))
    await asyncio.sleep(0)
    await writer.abandon()
    answers = await asyncio.gather(*claims, late, return_exceptions=True)
    assert [type(answer) for answer in answers] == [SaveFailed] * 3
    await done(writer, passed(step(4)))
    with pytest.raises(SaveFailed):
        await writer.claim(step(5), resendable=True)
    await writer.close(Ended.STOPPED, 3.0)
    assert rows(cramped.path, "SELECT ended, seconds FROM run") == [("stopped", 3.0)]
    assert rows(cramped.path, STEPS) == rows(cramped.path, CLAIMS) == []


async def test_a_run_that_waits_for_room_to_end_can_be_ended(tmp_path: Path) -> None:
    """Closing waits for room on the disk until the user has enough of it; the run can be resumed."""
    cramped = Cramped(tmp_path)
    await done(cramped.writer, passed(step(0), exchange_of(b"x" * 50_000)))
    async with asyncio.TaskGroup() as group:
        closing = group.create_task(cramped.writer.close(Ended.FINISHED, 3.0))
        await cramped.held.wait()
        assert not closing.done()
        await cramped.writer.abandon()
    assert rows(cramped.path, "SELECT ended FROM run") == [("",)]
    RunLock(tmp_path / f"{RUN}.lock").release()


async def test_a_reader_doesnt_keep_a_run_from_ending(store: RunStore, writer: JournalWriter) -> None:
    """A screen that shows the run is no reason to lose its end."""
    with store.reader(RUN) as reader:
        reader.info(running=True)
        await writer.claim(step(0), resendable=True)
        await writer.close(Ended.FINISHED, 2.0)
        assert reader.info(running=False).seconds == 2.0
    again = store.reopen(RUN)
    await again.claim(step(1), resendable=True)
    assert again.path.with_name(f"{RUN}.sqlite-wal").exists()
    await again.close(Ended.FINISHED, 3.0)


async def test_abandoning_does_nothing_while_all_is_well(writer: JournalWriter) -> None:
    """A user who ends a run loses no result to it."""
    await done(writer, passed(step(0)))
    await writer.abandon()
    await writer.claim(step(1), resendable=True)
    await writer.close(Ended.STOPPED, 1.0)
    assert rows(writer.path, STEPS) == [(0, 0, 0, "passed")]


async def test_another_program_that_writes_holds_the_run(writer: JournalWriter) -> None:
    """A statement typed into the journal by hand delays the run; it doesn't break it."""
    other = sqlite3.connect(writer.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    heard: list[str] = []

    def on_held(text: str) -> None:
        heard.append(text)
        if text:
            other.execute("COMMIT")

    writer.on_held = on_held
    await writer.claim(step(0), resendable=True)
    assert heard == [f"Another program holds {writer.path}. It goes on when that lets go.", ""]
    other.close()
    await writer.close(Ended.FINISHED, 1.0)


@pytest.mark.parametrize("replaced", [False, True])
async def test_a_journal_that_is_gone_is_said_at_once(store: RunStore, writer: JournalWriter, replaced: bool) -> None:
    """SQLite would write on into the deleted file: every waiter and every later call is told, and the lock is free."""
    writer.path.unlink()
    if replaced:
        writer.path.write_bytes(b"something else")
    results = [writer.claim(step(n), resendable=True) for n in range(3)]
    answers = await asyncio.gather(*results, return_exceptions=True)
    assert [type(answer) for answer in answers] == [BrokenFile] * 3
    with pytest.raises(BrokenFile):
        await writer.claim(step(9), resendable=True)
    with pytest.raises(BrokenFile):
        await done(writer, passed(step(9)))
    with pytest.raises(BrokenFile):
        await writer.close(Ended.PROBLEM, 1.0)
    assert not store.is_running(RUN)
