"""Replies that are no HTTP."""

from __future__ import annotations

import pytest
from fault_matrix import fault
from faulty_plays import SCRIPTS
from faulty_world import World, is_cut, is_without_reply

from tui_client.errors import FailureKind

IN_BODY = {"garbage/chunk_size", "garbage/chunk_end", "garbage/huge_chunk"}
GARBAGE = [name for name in SCRIPTS if name.startswith("garbage/")]


@fault("wire.garbage")
@pytest.mark.parametrize("name", [name for name in GARBAGE if name not in IN_BODY])
async def test_a_reply_that_is_no_http_is_refused(world: World, name: str) -> None:
    """Another protocol, a broken status line, header or length: `protocol`, with what was wrong."""
    exchange = await world.suffer(f"/{name}")
    is_without_reply(exchange, FailureKind.PROTOCOL)
    assert exchange.failure is not None and exchange.failure.detail


@fault("wire.garbage")
@pytest.mark.parametrize("name", sorted(IN_BODY))
async def test_garbage_between_chunks_keeps_what_came_before(world: World, name: str) -> None:
    """The reply's head and the chunks that were whole."""
    is_cut(await world.suffer(f"/{name}"), FailureKind.PROTOCOL, b"half")
