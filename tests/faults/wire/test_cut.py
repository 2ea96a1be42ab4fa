"""Bodies that end too early, on the wire or in their compressed data."""

from __future__ import annotations

import pytest
from fault_matrix import fault
from faulty_plays import TEXT
from faulty_world import World, is_cut

from tui_client.errors import FailureKind
from tui_client.model.exchange import BodyEnd


@fault("wire.cut_length")
@pytest.mark.parametrize(("path", "kept"), [("/cut/length", b"half"), ("/cut/empty", b"")])
async def test_a_body_shorter_than_announced_is_incomplete(world: World, path: str, kept: bytes) -> None:
    """Both numbers are said; also where nothing of it came."""
    exchange = await world.suffer(path)
    is_cut(exchange, FailureKind.INCOMPLETE, kept)
    assert exchange.failure is not None
    assert f"after {len(kept)} of 100 bytes" in exchange.failure.detail


@fault("wire.cut_chunk")
@pytest.mark.parametrize("path", ["/cut/chunk", "/cut/chunk_size", "/cut/last_chunk", "/cut/trailer"])
async def test_chunks_without_their_end_are_incomplete(world: World, path: str) -> None:
    """In a chunk, in its size, before the last one, and in the trailers behind it."""
    is_cut(await world.suffer(path), FailureKind.INCOMPLETE, b"half")


@fault("wire.cut_gzip")
@pytest.mark.parametrize(
    "path",
    ["/cut/gzip", "/cut/gzip_chunks", "/cut/gzip_until_close", "/cut/gzip_and_length", "/cut/deflate", "/cut/br"],
)
async def test_compressed_data_that_ends_early_is_incomplete(world: World, path: str) -> None:
    """Also where the framing around it is whole: as much as could be decoded is there."""
    exchange = await world.suffer(path)
    assert exchange.response is not None
    kept = exchange.response.body.read()
    assert TEXT.startswith(kept) and len(kept) > len(TEXT) // 4
    is_cut(exchange, FailureKind.INCOMPLETE, kept)


@fault("wire.cut_gzip")
async def test_gzip_without_its_check_sum_is_incomplete(world: World) -> None:
    """All text is here, but nothing proves it."""
    is_cut(await world.suffer("/cut/gzip_trailer"), FailureKind.INCOMPLETE, TEXT)


@fault("wire.cut_length")
async def test_a_body_that_only_the_connections_end_ends_is_marked(world: World) -> None:
    """Nobody can know if it was all: no failure, but a badge that says so."""
    exchange = await world.suffer("/cut/until_close")
    assert exchange.failure is None
    assert exchange.response is not None
    assert (exchange.response.body.read(), exchange.response.body_end) == (b"half", BodyEnd.CLOSE)


@fault("wire.bad_gzip")
@pytest.mark.parametrize("path", ["/bad/gzip", "/bad/deflate", "/bad/br"])
async def test_a_body_that_is_not_what_it_says_keeps_its_head(world: World, path: str) -> None:
    """Nothing could be decoded; status and headers are shown."""
    exchange = await world.suffer(path)
    is_cut(exchange, FailureKind.DECODING, b"")
    assert exchange.response is not None
    assert b"Content-Encoding" in dict(exchange.response.headers)


@fault("wire.bad_gzip")
@pytest.mark.parametrize(("path", "least"), [("/bad/gzip_late", len(TEXT) // 4), ("/bad/gzip_sum", len(TEXT))])
async def test_what_was_decoded_before_the_damage_is_kept(world: World, path: str, least: int) -> None:
    """Damage in the middle, or a check sum that is another's."""
    exchange = await world.suffer(path)
    assert exchange.response is not None
    kept = exchange.response.body.read()
    assert len(kept) >= least
    assert TEXT.startswith(kept[:least])
    is_cut(exchange, FailureKind.DECODING, kept)
