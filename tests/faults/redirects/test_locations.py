"""Locations that are no address, and what comes of those that barely are one."""

from __future__ import annotations

from urllib.parse import quote_from_bytes

import pytest
from fault_matrix import fault
from faulty_world import World, is_without_reply

from tui_client.errors import FailureKind

BAD = {
    "half of brackets": b"http://[",
    "empty brackets": b"http://[]/",
    "no host": b"http://",
    "only slashes": b"//",
    "three slashes": b"///",
    "a port that is none": b"http://127.0.0.1:port/",
    "a port too large": b"http://127.0.0.1:99999/",
    "port 0": b"http://127.0.0.1:0/",
    "space in the host": b"http://exam ple.com/",
    "a script": b"javascript:alert(1)",
    "a file": b"file:///etc/passwd",
    "data": b"data:text/html,hi",
    "ftp": b"ftp://127.0.0.1/",
    "a scheme without slashes": b"http:x",
    "an address that is none": b"http://1.2.3.256/",
    "an IDN that is none": "http://\u2665\ufe0f\u200d.\u202e/".encode(),
    "punycode that is none": "http://xn--\u00fc/".encode(),
    "a label too long": b"http://" + b"a" * 64 + b".test/",
    "a backslash": b"http://127.0.0.1\\@evil.test/",
    "tab inside": b"/a\tb",
    "escape": b"/\x1b[31m",
    "bell": b"/\x07",
    "delete": b"/\x7f",
    "NUL": b"/a\0b",
}


@fault("redirect.bad_location")
@pytest.mark.parametrize("location", BAD.values(), ids=BAD)
async def test_a_location_that_is_no_address_is_not_followed(world: World, location: bytes) -> None:
    """The redirect itself is the reply, whole, and nothing else is asked for."""
    await is_refused(world, f"/redirect/to?location={quote_from_bytes(location)}")


@fault("redirect.bad_location")
async def test_a_location_longer_than_any_address_is_not_followed(world: World) -> None:
    """100 kB; the failure repeats little of it."""
    await is_refused(world, "/redirect/to?location=/&pad=100000")


async def is_refused(world: World, path: str) -> None:
    exchange = await world.suffer(path)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.REDIRECT_INVALID
    assert len(exchange.failure.detail) < 400
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body.read()) == (302, b"moved")
    assert exchange.response.complete
    # The one behind it is the proof that the engine still works.
    assert len(world.wire.heads) == 2


@fault("redirect.bad_location")
@pytest.mark.parametrize("location", [b"/a\rb", b"/a\nb", b"/a\r"])
async def test_a_location_with_half_a_line_break_is_no_http(world: World, location: bytes) -> None:
    """A bare CR or LF could be read in two ways: the reply as a whole is refused."""
    exchange = await world.suffer(f"/redirect/to?location={quote_from_bytes(location)}")
    is_without_reply(exchange, FailureKind.PROTOCOL)


@fault("redirect.bad_location")
@pytest.mark.parametrize(
    ("location", "target"),
    [
        (b"/a b", b"/a%20b"),
        (b"  /a\t ", b"/a"),
        (b"/caf\xe9", b"/caf%E9"),
        ("/\u00fc".encode(), b"/%C3%BC"),
        (b"/a#\0", b"/a"),
        (b"/a\r\nX-Split: 1", b"/a"),
    ],
)
async def test_what_can_be_meant_is_followed_as_one_line(world: World, location: bytes, target: bytes) -> None:
    """Spaces and other letters are quoted; nothing of a Location can become a header of ours."""
    exchange = await world.suffer(f"/redirect/to?location={quote_from_bytes(location)}")
    assert exchange.failure is None
    assert [hop.status for hop in exchange.hops] == [302]
    head = world.wire.heads[1]
    assert head.startswith(b"GET " + target + b" HTTP/1.1\r\nHost: ")
    assert b"Split" not in head
