"""How much more two workers of a distributed replay do than one, side by side in one run.

    python benchmarks/cluster_scale.py [SECONDS] [SESSIONS] [--simulated [--burn MS]]

A scheduler, its workers and a server that answers after 20 ms are processes of their own; so many sessions (24) go on
side by side on each worker. With few, replies and claims are what takes time, and two workers do twice as much because
twice as many sessions go on: therefore one worker with all the sessions of two is measured as well. What a second one
adds shows only where the processor of one worker is the limit. --simulated: a worker waits instead of sending, so that
neither a server nor the sending needs the processors, where a machine has two; --burn: and takes so much processor time
for each row, so that one worker is busy with few rows, and this process with even fewer.

Prints rows a second between the first and the last tenth of each run, of each worker too, how much of a core each
process took meanwhile, and what others took of all: with more than a few percent of that the figures say little.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec
from cluster_crash import Cluster, all_of_them
from replay import workspace

from tui_client.replay.engines.dask import run as cluster_run
from tui_client.replay.engines.dask.terms import ClusterTerms
from tui_client.replay.execute import Run
from tui_client.workspace import Workspace

DELAY_S = 0.02
REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
NOWHERE = 9


class Server(asyncio.Protocol):
    """Answers each head after a while; bodies are not sent to it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        for _ in range(data.count(b"\r\n\r\n")):
            asyncio.get_running_loop().call_later(DELAY_S, self.transport.write, REPLY)


class Seen(msgspec.Struct, frozen=True):
    """At one moment. done: rows; workers: by process. cpu_s: by process. busy_s: of all processors of the machine."""

    at_s: float
    done: int
    workers: dict[int, int]
    cpu_s: dict[str, float]
    busy_s: float


class Bench:
    """server: its process, None where there is none."""

    def __init__(self, space: Workspace, data: Path, server: int | None, seconds: float) -> None:
        self.space = space
        self.data = data
        self.server = server
        self.seconds = seconds

    async def rate(self, workers: int, sessions: int) -> float:
        """Rows a second of so many workers, with so many sessions in all."""
        cluster_run._first = all_of_them(workers)
        sham = ("--preload", str(Path(__file__).with_name("_sham_engine.py"))) if self.server is None else ()
        cluster = Cluster(workers, *sham)
        try:
            seen = await self.watched(cluster, workers, sessions)
        finally:
            cluster.close()
        middle = [one for one in seen if seen[-1].done * 0.1 <= one.done <= seen[-1].done * 0.9]
        report(workers, sessions, middle[0], middle[-1])
        return (middle[-1].done - middle[0].done) / (middle[-1].at_s - middle[0].at_s)

    async def watched(self, cluster: Cluster, workers: int, sessions: int) -> list[Seen]:
        plan = msgspec.structs.replace(
            self.space.plan(["get"]), data=self.data, concurrency=sessions, duration_s=self.seconds, iterations=10**7
        )
        run = self.space.runs.start(plan, cluster=ClusterTerms(scheduler=cluster.address))
        processes = {"launching": os.getpid()} | ({} if self.server is None else {"server": self.server})
        processes |= {f"worker {number}": worker.pid for number, worker in enumerate(cluster.workers, start=1)}
        seen: list[Seen] = []

        async def watch() -> None:
            while True:
                seen.append(look(run, processes))
                await asyncio.sleep(0.1)

        async with asyncio.TaskGroup() as group:
            watching = group.create_task(watch())
            async for _ in run.results():
                pass
            watching.cancel()
        found = run.summary()
        assert found.done == found.passed, found
        return seen


def look(run: Run, processes: dict[str, int]) -> Seen:
    living = run.workers.living if run.workers is not None else ()
    fields = [int(field) for field in Path("/proc/stat").read_text().split(maxsplit=9)[1:9]]
    idle = fields[3] + fields[4]
    return Seen(
        time.perf_counter(),
        run.summary(live=True).done,
        {one.pid: one.done for one in living},
        {name: cpu_s(pid) for name, pid in processes.items()},
        (sum(fields) - idle) * TICK_S,
    )


def cpu_s(pid: int) -> float:
    """Of one process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_S


def report(workers: int, sessions: int, first: Seen, last: Seen) -> None:
    took_s = last.at_s - first.at_s
    each = [(done - first.workers.get(pid, 0)) / took_s for pid, done in last.workers.items()]
    shares = {name: (spent - first.cpu_s[name]) / took_s for name, spent in last.cpu_s.items()}
    others = (last.busy_s - first.busy_s) / took_s - sum(shares.values())
    print(
        f"{workers} worker{'s' * (workers > 1)}, {sessions} sessions: {(last.done - first.done) / took_s:6,.0f} rows/s",
        end="",
    )
    print(f" ({' + '.join(f'{rate:,.0f}' for rate in each)})")
    print(f"    {', '.join(f'{name} {share * 100:.0f} %' for name, share in shares.items())} of a core", end="")
    print(f"; everything else {others * 100:.0f} %", flush=True)


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def compare(port: int, server: int | None, seconds: float, sessions: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "rows.csv"
        data.write_text("id\n" + "".join(f"{row}\n" for row in range(1_000_000)))
        async with workspace(folder, port) as space:
            bench = Bench(space, data, server, seconds)
            one, crowded = await bench.rate(1, sessions), await bench.rate(1, sessions * 2)
            two = await bench.rate(2, sessions * 2)
    print(f"two workers do {two / one:.2f} x what one does with as many sessions for each", end="")
    print(f", {two / crowded:.2f} x what one does with all {sessions * 2}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("seconds", type=float, nargs="?", default=10.0)
    parser.add_argument("sessions", type=int, nargs="?", default=24)
    parser.add_argument("--simulated", action="store_true")
    parser.add_argument("--burn", type=float, default=0.0, metavar="MS")
    given = parser.parse_args()
    os.environ["BENCHMARK_BURN_MS"] = str(given.burn)
    print(
        f"{os.cpu_count()} cores"
        + (f", simulated: nothing is sent, {given.burn:g} ms burnt a row" if given.simulated else "")
    )
    if given.simulated:
        asyncio.run(compare(NOWHERE, None, given.seconds, given.sessions))
        return
    with subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            asyncio.run(compare(int(server.stdout.readline()), server.pid, given.seconds, given.sessions))
        finally:
            server.kill()


if __name__ == "__main__":
    asyncio.run(serve()) if sys.argv[1:2] == ["serve"] else main()
