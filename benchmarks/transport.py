"""Requests a second: our transport, httpx's stock transport and bare aiohttp, side by side in one run.

    python benchmarks/transport.py [SECONDS]

64 requests in flight against a minimal asyncio server in a process of its own, which answers 50 bytes of JSON.
Rounds take turns, so that a noisy machine is noisy for all; the best round counts. SECONDS: for each round, 1 by
default, 12 rounds in all.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

import aiohttp
import httpx

from tui_client.http.trace import Trace
from tui_client.http.transport import Transport

CONCURRENCY = 64
ROUNDS = 3
BODY = b'{"id":1,"name":"a widget","price":9.95,"stock":12}'
REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)

Send = Callable[[], Awaitable[int]]


class Answer(asyncio.Protocol):
    """Answers each request head, without looking at it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(REPLY * data.count(b"\r\n\r\n"))


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def rate(send: Send, seconds: float) -> tuple[float, float]:
    """Requests a second, and CPU microseconds a request."""
    sent = 0
    end = time.perf_counter() + seconds

    async def work() -> None:
        nonlocal sent
        while time.perf_counter() < end:
            assert await send() == 50
            sent += 1

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(CONCURRENCY)))
    return sent / (time.perf_counter() - began), (time.process_time() - cpu) / sent * 1e6


async def compare(url: str, seconds: float) -> dict[str, list[tuple[float, float]]]:
    ours, stock, prebuilt = Transport(), httpx.AsyncClient(), httpx.Request("GET", url)
    async with aiohttp.ClientSession() as session, stock:

        async def by_transport(request: httpx.Request) -> int:
            response = await ours.handle_async_request(request)
            return len(await response.aread())

        async def send_prebuilt() -> int:
            return await by_transport(prebuilt)

        async def send_new() -> int:
            return await by_transport(httpx.Request("GET", url, extensions={"trace": Trace(time.monotonic())}))

        async def send_aiohttp() -> int:
            async with session.get(url) as response:
                return len(await response.read())

        async def send_stock() -> int:
            return len((await stock.get(url)).content)

        ways: dict[str, Send] = {
            "ours, prebuilt httpx.Request": send_prebuilt,
            "ours, a new httpx.Request each": send_new,
            "aiohttp": send_aiohttp,
            "httpx, stock": send_stock,
        }
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, send in ways.items():
                found[name].append(await rate(send, seconds))
    await ours.aclose()
    return found


def main() -> None:
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
        return
    seconds = float(sys.argv[1]) if sys.argv[1:] else 1.0
    with subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        try:
            found = asyncio.run(compare(f"http://127.0.0.1:{port}/", seconds))
        finally:
            server.terminate()
    peer = max(found["aiohttp"])[0]
    for name, rounds in found.items():
        best, cpu = max(rounds)
        print(f"{name:32} {best:8,.0f} requests/s {cpu:8,.0f} us CPU each   {best / peer:5.2f} x aiohttp")


if __name__ == "__main__":
    main()
