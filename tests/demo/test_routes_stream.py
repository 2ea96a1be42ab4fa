"""Streams of the size and at the pace asked for."""

from __future__ import annotations

import asyncio
import json

import pytest

from tui_client.demo.routes_stream import json_pieces


@pytest.mark.parametrize("size", [0, 1, 255, 65_536, 65_537, 300_000])
async def test_bytes_are_as_many_as_asked(send, size):
    """0 to 255 again and again, and a Content-Length."""
    reply = await send("GET", f"/bytes/{size}")
    assert (len(reply.body), reply.headers["Content-Length"]) == (size, str(size))
    assert reply.body == (bytes(range(256)) * (size // 256 + 1))[:size]


async def test_a_stream_can_be_chunked(send):
    """Without a length its end is known by the last chunk."""
    reply = await send("GET", "/bytes/70000?chunked=1")
    assert (reply.headers["Transfer-Encoding"], "Content-Length" in reply.headers) == ("chunked", False)
    assert len(reply.body) == 70000


async def test_a_rate_is_kept(send):
    """Never faster than asked."""
    clock = asyncio.get_running_loop().time
    start = clock()
    assert len((await send("GET", "/bytes/10000?rate=100000")).body) == 10000
    assert clock() - start >= 0.1


@pytest.mark.parametrize("path", ["/bytes/2147483649", "/bytes/x", "/json/1", "/bytes/1?rate=x", "/drip?bytes=9999999"])
async def test_sizes_out_of_range_are_422(send, path):
    """2 GiB is the most."""
    assert (await send("GET", path)).status == 422


@pytest.mark.parametrize("minified", [False, True])
@pytest.mark.parametrize("size", [2, 3, 4, 5, 150, 151, 250, 251, 1000, 65_535, 200_001])
def test_json_is_valid_and_exactly_as_long_as_asked(size, minified):
    """Every size is a whole JSON array, white space filling what no row fits in."""
    text = b"".join(json_pieces(size, minified))
    assert len(text) == size
    rows = json.loads(text)
    assert [row["id"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows or size < 300


async def test_json_is_served(send):
    """Pretty unless asked otherwise."""
    pretty, minified = await send("GET", "/json/2000"), await send("GET", "/json/2000?minified=1")
    assert b'\n    "id": 1,' in pretty.body
    assert b'[{"id":1,' in minified.body
    assert len(minified.json) > len(pretty.json) > 3


async def test_drip_sends_what_it_announces(send):
    """So many bytes, in chunks."""
    reply = await send("GET", "/drip?bytes=5&ms=1&chunk=2")
    assert (reply.body, reply.headers["Content-Length"]) == (b"*****", "5")


async def test_events_have_id_type_and_data(send):
    """As the event stream format says."""
    reply = await send("GET", "/sse?count=2&ms=1")
    assert reply.headers["Content-Type"] == "text/event-stream"
    events = reply.body.decode().split("\n\n")
    assert events[1].splitlines() == ["id: 2", "event: tick", 'data: {"id":2,"message":"event 2 of 2"}']
    assert len(events) == 3


async def test_lines_are_json(send):
    """One object a line."""
    reply = await send("GET", "/ndjson?count=3&ms=0")
    assert [json.loads(line)["id"] for line in reply.body.splitlines()] == [1, 2, 3]


async def test_events_without_an_end(server):
    """Typed and numbered, until the client leaves."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET /sse/endless?ms=0 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"Content-Type: text/event-stream\r\n" in await reader.readuntil(b"\r\n\r\n")
    assert b": still here\n\nid: 20\nevent: price\ndata: {" in await reader.readuntil(b"id: 21")
    writer.transport.abort()


@pytest.mark.parametrize(
    "path", ["/bytes/5000000", "/json/5000000", "/drip?bytes=9", "/sse", "/sse/endless", "/ndjson"]
)
async def test_head_sends_no_body(send, path):
    """And comes back at once."""
    assert (await send("HEAD", path)).body == b""


async def test_a_client_that_leaves_does_not_stop_the_server(send, server):
    """The stream to it ends; the next request is answered."""
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET /bytes/2147483648 HTTP/1.1\r\nHost: x\r\n\r\n")
    await writer.drain()
    writer.transport.abort()
    assert (await send("GET", "/users/1")).status == 200
