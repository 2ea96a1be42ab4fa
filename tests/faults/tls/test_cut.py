"""Connections that end without TLS's own end, as an attacker could end them."""

from __future__ import annotations

from typing import Any

import pytest
import trustme
from fault_matrix import fault
from faulty_tls import start_tls
from faulty_world import World, is_cut

from tui_client.errors import FailureKind
from tui_client.model.exchange import BodyEnd, Exchange


@pytest.fixture
async def cut(world: World, authority: trustme.CA, ca_file: str) -> Any:
    """Send to a server that never says that TLS is over; the next request on the same engine then gets its reply."""
    server = await start_tls(world.loopback, authority, "cut")

    async def send(path: str) -> Exchange:
        exchange = await world.send(server.url(path), ca=ca_file)
        await world.fine(server.url("/ok"), ca=ca_file)
        return exchange

    return send


@fault("tls.cut")
async def test_a_body_of_known_length_is_whole(cut: Any) -> None:
    """Its own framing proves that all of it came."""
    exchange = await cut("/close/after")
    assert exchange.failure is None
    assert (exchange.response.complete, exchange.response.body_end) == (True, BodyEnd.LENGTH)


@fault("tls.cut")
async def test_a_body_that_only_the_end_ends_is_badged(cut: Any) -> None:
    """Nobody can tell it from one that was cut."""
    exchange = await cut("/cut/until_close")
    assert exchange.failure is None
    assert (exchange.response.body.read(), exchange.response.body_end) == (b"half", BodyEnd.CLOSE)


@fault("tls.cut")
@pytest.mark.parametrize("path", ["/cut/length", "/cut/chunk", "/cut/last_chunk", "/reset/body", "/reset/until_close"])
async def test_a_body_that_lacks_its_end_is_incomplete(cut: Any, path: str) -> None:
    """Length and chunks tell, and so does a reset."""
    is_cut(await cut(path), FailureKind.INCOMPLETE, b"half")


@fault("tls.cut")
async def test_compressed_data_that_lacks_its_end_is_incomplete(cut: Any) -> None:
    """Where nothing else tells, the compressed data does."""
    exchange = await cut("/cut/gzip_until_close")
    is_cut(exchange, FailureKind.INCOMPLETE, exchange.response.body.read())
