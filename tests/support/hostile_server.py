"""A server whose status, headers and bodies are full of payloads, in a thread of its own."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from payloads import PAYLOADS, but, joined

# What a parser of HTTP lets through in a header: nothing below the blank.
IN_HEADERS = tuple(one for one in PAYLOADS if not any(sign < " " or sign == "\x7f" for sign in one.text))
# A carriage return ends a line of an event stream.
EVENTS = but("nul", "overwriting")


def _reply(path: str) -> bytes:
    """A reply whose body, or head, is hostile."""
    kind, body, more = "text/plain", joined(but("nul")), ""
    match path:
        case "/json":
            kind, body = "application/json", json.dumps({one.whole: one.whole for one in PAYLOADS}, ensure_ascii=False)
        case "/events":
            kind, body = "text/event-stream", "".join(f"data: {one.whole}\n\n" for one in EVENTS)
        case "/head":
            more = "".join(f"X-{one.mark}: {one.whole}\r\n" for one in IN_HEADERS)
        case "/bad":
            more = f"X: {PAYLOADS[0].whole}\r\n"
    data = body.encode()
    head = f"HTTP/1.1 200 {IN_HEADERS[0].whole}\r\nContent-Type: {kind}; charset=utf-8\r\n{more}"
    return f"{head}Content-Length: {len(data)}\r\nConnection: close\r\n\r\n".encode() + data


@contextmanager
def hostile_server() -> Iterator[str]:
    """Its base URL. /text, /json, /events: hostile bodies; /head: hostile headers; /bad: one that is no HTTP."""
    ready, loop, stop = threading.Event(), asyncio.new_event_loop(), asyncio.Event()
    found: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(_reply(head.split(b" ")[1].decode()))
        writer.close()

    async def serve() -> None:
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            found.append(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield found[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()
