"""Requests given up by the thousand cost no connection."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from cancelling import give_up_many, usable
from explorer import Explorer
from faulty_h2 import misbehave_h2
from faulty_plays import misbehave
from scale import tries

from tui_client.http.engine import Engine
from tui_client.http.transport import Transport
from tui_client.model.options import Timeouts

SLOTS = 10


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
async def test_cancels_at_any_moment_lose_no_slot(
    serve: Callable[..., Awaitable[Any]], server_tls: Callable[..., ssl.SSLContext], ca_file: str, http2: bool
) -> None:
    """Dialling, shaking hands, waiting for a slot, sending, reading: afterwards all ten connections can be used."""
    wire = await serve(misbehave_h2, tls=server_tls(alpn=("h2",))) if http2 else await serve(misbehave)
    async with Engine(transport=Transport(max_connections=SLOTS)) as engine:
        explore = Explorer(engine)

        async def send(url: str) -> None:
            await explore(url, ca=ca_file, http2=http2, timeouts=Timeouts())

        await send(wire.url("/ok"))
        count = tries(300, 10_000)
        assert await give_up_many(send, wire, count, 2 * SLOTS) > count // 2
        assert await usable(send, wire, SLOTS) == SLOTS
