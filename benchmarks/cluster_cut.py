"""A distributed replay of POSTs, the network between it and one of two workers cut in the middle. Needs root and `ip`.

    python benchmarks/cluster_cut.py

The worker lives in a network namespace behind a pair of virtual interfaces, one of which is taken down: packets vanish,
nobody hears of an end. Prints how many rows arrived twice (must be 0), how many have no outcome (must be 0), and how
many are in doubt; then the link comes up again, and nothing more may arrive.
"""

from __future__ import annotations

import asyncio
import collections
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import cluster_crash
import msgspec
from replay import workspace

from tui_client.replay.engines.dask import run as cluster_run
from tui_client.replay.engines.dask.terms import ClusterTerms

SPACE = f"tui{os.getpid()}"
NEAR, FAR = "10.199.7.1", "10.199.7.2"
ROWS = 3_000
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
ARRIVED: collections.Counter[str] = collections.Counter()


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


class Server(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        for line in data.split(b"\r\n"):
            if line.startswith(b"POST /"):
                ARRIVED[line.split(b" ")[1].decode()] += 1
                asyncio.get_running_loop().call_later(0.02, self.transport.write, REPLY)


def link() -> None:
    ip("netns", "add", SPACE)
    ip("link", "add", "tuinear", "type", "veth", "peer", "name", "tuifar", "netns", SPACE)
    ip("addr", "add", f"{NEAR}/24", "dev", "tuinear")
    ip("link", "set", "tuinear", "up")
    ip("-n", SPACE, "addr", "add", f"{FAR}/24", "dev", "tuifar")
    ip("-n", SPACE, "link", "set", "tuifar", "up")
    ip("-n", SPACE, "link", "set", "lo", "up")


async def main() -> None:
    link()
    words = [cluster_crash.DASK, "scheduler", "--host", NEAR, "--port", "18799", "--no-dashboard"]
    worker = [cluster_crash.DASK, "worker", f"tcp://{NEAR}:18799", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    quiet = cluster_crash.QUIET
    processes = [
        subprocess.Popen(words, **quiet),  # type: ignore[call-overload]  # noqa: ASYNC220 - before anything is measured
        subprocess.Popen([*worker, "--host", NEAR], **quiet),  # type: ignore[call-overload]  # noqa: ASYNC220
        subprocess.Popen(["ip", "netns", "exec", SPACE, *worker, "--host", FAR], **quiet),  # type: ignore[call-overload]  # noqa: ASYNC220
    ]
    try:
        await asyncio.sleep(5)
        await cut_one()
    finally:
        for process in processes:
            process.kill()
            process.wait()
        subprocess.run(["ip", "link", "del", "tuinear"], check=False)  # noqa: ASYNC221 - at the end
        ip("netns", "del", SPACE)


async def cut_one() -> None:
    server = await asyncio.get_running_loop().create_server(Server, NEAR, 0)
    port = server.sockets[0].getsockname()[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "rows.csv"
        data.write_text("id\n" + "".join(f"{row}\n" for row in range(ROWS)))
        async with workspace(folder, port) as space:
            (space.library.root / "post.toml").write_text(f'method = "POST"\nurl = "http://{NEAR}:{port}/{{{{id}}}}"\n')
            plan = msgspec.structs.replace(space.plan(["post"]), data=data, concurrency=24)
            cluster_run._first = cluster_crash.all_of_them(2)
            terms = ClusterTerms(scheduler=f"tcp://{NEAR}:18799", listen=NEAR, silent_s=2.0)
            run = space.runs.start(plan, cluster=terms)

            async def cut() -> None:
                while len(ARRIVED) < ROWS // 3:
                    await asyncio.sleep(0.01)
                ip("link", "set", "tuinear", "down")
                # The near end has the address of the scheduler too: it is needed by the other worker.
                ip("addr", "add", f"{NEAR}/32", "dev", "lo")

            async with asyncio.TaskGroup() as group:
                cutting = group.create_task(cut())
                async for _ in run.results():
                    pass
                cutting.cancel()
            found, workers = run.summary(), run.workers
            before = sum(ARRIVED.values())
            ip("addr", "del", f"{NEAR}/32", "dev", "lo")
            ip("link", "set", "tuinear", "up")
            await asyncio.sleep(5)
    twice = sum(count > 1 for count in ARRIVED.values())
    lost = ROWS - found.passed - found.in_doubt
    print(f"workers lost {workers.lost if workers else 0}, passed {found.passed:,}, in doubt {found.in_doubt}")
    print(f"arrived twice {twice}, without an outcome {lost}, arrived later {sum(ARRIVED.values()) - before}")
    sys.exit(bool(twice or lost))


if __name__ == "__main__":
    asyncio.run(main())
