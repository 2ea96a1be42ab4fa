"""What the coordinator of a distributed replay costs for each row, and what memory it takes, with simulated workers.

    python benchmarks/cluster_cost.py [ROWS …]

The coordinator, its journal and the channels are real; the workers (processes of their own) send nothing and tell one
and the same reply, so that the coordinator is the limit on any machine. Prints the processor time of the coordinator's
process for each row between the first and the last tenth, and its peak memory for each number of rows.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec
from replay import workspace

from tui_client.replay.engines.dask import run as cluster
from tui_client.replay.engines.dask.task import Ticket
from tui_client.replay.engines.dask.terms import ClusterTerms

WORKERS = 2
AT_ONCE = 128
ROWS = (10_000, 100_000, 1_000_000)


class ShamPool:
    def __init__(self, *given: object) -> None:
        self.found = WORKERS
        self.processes: list[subprocess.Popen[bytes]] = []

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            for process in self.processes:
                process.terminate()
                process.wait()

    async def keep_at_work(self, ticket: Ticket) -> None:
        sham = Path(__file__).with_name("_sham_worker.py")
        for number in range(WORKERS):
            words = [sys.executable, str(sham), ticket.host, str(ticket.port), ticket.token.hex(), f"sham-{number}"]
            self.processes.append(subprocess.Popen(words))  # noqa: ASYNC220 - before anything is measured


async def measure(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "rows.csv"
        with data.open("w") as file:
            file.write("id,name\n")
            file.writelines(f"{number},name {number}\n" for number in range(rows))
        async with workspace(folder, 1) as space:
            await space.ready()
            plan = msgspec.structs.replace(space.plan(["get"]), data=data, concurrency=AT_ONCE)
            cluster.ClusterRun.__init__.__kwdefaults__["pool"] = ShamPool
            run = space.runs.start(plan, cluster=ClusterTerms(workers=WORKERS))
            seen: list[tuple[float, float, int]] = []

            async def watch() -> None:
                while True:
                    seen.append((time.perf_counter(), time.process_time(), run.summary(live=True).done))
                    await asyncio.sleep(0.1)

            async with asyncio.TaskGroup() as group:
                watching = group.create_task(watch())
                async for _ in run.results():
                    pass
                watching.cancel()
            assert run.summary().passed == rows, run.summary()
        middle = [one for one in seen if rows * 0.1 <= one[2] <= rows * 0.9]
        (began_s, began_cpu_s, first), (ended_s, ended_cpu_s, last) = middle[0], middle[-1]
        cost_us = (ended_cpu_s - began_cpu_s) / (last - first) * 1e6
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rate = (last - first) / (ended_s - began_s)
        print(f"{rows:>9,} rows: {cost_us:5.1f} µs a row, {rate:6,.0f} rows/s, peak {peak_mb:.0f} MB", flush=True)


def main() -> None:
    if sys.argv[1:2] == ["one"]:
        asyncio.run(measure(int(sys.argv[2])))
        return
    for rows in tuple(map(int, sys.argv[1:])) or ROWS:
        subprocess.run([sys.executable, __file__, "one", str(rows)], check=True, env=os.environ)


if __name__ == "__main__":
    main()
