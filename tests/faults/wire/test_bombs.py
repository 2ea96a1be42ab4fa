"""Small bodies that become large ones."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import bomb_child
import pytest
from fault_matrix import fault
from faulty_plays import misbehave
from faulty_world import LIMIT_BYTES, World, is_cut
from loopback import Loopback
from scale import tries

from tui_client.errors import FailureKind

# More than may be held: a body in memory would be seen.
MIB = tries(80, 1024)
ALLOWED_MB = 64
BOMBS = ["gzip", "deflate", "br", "chunks"]
NESTED = ["gzip2", "gzip5"]


async def costs(names: list[str]) -> list[dict[str, object]]:
    """What each bomb costs a program that has never held more."""
    loopback = Loopback()
    wire = await loopback.start(misbehave)
    urls = [wire.url(f"/bomb/{name}?mib={MIB}") for name in names]
    words = [sys.executable, str(Path(bomb_child.__file__)), "ours", "4000", *urls]
    child = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    try:
        async with asyncio.timeout(60):
            told, _ = await child.communicate()
    finally:
        if child.returncode is None:
            child.kill()
        await loopback.aclose()
    return [json.loads(line) for line in told.splitlines()]


@fault("wire.bomb")
async def test_a_bomb_is_decoded_without_holding_it() -> None:
    """gzip, deflate, Brotli, and gzip in chunks: each kept whole, in a file."""
    told = await costs(BOMBS)
    assert [(one["bytes"], one["end"]) for one in told] == [(MIB << 20, "whole")] * len(BOMBS)
    assert max(one["rise_mb"] for one in told) < ALLOWED_MB


@fault("wire.nested_bomb")
async def test_a_nested_bomb_is_decoded_without_holding_it() -> None:
    """gzip twice and five times: no layer is ever held whole."""
    told = await costs(NESTED)
    assert [(one["bytes"], one["end"]) for one in told] == [(MIB << 20, "whole")] * len(NESTED)
    assert max(one["rise_mb"] for one in told) < ALLOWED_MB


@fault("wire.bomb")
@pytest.mark.parametrize("name", BOMBS)
async def test_a_bomb_is_cut_at_the_limit_of_a_body(world: World, name: str) -> None:
    """What fits is kept, and the note says that the rest was cut."""
    exchange = await world.suffer(f"/bomb/{name}?mib=6")
    is_cut(exchange, FailureKind.TOO_LARGE_BODY, bytes(LIMIT_BYTES))
    assert exchange.response is not None
    assert "the rest was cut" in exchange.response.note


@fault("wire.nested_bomb")
async def test_a_nested_bomb_is_cut_at_the_limit_of_a_body(world: World) -> None:
    """As any other."""
    is_cut(await world.suffer("/bomb/gzip5?mib=6"), FailureKind.TOO_LARGE_BODY, bytes(LIMIT_BYTES))


@fault("wire.nested_bomb")
async def test_more_encodings_than_five_are_refused(world: World) -> None:
    """Nothing of it is decoded; the head is there."""
    is_cut(await world.suffer("/bad/six_times"), FailureKind.DECODING, b"")


@fault("wire.bomb")
async def test_an_encoding_we_do_not_know_is_left_alone(world: World) -> None:
    """Zstandard is never asked for: the compressed bytes are the body, and the note says so."""
    exchange = await world.suffer("/bomb/zstd?mib=64")
    assert exchange.failure is None
    assert exchange.response is not None
    assert exchange.response.body.read(0, 4) == b"\x28\xb5\x2f\xfd"
    assert "zstd is not known" in exchange.response.note


@fault("wire.bomb")
async def test_a_body_without_end_is_cut_at_the_limit(world: World) -> None:
    """Plain bytes, as fast as they come."""
    is_cut(await world.suffer("/flood/body"), FailureKind.TOO_LARGE_BODY, LIMIT_BYTES * b"x")
