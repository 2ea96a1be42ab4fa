"""The time that is reported of a loopback request, beside what a bare asyncio client, raw httpx and curl measure.

    python benchmarks/latency.py [--requests 200]

All ask the same minimal server for the same 50 bytes of JSON, on a connection of their own for each request, in turn,
so that a noisy machine is noisy for all. Prints the medians in milliseconds and the difference to the bare client,
which must be below 2.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import httpx

from tui_client.model.step import Replied
from tui_client.replay.services import Question
from tui_client.tui.app import WorkbenchApp
from tui_client.tui.panels.response_viewer import Done
from tui_client.workspace import Workspace

BAR_MS = 2.0
BODY = b'{"id":1,"name":"a widget","price":9.95,"stock":12}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"

Measure = Callable[[], Awaitable[float]]


class Answer(asyncio.Protocol):
    """Answers one request head and closes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(HEAD % len(BODY) + BODY)
        self.transport.close()


class Nobody:
    """Nothing is asked here."""

    async def ask(self, questions: tuple[Question, ...]) -> Mapping[str, str]:
        return {}


async def serve() -> None:
    """Serve in a process of its own; the port is the first line."""
    server = await asyncio.get_running_loop().create_server(Answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def bare(port: int) -> Measure:
    """asyncio streams: connect, write, read to the end."""

    async def measure() -> float:
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert (await reader.read()).endswith(BODY)
        took_s = time.perf_counter() - began
        writer.close()
        return took_s * 1000

    return measure


def raw_httpx(client: httpx.AsyncClient, port: int) -> Measure:
    """The time that httpx's own caller sees."""

    async def measure() -> float:
        began = time.perf_counter()
        assert (await client.get(f"http://127.0.0.1:{port}/")).content == BODY
        return (time.perf_counter() - began) * 1000

    return measure


def curl(port: int) -> Measure:
    """curl's own `time_total`."""

    async def measure() -> float:
        words = ("curl", "-s", "-o", "/dev/null", "-w", "%{time_total}", f"http://127.0.0.1:{port}/")
        process = await asyncio.create_subprocess_exec(*words, stdout=subprocess.PIPE)
        out, _ = await process.communicate()
        return float(out) * 1000

    return measure


def ours(workspace: Workspace) -> Measure:
    """What `tui-client send` reports as the total."""

    async def measure() -> float:
        outcome = (await workspace.send("a")).outcome
        assert isinstance(outcome, Replied), outcome
        return outcome.exchange.timings.total

    return measure


def workbench(app: WorkbenchApp) -> Measure:
    """What the workbench shows after the send key, the screen being drawn meanwhile."""

    async def measure() -> float:
        screen = app.workbench
        assert screen is not None
        screen.action_send()
        while screen.sends.ids:
            await asyncio.sleep(0.005)
        view = screen.replies.view(screen.requests.active)
        assert isinstance(view, Done), view
        return view.exchange.timings.total

    return measure


async def compare(port: int, requests: int) -> dict[str, float]:
    """Median milliseconds of each client."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "latency"
        root.mkdir()
        (root / "collection.toml").write_text(f'format = 1\nbase_url = "http://127.0.0.1:{port}"\n')
        (root / "a.toml").write_text('url = "/"\n')
        app = WorkbenchApp(root, first="a")
        async with (
            httpx.AsyncClient() as client,
            Workspace.open(root, asker=Nobody(), data_dir=Path(scratch)) as workspace,
            app.run_test(size=(160, 48)),
        ):
            while app.workbench is None or not app.workbench.is_mounted:
                await asyncio.sleep(0.05)
            await asyncio.sleep(1)
            clients = {
                "bare asyncio": bare(port),
                "tui-client": ours(workspace),
                "workbench": workbench(app),
                "httpx": raw_httpx(client, port),
            }
            if shutil.which("curl"):
                clients["curl"] = curl(port)
            times: dict[str, list[float]] = {name: [] for name in clients}
            for _ in range(requests):
                for name, measure in clients.items():
                    times[name].append(await measure())
    return {name: statistics.median(found) for name, found in times.items()}


def main() -> int:
    """Print the medians; exits with 1 if ours is beyond the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    options = parser.parse_args()
    with subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            found = asyncio.run(compare(int(server.stdout.readline()), options.requests))
        finally:
            server.terminate()
    base = found["bare asyncio"]
    for name, median_ms in found.items():
        print(f"{name:<14} {median_ms:7.3f} ms   {median_ms - base:+.3f}")
    off_ms = max(abs(found[name] - base) for name in ("tui-client", "workbench"))
    print(f"the time tui-client reports is off by {off_ms:.3f} ms at most (bar {BAR_MS:g})")
    return 0 if off_ms < BAR_MS else 1


if __name__ == "__main__":
    if "--serve" in sys.argv:
        asyncio.run(serve())
    sys.exit(main())
