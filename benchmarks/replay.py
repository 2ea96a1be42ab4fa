"""Requests a second of a whole replay, journal on, beside stock httpx and bare aiohttp in one run.

    python benchmarks/replay.py [ROWS] [--at N]

A CSV of ROWS rows (10,000 by default) is replayed against a minimal asyncio server in a process of its own, which
answers 50 bytes of JSON; each row is one GET whose URL holds its id, with one assert. The peers send the same URLs and
look at the status, nothing more: no file, no assert, no journal. All have N (64) in flight. Rounds take turns, so that
a noisy machine is noisy for all; the best round of each counts. CPU is of the sending process, all its threads.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import aiohttp
import httpx
import msgspec

from tui_client.replay.services import Question
from tui_client.workspace import Workspace

ROUNDS = 3
STOCK_SHARE = 8  # stock httpx sends so many times fewer, or the round would take a minute

Send = Callable[[str], Awaitable[int]]


class NobodyAsks:
    """There are no prompts."""

    async def ask(self, questions: tuple[Question, ...]) -> Mapping[str, str]:
        raise AssertionError(questions)


class Figure(msgspec.Struct, frozen=True, order=True):
    """Requests a second, and CPU microseconds a request."""

    rate: float
    cpu_us: float


async def measured(count: int, work: Awaitable[None]) -> Figure:
    began, cpu = time.perf_counter(), time.process_time()
    await work
    return Figure(count / (time.perf_counter() - began), (time.process_time() - cpu) / count * 1e6)


async def gather(send: Send, urls: list[str], at_once: int) -> None:
    """All URLs, `at_once` in flight: each worker takes the next one."""
    left = iter(urls)

    async def work() -> None:
        for url in left:
            assert await send(url) == 200

    await asyncio.gather(*(work() for _ in range(at_once)))


@asynccontextmanager
async def workspace(folder: Path, port: int) -> AsyncIterator[Workspace]:
    root = folder / "shop"
    root.mkdir()
    (root / "collection.toml").write_text(f'format = 1\nbase_url = "http://127.0.0.1:{port}"\n')
    (root / "get.toml").write_text('url = "/users/{{id}}"\n[[assert]]\nquery = "status"\nop = "=="\nvalue = 200\n')
    async with Workspace.open(root, asker=NobodyAsks(), data_dir=folder / "state") as opened:
        yield opened


async def replay(space: Workspace, data: Path, rows: int, at_once: int, *, journalled: bool) -> None:
    plan = msgspec.structs.replace(space.plan(["get"]), data=data, concurrency=at_once)
    run = space.replay(plan, journalled=journalled)
    async with aclosing(run.results()) as results:
        async for _ in results:
            pass
    assert run.summary().passed == rows, run.summary()


async def compare(port: int, rows: int, at_once: int) -> dict[str, list[Figure]]:
    urls = [f"http://127.0.0.1:{port}/users/{number}" for number in range(rows)]
    fewer = urls[: max(at_once, rows // STOCK_SHARE)]
    found: dict[str, list[Figure]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "rows.csv"
        data.write_text("id,name\n" + "".join(f"{number},name {number}\n" for number in range(rows)))
        async with workspace(folder, port) as space, aiohttp.ClientSession() as session, httpx.AsyncClient() as stock:

            async def by_aiohttp(url: str) -> int:
                async with session.get(url) as response:
                    await response.read()
                    return response.status

            async def by_stock(url: str) -> int:
                return (await stock.get(url)).status_code

            for _ in range(ROUNDS):
                for label, count, work in (
                    ("replay, journal on", rows, replay(space, data, rows, at_once, journalled=True)),
                    ("replay, no journal", rows, replay(space, data, rows, at_once, journalled=False)),
                    ("aiohttp, bare loop", rows, gather(by_aiohttp, urls, at_once)),
                    ("httpx, stock, gather", len(fewer), gather(by_stock, fewer, at_once)),
                ):
                    found.setdefault(label, []).append(await measured(count, work))
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("rows", type=int, nargs="?", default=10_000)
    options.add_argument("--at", type=int, default=64)
    given = options.parse_args()
    server = [sys.executable, str(Path(__file__).with_name("transport.py")), "serve"]
    with subprocess.Popen(server, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        try:
            found = asyncio.run(compare(port, given.rows, given.at))
        finally:
            process.terminate()
    best = {label: max(figures) for label, figures in found.items()}
    for label, figure in best.items():
        print(f"{label:22} {figure.rate:8,.0f} requests/s {figure.cpu_us:7,.0f} us CPU each")
    ours, without = best["replay, journal on"], best["replay, no journal"]
    print(f"\nat {given.at} in flight, {given.rows:,} rows:")
    print(f"  {ours.rate / best['httpx, stock, gather'].rate:5.1f} x stock httpx")
    print(f"  {ours.rate / best['aiohttp, bare loop'].rate:5.2f} x bare aiohttp")
    print(f"  the journal costs {(1 - ours.rate / without.rate) * 100:.0f} % of the throughput")


if __name__ == "__main__":
    main()
