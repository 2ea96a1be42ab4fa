"""A server that counts: each arrival is a line in a file before anything is answered, so that it may be killed too.

    python benchmarks/crash_server.py PORT FOLDER SEED

`/RUN/STEP/ROW` is answered within 20 ms with a value of its own, as JSON and as a cookie; the arrival goes to
FOLDER/RUN.arrivals. PORT 0 takes a free one; the port is printed once the server listens.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import sys
import time
from pathlib import Path
from random import Random

import msgspec

SLOWEST_S = 0.02
_COOKIE = re.compile(rb"who=([0-9a-f]+)")


class Arrival(msgspec.Struct, frozen=True):
    """A request whose head came whole. got: the value in its URL, its cookie. gave: the value in the reply."""

    step: str
    row: int
    method: str
    key: str
    token: str
    got: str
    cookie: str
    gave: str
    at_ns: int


def arrivals(path: Path) -> list[Arrival]:
    """All arrivals of a run so far, in order; none while the file is not there."""
    text = path.read_bytes() if path.exists() else b""
    whole = text[: text.rfind(b"\n") + 1]
    return [msgspec.json.decode(line, type=Arrival) for line in whole.splitlines()]


class Counting(asyncio.Protocol):
    """One connection; the client sends one request at a time."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.folder = folder
        self.random = random
        self.came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.came += data
        while b"\r\n\r\n" in self.came:
            head, _, self.came = self.came.partition(b"\r\n\r\n")
            value = self.count(head)
            delay_s = self.random.uniform(0.0, SLOWEST_S)
            asyncio.get_running_loop().call_later(delay_s, self.answer, value)

    def count(self, head: bytes) -> str:
        line, *rows = head.split(b"\r\n")
        method, target, _ = line.decode().split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (row.partition(b":") for row in rows)}
        _, run, step, row, got, *_ = [*target.split("/"), "0", ""]
        cookie = _COOKIE.search(headers.get(b"cookie", b""))
        gave = secrets.token_hex(6)
        arrival = Arrival(
            step,
            int(row),
            method,
            headers.get(b"idempotency-key", b"").decode(),
            headers.get(b"authorization", b"").decode(),
            got,
            cookie[1].decode() if cookie else "",
            gave,
            time.monotonic_ns(),
        )
        with (self.folder / f"{run}.arrivals").open("ab", buffering=0) as file:
            file.write(msgspec.json.encode(arrival) + b"\n")
        return gave

    def answer(self, value: str) -> None:
        body = b'{"made": "%b"}' % value.encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: who=%b; Path=/\r\n" % value.encode()
        self.transport.write(head + b"Content-Length: %d\r\n\r\n%b" % (len(body), body))


async def serve(port: int, folder: Path, seed: int) -> None:
    random = Random(seed)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Counting(folder, random), "127.0.0.1", port)
    os.write(1, f"{server.sockets[0].getsockname()[1]}\n".encode())
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
