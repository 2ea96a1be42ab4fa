"""A distributed replay of 200 POSTs, one of its three workers killed (SIGKILL) at a random moment; again and again.

    python benchmarks/cluster_crash.py [RUNS] [SEED]

Scheduler, workers and a server that counts are processes of their own; the server answers within 20 ms. For each run,
and for all: how many rows arrived twice (must be 0), how many have no outcome in the journal (must be 0), how many are
in doubt, and whether these are exactly the steps whose claim was on disk while their result never came.
"""

from __future__ import annotations

import asyncio
import collections
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import ClassVar

import _support  # noqa: F401 - lets the next lines find it
import msgspec
from crash_server import arrivals
from replay import workspace

from tui_client.replay import execute
from tui_client.replay.controls import Controls
from tui_client.replay.engines.dask import run as cluster_run
from tui_client.replay.engines.dask.coordinator import Coordinator
from tui_client.replay.engines.dask.terms import ClusterTerms
from tui_client.replay.journal.batch import Key
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.ledgers import SharedLedger
from tui_client.workspace import Workspace

ROWS = 200
WORKERS = 3
AT_ONCE = 24
DASK = str(Path(sys.executable).with_name("dask"))
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Watched(SharedLedger):
    """Notes which steps were claimed and have no result."""

    open: ClassVar[set[Key]] = set()

    async def claim_all(self, steps: object) -> None:
        await super().claim_all(steps)  # type: ignore[arg-type]
        self.open |= {key for key, _, _ in steps}  # type: ignore[attr-defined]

    async def done_all(self, rows: object) -> None:
        self.open -= {key for key, _, _ in rows}  # type: ignore[attr-defined]
        await super().done_all(rows)  # type: ignore[arg-type]


class Cluster:
    """more: words for each worker."""

    def __init__(self, workers: int = WORKERS, *more: str) -> None:
        self.more = more
        words = [DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        self.scheduler = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        assert self.scheduler.stderr is not None
        found = next(filter(None, (re.search(r"tcp://127\.0\.0\.1:\d+", line) for line in self.scheduler.stderr)))
        self.address = found[0]
        # Whoever fills a pipe that nobody reads stands still, and the scheduler says something of each worker.
        threading.Thread(target=collections.deque, args=(self.scheduler.stderr, 0), daemon=True).start()
        self.workers = [self.worker() for _ in range(workers)]

    def worker(self) -> subprocess.Popen[bytes]:
        words = [DASK, "worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", *self.more]
        return subprocess.Popen(words, **QUIET)  # type: ignore[call-overload, no-any-return]

    def kill_one(self, dice: random.Random) -> None:
        victim = dice.choice(self.workers)
        victim.kill()
        victim.wait()
        self.workers[self.workers.index(victim)] = self.worker()

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


def all_of_them(workers: int) -> Callable[[Coordinator, Controls, object], Awaitable[None]]:
    """In place of waiting for one: 200 rows would be done before the second comes."""

    async def wait(coordinator: Coordinator, controls: Controls, pool: object) -> None:
        while len(coordinator.welcome) < workers:
            await asyncio.sleep(0.01)

    return wait


class Found(msgspec.Struct, frozen=True):
    """Of one run. well: nothing twice, nothing lost, in doubt exactly what was claimed, and a worker was lost."""

    twice: int
    lost: int
    in_doubt: int
    exact: bool
    well: bool


async def one(space: Workspace, folder: Path, data: Path, cluster: Cluster, number: int, dice: random.Random) -> Found:
    plan = msgspec.structs.replace(space.plan(["first"], given={"run": str(number)}), data=data, concurrency=AT_ONCE)
    Watched.open.clear()
    run = space.runs.start(plan, cluster=ClusterTerms(scheduler=cluster.address))
    counted, moment = folder / f"{number}.arrivals", dice.randrange(1, ROWS - 10)

    async def kill() -> None:
        while len(arrivals(counted)) < moment:
            await asyncio.sleep(0.001)
        await asyncio.to_thread(cluster.kill_one, dice)

    async with asyncio.TaskGroup() as group:
        group.create_task(kill())
        async for _ in run.results():
            pass
    gone = 0 if run.workers is None else run.workers.lost
    came = collections.Counter(arrival.row for arrival in arrivals(counted))
    with JournalReader(space.store.path(run.header.run)) as reader:
        outcomes = {record.step.row: record.outcome.value for record in reader.records()}
        left = {row for (row,) in reader.file.select("SELECT row FROM claims")}
    twice = sum(count > 1 for count in came.values())
    lost = len((set(range(1, ROWS + 1)) - set(outcomes)) | left)
    doubtful = {row for row, outcome in outcomes.items() if outcome == "in_doubt"}
    passed = {row for row, outcome in outcomes.items() if outcome == "passed"}
    exact = doubtful == {row for _, row, _ in Watched.open} and set(came) <= doubtful | passed and passed <= set(came)
    print(
        f"run {number:>3}: killed after {moment:>3} arrivals, passed {len(passed):>3}, in doubt {len(doubtful):>2} "
        f"({len(doubtful - set(came))} of them never arrived), twice {twice}, lost {lost}, exact {exact}"
        + ("" if gone else ", NO WORKER LOST"),
        flush=True,
    )
    well = bool(not twice and not lost and exact and gone == 1 and len(doubtful | passed) == ROWS)
    return Found(twice, lost, len(doubtful), exact, well)


async def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    print(f"seed {seed}")
    dice = random.Random(seed)
    execute.SharedLedger = Watched  # type: ignore[misc]
    cluster_run._first = all_of_them(WORKERS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = subprocess.Popen(  # noqa: ASYNC220 - before anything is measured
            [sys.executable, str(Path(__file__).with_name("crash_server.py")), "0", str(folder), str(seed)],
            stdout=subprocess.PIPE,
            text=True,
        )
        cluster = Cluster()
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            data = folder / "rows.csv"
            data.write_text("row\n" + "".join(f"{row}\n" for row in range(1, ROWS + 1)))
            async with workspace(folder, port) as space:
                (space.library.root / "first.toml").write_text(
                    'method = "POST"\nurl = "/{{run}}/first/{{row}}"\n[body]\nkind = "json"\ncontent = "{}"\n'
                )
                all_found = [await one(space, folder, data, cluster, number, dice) for number in range(runs)]
        finally:
            cluster.close()
            server.kill()
            server.wait()
    total = [
        sum(getattr(found, name) for found in all_found) for name in ("twice", "lost", "in_doubt", "exact", "well")
    ]
    twice, lost, in_doubt, exact, well = total
    print(f"{runs} runs of {ROWS} POSTs, seed {seed}: twice {twice}, lost {lost}, in doubt {in_doubt}", end="")
    print(f", exact in {exact}; {well} of {runs} as promised")
    sys.exit(well != runs)


if __name__ == "__main__":
    asyncio.run(main())
