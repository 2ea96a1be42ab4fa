"""Replies that take their time or their size: streams of bytes, JSON, events and lines."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Iterator

import msgspec
from aiohttp import web

from tui_client.demo.endpoint import BINARY, PROBLEM, TEXT, Answer, Endpoint, QueryParameter
from tui_client.demo.parameters import path_number, query_flag, query_number

BYTES_LIMIT = 2 << 30
_CHUNK = 1 << 16
_SLICE_S = 0.05
_BLOCK = bytes(range(256)) * (_CHUNK // 256)


class Pace:
    """Holds a stream to `rate` bytes a second on an absolute schedule; 0 is full speed."""

    def __init__(self, rate: int) -> None:
        self.chunk = _CHUNK if rate == 0 else max(1, min(_CHUNK, int(rate * _SLICE_S)))
        self._rate = rate
        self._clock = asyncio.get_running_loop().time
        self._start = self._clock()

    async def wait(self, sent: int) -> None:
        """Until this many bytes were due."""
        if self._rate:
            await asyncio.sleep(max(0.0, self._start + sent / self._rate - self._clock()))


async def _stream(request: web.Request, size: int, pieces: Iterator[bytes], media_type: str) -> web.StreamResponse:
    rate = query_number(request, "rate", 0, 0, 10**10)
    response = web.StreamResponse(headers={"Content-Type": media_type})
    if query_flag(request, "chunked"):
        response.enable_chunked_encoding()
    else:
        response.content_length = size
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    pace, sent = Pace(rate), 0
    for piece in pieces:
        view = memoryview(piece)
        for start in range(0, len(piece), pace.chunk):
            part = view[start : start + pace.chunk]
            sent += len(part)
            await pace.wait(sent)
            await response.write(part)
    await response.write_eof()
    return response


def _blocks(size: int) -> Iterator[bytes]:
    for start in range(0, size, _CHUNK):
        yield _BLOCK[: size - start]


async def stream_bytes(request: web.Request) -> web.StreamResponse:
    """n bytes, 0 to 255 again and again."""
    size = path_number(request, "n", 0, BYTES_LIMIT)
    return await _stream(request, size, _blocks(size), "application/octet-stream")


_PRETTY = """\
  {{
    "id": {0},
    "name": "{1} {2}",
    "email": "{1}.{2}@shop.example",
    "active": {3},
    "balance": {4}.{5:02d},
    "tags": ["{6}", "{7}"],
    "address": {{"city": "{8}", "zip": "{9:05d}"}}
  }}"""
_MINIFIED = "".join(part.strip() for part in _PRETTY.splitlines()).replace('": ', '":').replace('", "', '","')
_FIRST = ("Ada", "Grace", "Linus", "Barbara", "Edsger", "Margaret", "Alan")
_LAST = ("Okafor", "Lindqvist", "Moreau", "Tanaka", "Silva")
_TAGS = ("beta", "remote", "admin", "early", "trial", "paid")
_CITIES = ("Lagos", "Uppsala", "Lyon", "Osaka", "Porto", "Zürich")


def json_pieces(size: int, minified: bool = False) -> Iterator[bytes]:
    """A JSON array of exactly `size` bytes (at least 2), in pieces of some 64 KiB; spaces fill what no row fits in."""
    row, opening, comma, closing = (_MINIFIED, "[", ",", "]") if minified else (_PRETTY, "[\n", ",\n", "\n]")
    if size < len(opening) + len(closing):
        yield b"[" + b" " * (size - 2) + b"]"
        return
    left, buffer, number, before = size - len(opening) - len(closing), bytearray(opening.encode()), 0, ""
    while True:
        number += 1
        text = (before + _record(row, number)).encode()
        if len(text) > left:
            break
        buffer += text
        left -= len(text)
        before = comma
        if len(buffer) >= _CHUNK:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer) + b" " * left + closing.encode()


def _record(row: str, number: int) -> str:
    return row.format(
        number,
        _FIRST[number % 7],
        _LAST[number % 5],
        "true" if number % 3 else "false",
        number * 37 % 9000,
        number * 13 % 100,
        _TAGS[number % 6],
        _TAGS[(number + 2) % 6],
        _CITIES[number % 6],
        number * 7919 % 100_000,
    )


async def stream_json(request: web.Request) -> web.StreamResponse:
    """A JSON array of n bytes."""
    size = path_number(request, "n", 2, BYTES_LIMIT)
    return await _stream(request, size, json_pieces(size, query_flag(request, "minified")), "application/json")


async def drip(request: web.Request) -> web.StreamResponse:
    """A few bytes at a time."""
    size = query_number(request, "bytes", 10, 0, 1_000_000)
    wait_s = query_number(request, "ms", 100, 0, 60_000) / 1000
    chunk = query_number(request, "chunk", 1, 1, _CHUNK)
    response = web.StreamResponse(headers={"Content-Type": "text/plain", "Content-Length": str(size)})
    await response.prepare(request)
    for start in range(0, size if request.method != "HEAD" else 0, chunk):
        await response.write(b"*" * min(chunk, size - start))
        await asyncio.sleep(wait_s)
    await response.write_eof()
    return response


async def _lines(request: web.Request, media_type: str, template: str) -> web.StreamResponse:
    count = query_number(request, "count", 5, 0, 1_000_000)
    wait_s = query_number(request, "ms", 100, 0, 60_000) / 1000
    headers = {"Content-Type": media_type, "Cache-Control": "no-store"}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    for number in range(1, count + 1 if request.method != "HEAD" else 1):
        row = msgspec.json.encode({"id": number, "message": f"event {number} of {count}"}).decode()
        await response.write(template.format(number, row).encode())
        if number < count:
            await asyncio.sleep(wait_s)
    await response.write_eof()
    return response


async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events."""
    return await _lines(request, "text/event-stream", "id: {0}\nevent: tick\ndata: {1}\n\n")


_KINDS = ("price", "order", "price", "stock")


async def endless_events(request: web.Request) -> web.StreamResponse:
    """Server-sent events of some types until the client leaves, a comment now and then."""
    wait_s = query_number(request, "ms", 100, 0, 60_000) / 1000
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    # Its end is that the client leaves.
    with contextlib.suppress(ConnectionResetError):
        for number in itertools.count(1) if request.method != "HEAD" else ():
            kind, data = _KINDS[number % len(_KINDS)], msgspec.json.encode({"id": number, "cents": number * 37 % 9000})
            heartbeat = b": still here\n\n" if number % 20 == 0 else b""
            await response.write(heartbeat + b"id: %d\nevent: %b\ndata: %b\n\n" % (number, kind.encode(), data))
            await asyncio.sleep(wait_s)
    return response


async def ndjson(request: web.Request) -> web.StreamResponse:
    """One JSON object a line."""
    return await _lines(request, "application/x-ndjson", "{1}\n")


_RATE = (
    QueryParameter("rate", "Bytes a second; 0 is full speed"),
    QueryParameter("chunked", "1 for chunked instead of Content-Length"),
)
_COUNT = (QueryParameter("count", "How many"), QueryParameter("ms", "Milliseconds between them"))

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/bytes/{n}",
        handler=stream_bytes,
        summary="A stream of n bytes, up to 2 GiB",
        tag="streams",
        query=_RATE,
        answers={200: Answer("The bytes", "application/octet-stream", BINARY), 422: PROBLEM},
        example="/bytes/1024",
    ),
    Endpoint(
        method="GET",
        path="/json/{n}",
        handler=stream_json,
        summary="A JSON array of exactly n bytes",
        tag="streams",
        query=(*_RATE, QueryParameter("minified", "1 for no white space")),
        answers={200: Answer("The array", schema={"type": "array"}), 422: PROBLEM},
        example="/json/2000",
    ),
    Endpoint(
        method="GET",
        path="/drip",
        handler=drip,
        summary="A body that arrives a few bytes at a time",
        tag="timing",
        query=(
            QueryParameter("bytes", "How many in all"),
            QueryParameter("ms", "Milliseconds between chunks"),
            QueryParameter("chunk", "Bytes in a chunk"),
        ),
        answers={200: Answer("Stars", "text/plain", TEXT), 422: PROBLEM},
        example="/drip?bytes=20&ms=50",
    ),
    Endpoint(
        method="GET",
        path="/sse",
        handler=events,
        summary="Server-sent events",
        tag="streams",
        query=_COUNT,
        answers={200: Answer("Events", "text/event-stream", TEXT), 422: PROBLEM},
        example="/sse?count=3",
    ),
    Endpoint(
        method="GET",
        path="/sse/endless",
        handler=endless_events,
        summary="Server-sent events without an end",
        tag="streams",
        query=(QueryParameter("ms", "Milliseconds between them"),),
        answers={200: Answer("Events", "text/event-stream", TEXT), 422: PROBLEM},
        example="/sse/endless?ms=200",
    ),
    Endpoint(
        method="GET",
        path="/ndjson",
        handler=ndjson,
        summary="JSON lines",
        tag="streams",
        query=_COUNT,
        answers={200: Answer("One object a line", "application/x-ndjson", TEXT), 422: PROBLEM},
        example="/ndjson?count=3",
    ),
)
