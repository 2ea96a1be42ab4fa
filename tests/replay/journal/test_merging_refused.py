"""What is no whole set of parts is not merged, and nothing is left of a merge that failed."""

from __future__ import annotations

import resource
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from handmade_journal import exchange_of, passed
from run_parts import KEYS, PLAN, SEALER, Made, step

from tui_client.errors import BrokenFile, SaveFailed, UsageError
from tui_client.replay.journal.carry import Sealer
from tui_client.replay.journal.locks import RunLock
from tui_client.replay.plan import Plan, Recording, Stage
from tui_client.storage.batch import Threshold


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path)


def refusal(made: Made, error: type[BaseException] = UsageError, **options: Any) -> str:
    """The sentence with which a merge is refused; it leaves nothing behind."""
    before = sorted(made.folder.iterdir())
    with pytest.raises(error) as caught:
        made.merge(**options)
    assert sorted(made.folder.iterdir()) == before
    return str(caught.value)


def pair(made: Made, other: Plan, first: dict[str, Any] | None = None, second: dict[str, Any] | None = None) -> None:
    """Two parts, the second one of another plan."""
    with made.part(1, 2, **(first or {})):
        pass
    with Made(made.folder, other).part(2, 2, **(second or {})):
        pass


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"steps": ("users/get",)}, "steps"),
        ({"setup": ()}, "setup"),
        ({"environment": "staging"}, "environment"),
        ({"title": "batches/other"}, "title"),
        ({"rate": 60.0}, "rate"),
        ({"iterations": 7}, "iterations"),
        ({"retry": msgspec.structs.replace(PLAN.retry, count=3)}, "retry.count"),
        ({"stages": (Stage(1.0, 5.0),)}, "stages"),
        ({"thresholds": (Threshold(metric="failures", op="<", value=0.5),)}, "thresholds"),
        ({"data": Path("/b/orders.csv")}, "data"),
        ({"recording": Recording(Path("/a/traffic.har"))}, "recording"),
    ],
)
def test_parts_of_different_plans_are_refused(made: Made, change: dict[str, Any], named: str) -> None:
    """What differs is named, so that it can be made the same."""
    made.plan = msgspec.structs.replace(PLAN, data=Path("/a/users.csv"))
    pair(made, msgspec.structs.replace(made.plan, **change))
    words = refusal(made)
    assert f"not parts of one run: {named} is not the same" in words
    assert all(str(path) in words for path in made.paths())


def test_each_machine_has_its_own_folders(made: Made) -> None:
    """A data file of the same name and content is the same file, wherever it lay."""
    made.plan = msgspec.structs.replace(PLAN, data=Path("/home/runner-1/users.csv"))
    other = msgspec.structs.replace(PLAN, data=Path("/home/runner-2/users.csv"))
    known = {"data_size": 10, "data_mtime_ns": 1, "data_sha256": "ab"}
    pair(made, other, {"data_size": 10, "data_mtime_ns": 9}, known)
    made.merge()
    with closing(sqlite3.connect(made.target)) as connection:
        assert connection.execute("SELECT data_size, data_sha256 FROM run").fetchall() == [(10, "ab")]


@pytest.mark.parametrize("other", [{"data_sha256": "cd"}, {"data_size": 11, "data_sha256": None}])
def test_parts_that_read_other_data_are_refused(made: Made, other: dict[str, Any]) -> None:
    """The rows of one would not be the rows of the other."""
    made.plan = msgspec.structs.replace(PLAN, data=Path("/a/users.csv"))
    known = {"data_size": 10, "data_mtime_ns": 1, "data_sha256": "ab"}
    pair(made, made.plan, known, known | other)
    assert "the content of users.csv is not the same" in refusal(made)


@pytest.mark.parametrize(
    ("given", "named"), [({"b": "1", "token": "canary-2"}, "the variable token"), ({}, "what -v gives")]
)
def test_parts_with_other_variables_are_refused(made: Made, given: dict[str, str], named: str) -> None:
    """By name, since a value may be a secret."""
    one = SEALER.seal_given({"b": "1", "token": "canary-1"})
    pair(made, PLAN, {"given": one}, {"given": SEALER.seal_given(given) if given else b""})
    words = refusal(made)
    assert named in words and "canary" not in words


def test_a_part_or_a_run_that_is_given_twice_is_refused(made: Made) -> None:
    """Its steps would count twice."""
    with made.part(1, 2, run="one"), made.part(1, 2, run="another"):
        assert "are both part 1 of 2" in refusal(made, allow_missing=True)
    for path in made.paths():
        path.unlink()
    with made.part(1, 2, run="one"), made.part(2, 2, run="one"):
        assert "are the same run, one" in refusal(made)


def test_parts_of_other_numbers_are_refused(made: Made) -> None:
    """The second of three is not the second of two."""
    with made.part(1, 2), made.part(2, 3):
        assert "is part 1 of 2" in refusal(made, allow_missing=True)


def test_what_is_no_part_is_refused(made: Made) -> None:
    """A whole run has nothing to be merged with; a part that was done again belongs to the one it was done for."""
    with made.part(1, 2), made.part(2, 2, only_kind="failed", parent="run-9"):
        assert "does only a part of run run-9 again" in refusal(made)
    for path in made.paths():
        path.unlink()
    with made.part(1, 2) as part:
        part.connection.execute("UPDATE run SET plan = json_remove(plan, '$.shard')")
        assert "is a whole run, no part of one" in refusal(made)
    part.path.unlink()
    assert "nothing to merge" in refusal(made)


@pytest.mark.parametrize(("there", "words"), [((1, 2, 4), "Part 3 of 4 is"), ((4,), "Parts 1, 2, 3 of 4 are")])
def test_missing_parts_are_named(made: Made, there: tuple[int, ...], words: str) -> None:
    """With what to do."""
    for index in there:
        with made.part(index, 4):
            pass
    assert f"{words} missing. " in (said := refusal(made)) and "--allow-missing" in said


def test_many_missing_parts_are_counted(made: Made) -> None:
    """Not listed to the last one."""
    with made.part(7, 5000):
        assert "Parts 1, 2, 3, 4, 5, 6, 8, 9, 10, 11 and 4,989 more of 5000 are missing" in refusal(made)


def test_a_part_that_still_runs_is_refused(made: Made) -> None:
    """More of its steps are to come."""
    with made.part(1, 1) as part:
        lock = RunLock(part.path.with_suffix(".lock"))
        assert "is still going on" in refusal(made)
        lock.release()
        made.merge()


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")


def no_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE carry")


def no_plan(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE run SET plan = json_set(plan, '$.colour', 1)")


def torn(path: Path) -> None:
    """Its later pages are noise."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xa5" * (size - size // 2))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (newer, "newer than this one"),
        (no_table, "no such table: carry"),
        (no_plan, "plan.colour"),
        (torn, "damaged"),
        (lambda path: path.write_bytes(b""), "this journal is empty"),
        (lambda path: path.write_bytes(b"no journal" * 999), "can't be read"),
    ],
    ids=["newer", "no table", "plan", "torn", "empty", "text"],
)
def test_a_journal_that_can_not_be_read_is_named(made: Made, spoil: Callable[[Path], object], words: str) -> None:
    """Of many, the one that is not as it should be."""
    body = exchange_of(b"x" * 3000)
    for index in (1, 2, 3):
        with made.part(index, 3, *(passed(step(row), body) for row in range(index, 60, 3))):
            pass
    spoilt = made.paths()[1]
    spoil(spoilt)
    with pytest.raises(BrokenFile) as caught:
        made.merge()
    assert caught.value.path == spoilt and words in caught.value.reason
    assert len(list(made.folder.iterdir())) == 3


def test_the_same_step_in_two_parts_is_refused(made: Made) -> None:
    """Nobody knows which of them counts."""
    with made.part(1, 2, passed(step(7))), made.part(2, 2, passed(step(7))):
        assert "results of the same step" in refusal(made)


def test_a_file_that_came_meanwhile_is_not_replaced(made: Made) -> None:
    """Nor is a folder made that is not there."""
    with made.part(1, 1):
        made.target.write_text("mine")
        refusal(made, SaveFailed)
        assert made.target.read_text() == "mine"
        made.target = made.folder / "nowhere" / "whole.sqlite"
        refusal(made, SaveFailed)


def test_a_full_disk_is_told(made: Made) -> None:
    """What was written by then is gone, so that there is room again."""
    with made.part(1, 1, *(passed(step(row), exchange_of(b"x" * 60_000)) for row in range(20))):
        pass
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 19, before[1]))
    try:
        assert str(made.target) in refusal(made, SaveFailed)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


class Interrupting(Sealer):
    """Ctrl-C comes while the row of the run is made."""

    def seal_given(self, given: Any) -> bytes:
        raise KeyboardInterrupt


def test_ctrl_c_leaves_nothing(made: Made) -> None:
    """Wherever it comes."""
    with made.part(1, 1, given=SEALER.seal_given({"a": "1"})):
        refusal(made, KeyboardInterrupt, sealer=Interrupting(b"k" * 32))


@contextmanager
def ctrl_c_in(seconds: float) -> Iterator[None]:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, pressed)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_ctrl_c_ends_what_sqlite_is_at(made: Made) -> None:
    """A statement that would go on for ever, here one that looks for what never comes, is ended too."""
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT 0, 0, x, zeroblob(1) FROM n"
    with made.part(1, 1, passed(step(1, 0, KEYS[0]))) as part:
        part.connection.execute("DROP TABLE carry")
        part.connection.execute(f"CREATE VIEW carry (iteration, row, step, secret) AS {endless} WHERE x < 0")
        with ctrl_c_in(0.05):
            refusal(made, KeyboardInterrupt)
