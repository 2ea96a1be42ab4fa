"""A server on loopback for measurements, in a process of its own: JSON of any size, and when requests arrived.

`/json?mb=10&form=minified` (or `lines`, `pretty`): an array that begins with BeginsHere and ends with EndsHere.
`/ping?ms=1`: 50 bytes after so many milliseconds; the time of its first byte is told on the standard output.
"""

from __future__ import annotations

import functools
import socket
import socketserver
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import parse_qs, urlsplit

_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_PING: Final = b'{"id":1,"name":"a widget","price":9.95,"stock":12}'
FORMS: Final = {
    "minified": (
        b"[",
        b",",
        b"]",
        b'{"id":%d,"name":"somebody","tags":["a","b"],"price":1.10,"text":"words to search"}',
    ),
    "lines": (
        b"[\n",
        b",\n",
        b"\n]",
        b'{"id": %d, "name": "somebody", "tags": ["a", "b"], "price": 1.10, "text": "words"}',
    ),
    "pretty": (
        b"[\n  ",
        b",\n  ",
        b"\n]",
        b'{\n    "id": %d,\n    "name": "somebody",\n    "tags": [\n      "a"\n    ],\n    "price": 1.10\n  }',
    ),
}
# A larger body repeats its first part, which is built once.
_BUILT_MB: Final = 200


@functools.cache
def _part(form: str, size: int) -> tuple[bytes, bytes]:
    """About so many bytes of items, each with a comma before it, and the end."""
    opening, comma, closing, item = FORMS[form]
    each = len(item % 100_000) + len(comma)
    items = b"".join(comma + item % number for number in range(size // each))
    return opening + b'{"begin":"BeginsHere"}' + items, comma + b'{"end":"EndsHere"}' + closing


def body_of(mb: int, form: str) -> Iterator[bytes | memoryview]:
    """The pieces of a body of about this many megabytes (1,000,000 bytes)."""
    opening, comma, _, _ = FORMS[form]
    part, end = _part(form, min(mb, _BUILT_MB) * 1_000_000)
    yield part
    for _ in range(mb // _BUILT_MB - 1):
        yield comma
        yield memoryview(part)[len(opening) :]
    yield end


class Answer(socketserver.BaseRequestHandler):
    """Answers requests without a body, one after the other."""

    request: socket.socket

    def setup(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle(self) -> None:
        while head := self.request.recv(1 << 16):
            arrived = time.monotonic()
            url = urlsplit(head.split(b" ", 2)[1].decode())
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            try:
                if url.path == "/ping":
                    time.sleep(float(query.get("ms", "0")) / 1000)
                    self.request.sendall(_HEAD % len(_PING) + _PING)
                    print(arrived, flush=True)
                else:
                    self._send(list(body_of(int(query["mb"]), query["form"])))
            except OSError:
                return

    def _send(self, pieces: list[bytes | memoryview]) -> None:
        self.request.sendall(_HEAD % sum(map(len, pieces)))
        for piece in pieces:
            self.request.sendall(piece)


class Server(socketserver.ThreadingTCPServer):
    """A thread for each connection."""

    daemon_threads = True


@contextmanager
def serving() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of a server, and its process."""
    with subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}", process
        finally:
            process.terminate()


if __name__ == "__main__":
    with Server(("127.0.0.1", 0), Answer) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()
