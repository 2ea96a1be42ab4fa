"""What was sent comes back, byte for byte."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json

import aiohttp
import pytest

from tui_client.demo.routes_echo import ECHO_LIMIT_BYTES
from tui_client.demo.server import Server

AWKWARD = (
    b"Host: x\r\nX-b: 1\r\nx-B: 2\r\nX-B: \r\nAccept: */*\r\nX-Bytes: caf\xe9 \xc3\xa9\r\nx_under: ok\r\n"
    b"X-Long: " + b"a" * 4000 + b"\r\nConnection: close\r\n"
)


async def exchange(server: Server, data: bytes) -> tuple[bytes, bytes]:
    """Send these bytes as they stand; head and body of what comes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(data)
    async with asyncio.timeout(10):
        reply = await reader.read()
    writer.close()
    head, _, body = reply.partition(b"\r\n\r\n")
    return head, body


async def test_raw_echo_returns_the_header_bytes(server):
    """Case, order, repeats, empty values and bytes that are not UTF-8 are as sent."""
    _, body = await exchange(server, b"GET /echo/raw HTTP/1.1\r\n" + AWKWARD + b"\r\n")
    assert body == AWKWARD


async def test_echo_tells_method_target_version_and_headers(server):
    """The target is not re-quoted; header bytes that are not UTF-8 become Latin-1 text."""
    line = b"GET /echo/a%2Fb//c?x=%7e&y=+&z=%zz HTTP/1.1\r\n"
    _, body = await exchange(server, line + AWKWARD + b"\r\n")
    reply = json.loads(body)
    assert reply["target"] == "/echo/a%2Fb//c?x=%7e&y=+&z=%zz"
    assert (reply["method"], reply["http_version"]) == ("GET", "HTTP/1.1")
    assert reply["headers"][1:4] == [["X-b", "1"], ["x-B", "2"], ["X-B", ""]]
    assert ["X-Bytes", "café Ã©"] in reply["headers"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
async def test_echo_takes_any_method(send, method):
    """With or without a body."""
    reply = await send(method, "/echo", data=b"hello")
    assert (reply.json["method"], reply.json["body"], reply.json["size"]) == (method, "hello", 5)


async def test_echo_gives_bytes_as_base64(send):
    """What is not UTF-8 comes back as base64, nothing lost."""
    reply = await send("POST", "/echo", data=b"\xff\x00\x80")
    assert (reply.json["body"], base64.b64decode(reply.json["body_base64"])) == (None, b"\xff\x00\x80")


async def test_echo_counts_large_bodies_to_their_end(send):
    """Only the first MiB is sent back; the size is that of all."""
    reply = await send("POST", "/echo", data=b"a" * (ECHO_LIMIT_BYTES + 5))
    assert (reply.json["size"], len(reply.json["body"]), reply.json["truncated"]) == (
        ECHO_LIMIT_BYTES + 5,
        ECHO_LIMIT_BYTES,
        True,
    )


@pytest.mark.parametrize("code", [200, 201, 204, 304, 400, 404, 418, 429, 500, 503, 599])
async def test_status_is_the_one_asked_for(send, code):
    """No body where none may be."""
    reply = await send("GET", f"/status/{code}")
    assert reply.status == code
    assert bool(reply.body) == (code not in (204, 304))


@pytest.mark.parametrize("path", ["/status/199", "/status/600", "/status/x", "/delay/60001", "/delay/-1"])
async def test_numbers_that_make_no_sense_are_422(send, path):
    """Instead of a broken reply."""
    assert (await send("GET", path)).status == 422


async def test_delay_takes_its_time(send):
    """At least as long as asked."""
    clock = asyncio.get_running_loop().time
    start = clock()
    assert (await send("GET", "/delay/30")).json == {"delay_ms": 30}
    assert clock() - start >= 0.03


async def test_form_fields_keep_their_order_and_blanks(send):
    """Repeats and empty values too."""
    body = b"b=1&a=2&b=&c=%2F+%C3%A9"
    reply = await send("POST", "/form", data=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert reply.json["fields"] == [["b", "1"], ["a", "2"], ["b", ""], ["c", "/ é"]]


async def test_form_and_multipart_refuse_other_bodies(send):
    """415 says what to send."""
    assert (await send("POST", "/form", json={})).status == 415
    assert (await send("POST", "/multipart", json={})).status == 415
    broken = {"Content-Type": "multipart/form-data"}
    assert (await send("POST", "/multipart", data=b"x", headers=broken)).status == 400


async def test_multipart_describes_every_part(send):
    """Name, file name, type, size and digest, in order."""
    form = aiohttp.FormData()
    form.add_field("note", "hi é", content_type="text/plain; charset=utf-8")
    form.add_field("file", b"\x89PNG\x00\xff", filename="a.png", content_type="image/png")
    note, file = (await send("POST", "/multipart", data=form)).json["parts"]
    assert (note["name"], note["text"], note["size"]) == ("note", "hi é", 5)
    assert (file["filename"], file["content_type"], file["text"]) == ("a.png", "image/png", None)
    assert file["sha256"] == hashlib.sha256(b"\x89PNG\x00\xff").hexdigest()
