"""A loopback server in threads of its own: notes what arrives, answers what it is told, holds what it is told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Counting:
    """What arrived, "GET /users", and how it is answered.

    heads, received: the headers and the body of each, as text. cookies: Set-Cookie of each reply, by path.
    bodies, statuses: by path, "{}" and 200 where nothing is said. once: statuses of the first replies, by path.
    A path that begins with /slow waits for `gate`; `waiting` is released for each that does.
    """

    def __init__(self) -> None:
        self.arrived: list[str] = []
        self.heads: list[str] = []
        self.received: list[str] = []
        self.cookies: dict[str, str] = {}
        self.bodies: dict[str, str] = {}
        self.statuses: dict[str, int] = {}
        self.once: dict[str, list[int]] = {}
        self.gate = threading.Event()
        self.waiting = threading.Semaphore(0)
        self.base_url = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """One answer for all methods."""
        received = handler.rfile.read(int(handler.headers.get("Content-Length", "0")))
        self.received.append(received.decode(errors="replace"))
        self.heads.append(str(handler.headers))
        path = handler.path.partition("?")[0]
        self.arrived.append(f"{handler.command} {handler.path}")
        if path.startswith("/slow"):
            self.waiting.release()
            self.gate.wait(30)
        body = self.bodies.get(path, "{}").encode()
        once = self.once.get(path)
        handler.send_response(once.pop(0) if once else self.statuses.get(path, 200))
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        if path in self.cookies:
            handler.send_header("Set-Cookie", self.cookies[path])
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)


@contextmanager
def counting_server() -> Iterator[Counting]:
    """The server, on a free port."""
    found = Counting()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet: two would wait for each other's acknowledgement

        def do_GET(self) -> None:
            found.answer(self)

        do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET  # noqa: N815 - the names that http.server looks for

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: what arrived is in the list."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Nothing: clients that are killed close their connections."""

    server = Server(("127.0.0.1", 0), Handler)
    found.base_url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.gate.set()
        server.shutdown()
        server.server_close()
