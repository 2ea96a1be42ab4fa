"""What a run does when the world around it fails: data, disk, servers, connections, clocks."""

from __future__ import annotations

import ast
import asyncio
import os
import re
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, aclosing, closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
from resumed import Journalled, all_of

from tui_client.errors import BrokenFile, UsageError
from tui_client.replay.controls import Controls
from tui_client.replay.execute import Keeping, Run
from tui_client.replay.journal.header import Ended, Only
from tui_client.replay.journal.schema import VERSION
from tui_client.replay.journal.writer import JournalWriter
from tui_client.replay.plan import Plan
from tui_client.replay.runs import new_header
from tui_client.storage.batch import Retry

World = Any  # the fixture of conftest
REPLAY = Path(__file__).parents[2] / "tui_client" / "replay"


@pytest.fixture
def runs(world: World, tmp_path: Path) -> Journalled:
    """Where a collection's runs are journalled; it has one request that sends its row."""
    world.write("get", 'url = "/get/{{n}}"\n')
    world.write("post", 'method = "POST"\nurl = "/post/{{n}}"\n')
    return Journalled(world, tmp_path / "state")


def numbers(rows: int) -> str:
    """A CSV file of that many rows."""
    return "".join(["n\n", *(f"{number}\n" for number in range(1, rows + 1))])


@pytest.mark.parametrize("keep", [0, 500, 10_000])
async def test_data_that_changes_while_it_is_read_ends_the_run(world: World, runs: Journalled, keep: int) -> None:
    """Truncated or written anew: no row of another version is sent; restored, the run goes on and does each once."""
    text = numbers(600)
    data = world.data("rows.csv", text)
    found = data.stat()
    run = runs.start("post", data=data, concurrency=4)
    with pytest.raises(BrokenFile, match=r"rows\.csv"):
        async with aclosing(run.results()) as results:
            await anext(results)
            world.data("rows.csv", text[:keep] + "n" * (keep > 600))
            async for _ in results:
                pass
    assert (runs.info.state, runs.info.ended) == ("interrupted", Ended.PROBLEM)
    assert len(world.shop.arrived) < 600
    with pytest.raises((BrokenFile, UsageError), match=r"rows\.csv"):
        await all_of(runs.resume())
    world.data("rows.csv", text)
    os.utime(data, ns=(found.st_atime_ns, found.st_mtime_ns))
    await all_of(runs.resume())
    assert sorted(world.shop.arrived) == sorted(f"POST /post/{number}" for number in range(1, 601))
    assert (runs.info.state, runs.info.passed) == ("done", 600)


async def test_the_digest_of_another_version_is_never_kept(world: World, runs: Journalled) -> None:
    """A file that was exchanged while the run looked at it does not pass for the one it began with."""
    data = world.data("rows.csv", numbers(3))
    header = new_header(Plan(steps=("get",), data=data), world.root, world.services().source)

    def opened() -> JournalWriter:
        world.data("rows.csv", numbers(400))
        return runs.store.create(header)

    await all_of(Run(header, world.services(), keeping=Keeping(opened, runs.store.sealer)))
    assert runs.rows("SELECT data_size, data_sha256 FROM run") == [(len(numbers(3)), None)]


async def test_a_ragged_row_is_journalled_with_its_file_and_line(world: World, runs: Journalled) -> None:
    """That row is an error that can be found; the rest is sent."""
    data = world.data("rows.csv", "n,m\n1,a\n2\n3,c\n")
    await all_of(runs.start("get", data=data))
    ((row, error, reason),) = runs.rows("SELECT row, error, reason FROM steps WHERE outcome = 'error'")
    assert (row, error) == (2, "data.row")
    assert "rows.csv" in reason and "line 3" in reason
    assert world.shop.arrived == ["GET /get/1", "GET /get/3"]


async def test_a_journal_of_a_newer_version_is_left_alone(world: World, runs: Journalled) -> None:
    """Going on with it and showing it say what to do; the list has it as unreadable, with the others."""
    await all_of(runs.start("get", given={"n": "1"}))
    path = runs.store.path(runs.store.find("last"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(BrokenFile, match="update tui-client"):
        runs.resume()
    with pytest.raises(BrokenFile, match="update tui-client"):
        runs.store.reader(runs.store.find("last"))
    await all_of(runs.start("get", given={"n": "2"}))
    assert sorted(info.state for info in runs.store.list()) == ["done", "unreadable"]
    assert path.read_bytes() == before


_KEY = re.compile(rb"Idempotency-Key: ([0-9a-f]{32})\r\n")


class Mortal:
    """A server that may die and come back on its port. It leaves no connection open.

    arrived: the last word of each path. keys: their idempotency keys. dies_after: with the answer to this one it is
    gone. random: at random it closes connections, before or after an answer, that were meant to be kept.
    """

    def __init__(self) -> None:
        self.arrived: list[str] = []
        self.keys: dict[str, set[bytes]] = {}
        self.port = 0
        self.dies_after = ""
        self.random: Random | None = None

    async def live(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def die(self) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            while await self._answer(reader, writer):
                pass

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return False
        word = head.split(b" ")[1].decode().rpartition("/")[2]
        self.arrived.append(word)
        self.keys.setdefault(word, set()).update(_KEY.findall(head))
        if word == self.dies_after:
            self.die()
        chance = 0.5 if self.random is None else self.random.random()
        if chance < 0.1:
            return False
        ending = b"Connection: close\r\n" if self.random is None else b""
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n%b\r\nok" % ending)
        return self.random is not None and chance < 0.8


@pytest.fixture
async def mortal(world: World, runs: Journalled) -> AsyncIterator[Mortal]:
    """The server that the requests are sent to."""
    found = Mortal()
    await found.live()
    world.write("collection", f'format = 1\nbase_url = "http://127.0.0.1:{found.port}"\n')
    yield found
    found.die()


async def test_what_a_dead_server_missed_is_repeated_and_nothing_else(
    world: World, runs: Journalled, mortal: Mortal
) -> None:
    """Without retries its rows are errors of connecting; `--only failed` sends exactly those, once it is back."""
    mortal.dies_after = "4"
    run = runs.start("post", data=world.data("rows.csv", numbers(10)))
    await all_of(run)
    assert mortal.arrived == ["1", "2", "3", "4"]
    assert run.summary().by_error == {"connect.refused": 6}
    await mortal.live()
    await all_of(runs.runs.again("last", Only.FAILED))
    assert mortal.arrived[4:] == ["5", "6", "7", "8", "9", "10"]
    assert (runs.info.passed, runs.info.errors) == (6, 0)


class Telling(Controls):
    """Tells when a step begins to wait before it is sent again."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = asyncio.Event()

    def waiting(self, text: str) -> AbstractContextManager[None]:
        self.waits.set()
        return super().waiting(text)


async def test_with_retries_a_server_may_die_and_come_back(world: World, runs: Journalled, mortal: Mortal) -> None:
    """What never left is sent again until it arrives, once: all rows pass, POSTs too."""
    mortal.dies_after = "2"
    controls = Telling()
    data = world.data("rows.csv", numbers(5))
    run = runs.start("post", data=data, retry=Retry(count=10, on=("connect",)), controls=controls)
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(all_of(run))
        await controls.waits.wait()
        assert mortal.arrived == ["1", "2"]
        await mortal.live()
    assert mortal.arrived == ["1", "2", "3", "4", "5"]
    assert runs.info.passed == 5 and run.summary().retried > 0


@pytest.mark.parametrize("request_key", ["get", "post"])
async def test_no_layer_sends_again_by_itself(world: World, runs: Journalled, mortal: Mortal, request_key: str) -> None:
    """Where a server closes kept connections as it likes, each request still arrives once at most."""
    mortal.random = Random(7)
    data = world.data("rows.csv", numbers(200))
    results = await all_of(runs.start(request_key, data=data, concurrency=8))
    came = Counter(mortal.arrived)
    assert set(came.values()) == {1}
    assert all(came[str(result.step.row)] for result in results if result.passed)
    assert 0 < sum(not result.passed for result in results) < 100


async def test_an_idempotency_key_is_the_same_on_every_attempt(world: World, runs: Journalled, mortal: Mortal) -> None:
    """So that a POST whose reply was lost may be sent again until one comes."""
    mortal.random = Random(5)
    retry = Retry(count=10, on=("connect", "closed_early"))
    data = world.data("rows.csv", numbers(40))
    await all_of(runs.start("post", data=data, concurrency=40, retry=retry, idempotency_key=True))
    assert runs.info.passed == 40 < len(mortal.arrived)
    assert all(len(keys) == 1 for keys in mortal.keys.values())
    assert len(set.union(*mortal.keys.values())) == 40


# Where a date is wanted, or a server gave one; nothing is measured or waited for by it.
_DATES = {("attempts.py", "_asked_pause"), ("runs.py", "new_header"), ("kept_cookies.py", "_utc_now")} | {
    ("journal/merging/merge.py", "merged_header")
}


def _clock_calls(path: Path) -> Iterator[tuple[str, str]]:
    """Where a module reads the clock on the wall: its name and the function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func)
        owner, _, attribute = name.rpartition(".")
        if owner in ("time", "") and attribute in ("time", "time_ns", "localtime", "gmtime", "ctime"):
            pass
        elif attribute not in ("now", "utcnow", "today"):
            continue
        around = [each.name for each in functions if each.lineno <= call.lineno <= (each.end_lineno or 0)]
        yield path.relative_to(REPLAY).as_posix(), around[-1] if around else ""


def test_no_clock_that_may_jump_measures_or_waits() -> None:
    """Durations and waits are of the monotonic clock: setting the time does nothing to a run."""
    assert {found for path in REPLAY.rglob("*.py") for found in _clock_calls(path)} == _DATES
