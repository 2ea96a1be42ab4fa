"""The folder of runs: what is made, who may run it, what is found and what is left out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from handmade_journal import HandmadeJournal, failed, passed, refused
from journals import RUN, header, rows, step, store_in

from tui_client.errors import BrokenFile, NotFound, TuiClientError, UsageError
from tui_client.model.step import Dropped, InDoubt, Skipped, StepId, StepResult
from tui_client.replay.journal.carry import Carry
from tui_client.replay.journal.header import Ended, Only
from tui_client.replay.journal.schema import VERSION
from tui_client.replay.journal.store import RunStore
from tui_client.replay.plan import Plan
from tui_client.replay.record import record_of

CHILD = "20261123-080000-c3d4"
SELECTED = "SELECT iteration, row, step FROM selected"
CARRIED = "SELECT iteration, row, step, secret FROM carry"


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """An empty store."""
    return store_in(tmp_path)


@pytest.fixture
def open_umask() -> Iterator[None]:
    """A user whose new files all may read and write."""
    before = os.umask(0)
    yield
    os.umask(before)


async def finished(store: RunStore, run: str, ended: Ended = Ended.FINISHED) -> None:
    """A run of one step."""
    writer = store.create(header(run))
    result = passed(step(0))
    await writer.done(result, record_of(result))
    await writer.close(ended, 1.5)


@pytest.mark.usefixtures("open_umask")
async def test_only_their_owner_may_read_the_files_of_a_run(store: RunStore) -> None:
    """Replies may hold anything: journal, log, index and lock are closed to others, whatever the umask says."""
    writer = store.create(header())
    await writer.claim(step(0), resendable=True)
    modes = {path.name.removeprefix(RUN): path.stat().st_mode & 0o777 for path in store.folder.iterdir()}
    assert modes == dict.fromkeys((".sqlite", ".sqlite-wal", ".sqlite-shm", ".lock"), 0o600)
    assert store.folder.stat().st_mode & 0o777 == 0o700
    await writer.close(Ended.FINISHED, 1.0)


async def test_a_header_comes_back_and_its_variables_are_in_no_file(store: RunStore) -> None:
    """A run goes on as it began; what was given on the command line may be secret, so it is kept encrypted."""
    plan = Plan(steps=("a", "b"), given={"token": "canary-5f3a"}, data=Path("/data/users.csv"), concurrency=8)
    made = header(plan=plan, tags={"a": ("smoke",)}, root="20261101-000000-0000")
    writer = store.create(made)
    assert all(b"canary" not in path.read_bytes() for path in store.folder.iterdir())
    await writer.close(Ended.STOPPED, 1.0)
    assert store.header(RUN) == made
    assert all(b"canary" not in path.read_bytes() for path in store.folder.iterdir())


async def test_a_second_runner_is_refused(store: RunStore) -> None:
    """No step is sent twice by two processes that run the same journal; the error names the first one."""
    writer = store.create(header())
    with pytest.raises(UsageError, match=rf"^{RUN} is being run by process {os.getpid()}\."):
        store.reopen(RUN)
    assert store.is_running(RUN)
    await writer.close(Ended.STOPPED, 1.0)
    assert not store.is_running(RUN)
    again = store.reopen(RUN)
    await again.close(Ended.FINISHED, 1.0)


async def test_a_look_whether_a_run_is_running_doesnt_take_it(store: RunStore) -> None:
    """Looking leaves no lock behind, neither for the looker nor for a run that begins."""
    await finished(store, RUN, Ended.STOPPED)
    before = sorted(store.folder.iterdir())
    assert not store.is_running(RUN)
    assert sorted(store.folder.iterdir()) == before


async def test_a_run_that_goes_on_knows_how_long_it_ran(store: RunStore) -> None:
    """Its seconds add up over its lives, and until it ends again it counts as interrupted."""
    await finished(store, RUN, Ended.STOPPED)
    writer = store.reopen(RUN)
    assert writer.ran_s == 1.5
    await writer.claim(step(1), resendable=True)
    assert rows(writer.path, "SELECT ended, seconds > 1.5 FROM run") == [("", 1)]
    await writer.close(Ended.FINISHED, 4.0)
    assert rows(writer.path, "SELECT ended, seconds FROM run") == [("finished", 4.0)]


async def test_a_run_is_made_once(store: RunStore) -> None:
    """A name that is taken is refused, and what stands under it is untouched."""
    await finished(store, RUN)
    before = store.path(RUN).read_bytes()
    with pytest.raises(UsageError):
        store.create(header())
    assert store.path(RUN).read_bytes() == before
    assert not store.is_running(RUN)


def _newer(path: Path) -> None:
    HandmadeJournal(path).connection.execute(f"PRAGMA user_version = {VERSION + 1}")


def _damaged(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)


def _no_database(path: Path) -> None:
    path.write_text("[run]\n" * 100)


def _without_a_run(path: Path) -> None:
    HandmadeJournal(path).connection.execute("DELETE FROM run")


@pytest.mark.parametrize("spoil", [_newer, _damaged, _no_database, _without_a_run])
def test_a_journal_that_cant_be_understood_is_refused(store: RunStore, spoil: object) -> None:
    """It is neither written nor hidden: the list shows it and says why; no lock stays."""
    store.folder.mkdir()
    path = store.folder / f"{RUN}.sqlite"
    assert callable(spoil)
    spoil(path)
    with pytest.raises(BrokenFile):
        store.reopen(RUN)
    assert not store.is_running(RUN)
    (info,) = store.list()
    assert (info.run, info.state) == (RUN, "unreadable")
    assert info.problem


async def test_runs_are_listed_newest_first_with_their_state(store: RunStore) -> None:
    """Running, done, interrupted: what a user asks of a list."""
    assert store.list() == ()
    await finished(store, "20261120-100000-aaaa")
    await finished(store, "20261121-100000-aaaa", Ended.STOPPED)
    running = store.create(header("20261122-100000-aaaa"))
    (store.folder / "notes.txt").write_text("not a run")
    (store.folder / "no run.sqlite").write_text("not a run")
    assert [(info.run, info.state) for info in store.list()] == [
        ("20261122-100000-aaaa", "running"),
        ("20261121-100000-aaaa", "interrupted"),
        ("20261120-100000-aaaa", "done"),
    ]
    assert store.list()[2].passed == 1
    await running.close(Ended.FINISHED, 1.0)


async def test_a_run_is_found_by_what_only_it_begins_with(store: RunStore) -> None:
    """A prefix is enough, "last" is the newest; several or none are an error that names what is near."""
    first, second, third = "20261120-100000-aaaa", "20261120-100000-bbbb", "20261121-100000-cccc"
    with pytest.raises(NotFound):
        store.find("last")
    for run in (first, second, third, f"{first}-2"):
        await finished(store, run)
    assert store.find("20261121") == third
    assert store.find("last") == store.find("latest") == third
    assert store.find(first) == first
    with pytest.raises(NotFound) as caught:
        store.find("20261120")
    assert set(caught.value.near) == {first, second, f"{first}-2"}
    for unknown in ("", "2025", "../x", "%"):
        with pytest.raises(NotFound):
            store.find(unknown)


@pytest.mark.parametrize(
    "run", ["../x", "..", "", "a/b", "/etc/passwd", "x.sqlite", "a\0b", "-x", "é", "x" * 65, "x\n"]
)
def test_a_run_is_never_a_path(store: RunStore, tmp_path: Path, run: str) -> None:
    """Nothing outside of the folder is read, made or deleted."""
    store.folder.mkdir()
    (tmp_path / "x.sqlite").write_text("precious")
    calls = (store.path, store.reader, store.header, store.delete, store.reopen, store.is_running)
    for call in calls:
        with pytest.raises(NotFound):
            call(run)
    with pytest.raises(NotFound):
        store.create(header(run))
    assert (tmp_path / "x.sqlite").read_text() == "precious"
    assert list(store.folder.iterdir()) == []


async def test_a_run_is_deleted_with_all_its_files(store: RunStore) -> None:
    """Nothing of it stays; while it runs it stays whole."""
    writer = store.create(header())
    with pytest.raises(UsageError):
        store.delete(RUN)
    await writer.claim(step(0), resendable=True)
    await writer.close(Ended.FINISHED, 1.0)
    (store.folder / f"{RUN}.sqlite-wal").touch()
    store.delete(RUN)
    assert list(store.folder.iterdir()) == []
    with pytest.raises(NotFound):
        store.delete(RUN)


@pytest.fixture
def parent(store: RunStore) -> HandmadeJournal:
    """A run of three steps a session that died: five rows passed, failed, were dropped or are in doubt."""
    store.folder.mkdir()
    journal = HandmadeJournal(store.folder / f"{RUN}.sqlite", Plan(steps=("a", "b", "c"), setup=("login",)))
    journal.add(refused(StepId(0, 0, -1, "login")))
    for index, key in enumerate("abc"):
        journal.add(passed(StepId(1, 0, index, key)))
        journal.add(StepResult(StepId(3, 2, index, key), Dropped()))
        journal.carry(StepId(1, 0, index, key), b"one")
    journal.add(passed(StepId(2, 1, 0, "a")), failed(StepId(2, 1, 1, "b")))
    journal.add(StepResult(StepId(2, 1, 2, "c"), Skipped("b")))
    journal.carry(StepId(2, 1, 0, "a"), b"two, after a")
    journal.carry(StepId(2, 1, 1, "b"), b"two, after b")
    journal.add(refused(StepId(4, 3, 0, "a")), passed(StepId(4, 3, 1, "b")), failed(StepId(4, 3, 2, "c")))
    journal.carry(StepId(4, 3, 1, "b"), b"four, after b")
    journal.add(passed(StepId(5, 4, 0, "a")), StepResult(StepId(5, 4, 1, "b"), InDoubt()))
    journal.add(StepResult(StepId(5, 4, 2, "c"), Skipped("b")))
    journal.carry(StepId(5, 4, 0, "a"), b"five, after a")
    journal.add(passed(StepId(6, 5, 0, "a")), passed(StepId(6, 5, 1, "b")))
    journal.carry(StepId(6, 5, 0, "a"), b"six, after a")
    journal.carry(StepId(6, 5, 1, "b"), b"six, after b")
    journal.claim(StepId(6, 5, 2, "c"))
    journal.claim(StepId(0, 0, -1, "login"))
    journal.connection.close()
    return journal


@pytest.mark.parametrize(
    ("only", "selected", "carried"),
    [
        (Only.FAILED, [(1, 2, 1), (3, 4, 0)], [(1, 2, 0, b"two, after a")]),
        (Only.DROPPED, [(2, 3, 0)], []),
        (Only.IN_DOUBT, [(4, 5, 1), (5, 6, 2)], [(4, 5, 0, b"five, after a"), (5, 6, 1, b"six, after b")]),
    ],
)
@pytest.mark.usefixtures("parent")
async def test_a_part_done_again_goes_on_at_the_first_step_of_its_kind(
    store: RunStore, only: Only, selected: list[tuple[int, ...]], carried: list[tuple[int, ...]]
) -> None:
    """Each session with such a step is chosen, with what it had captured before it; the setup is none."""
    before = store.path(RUN).read_bytes()
    writer = store.create(header(CHILD, parent=RUN, only=only, root=RUN))
    assert rows(writer.path, SELECTED) == selected
    assert rows(writer.path, CARRIED) == carried
    await writer.claim(StepId(2, 1, 1, "b"), resendable=True)
    await writer.close(Ended.FINISHED, 1.0)
    assert store.header(CHILD).only is only
    assert store.path(RUN).read_bytes() == before


async def test_what_is_carried_into_a_part_done_again_can_be_opened(store: RunStore) -> None:
    """The same key serves all runs of a user."""
    writer = store.create(header())
    for result in (passed(step(0)), failed(step(0, 1))):
        await writer.done(result, record_of(result), Carry({"token": "t1"}))
    await writer.close(Ended.FINISHED, 1.0)
    again = store.create(header(CHILD, parent=RUN, only=Only.FAILED))
    ((_, _, index, secret),) = rows(again.path, CARRIED)
    assert (index, store.sealer().open_carry(secret)) == (0, Carry({"token": "t1"}))
    await again.close(Ended.FINISHED, 1.0)


async def test_a_part_without_steps_is_refused_and_what_there_is_is_named(store: RunStore) -> None:
    """The user learns what can be done again, and no run is left behind."""
    writer = store.create(header())
    for result in (failed(step(0)), StepResult(step(1), Dropped()), failed(step(0, -1))):
        await writer.done(result, record_of(result))
    await writer.close(Ended.FINISHED, 1.0)
    with pytest.raises(UsageError) as caught:
        store.create(header(CHILD, parent=RUN, only=Only.IN_DOUBT))
    assert caught.value.reason == (
        f"Run {RUN} has nothing in doubt. There are steps failed (--only failed) and dropped (--only dropped)."
    )
    assert [path.name for path in store.folder.iterdir()] == [f"{RUN}.sqlite"]


async def test_a_run_whose_setup_failed_has_no_part_to_do_again(store: RunStore) -> None:
    """A setup step is no session; the way on is to resume."""
    writer = store.create(header())
    result = failed(step(0, -1))
    await writer.done(result, record_of(result))
    await writer.close(Ended.SETUP, 1.0)
    with pytest.raises(UsageError, match="may be resumed"):
        store.create(header(CHILD, parent=RUN, only=Only.FAILED))


@pytest.mark.parametrize("parent_run", ["20200101-000000-none", RUN])
async def test_a_part_of_a_run_that_is_gone_or_runs_is_refused(store: RunStore, parent_run: str) -> None:
    """What is in flight may still pass: a part is chosen once the run has ended."""
    writer = store.create(header())
    error: type[TuiClientError] = UsageError if parent_run == RUN else NotFound
    with pytest.raises(error):
        store.create(header(CHILD, parent=parent_run, only=Only.FAILED))
    await writer.close(Ended.FINISHED, 1.0)


def test_a_path_that_is_no_text_is_said(store: RunStore) -> None:
    """A journal is read by other programs: its paths are UTF-8."""
    with pytest.raises(UsageError, match="not UTF-8"):
        store.create(header(workspace=Path("/data/\udcff")))
    assert list(store.folder.iterdir()) == []
