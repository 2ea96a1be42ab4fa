"""Headers without end, and more of them than anybody can look at."""

from __future__ import annotations

import pytest
from fault_matrix import fault
from faulty_world import World, is_cut, is_without_reply

from tui_client.errors import FailureKind
from tui_client.tui.panels.response_viewer.tables import header_rows


@fault("wire.header_flood")
@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/flood/fields", "more than 10,000 fields"),
        ("/flood/cookies", "more than 10,000 fields"),
        ("/flood/hints", "more than 10,000 fields"),
        ("/flood/one_field", "more than 262,144 bytes"),
        ("/flood/one_name", "more than 262,144 bytes"),
        ("/flood/status", "more than 262,144 bytes"),
    ],
)
async def test_a_head_without_end_is_refused_at_the_limit(world: World, path: str, detail: str) -> None:
    """Many fields, one long one, a long name, a long status line, an endless 103: too_large.headers."""
    exchange = await world.suffer(path)
    is_without_reply(exchange, FailureKind.TOO_LARGE_HEADERS)
    assert exchange.failure is not None
    assert exchange.failure.detail == detail


@fault("wire.header_flood")
async def test_trailers_without_end_keep_the_body(world: World) -> None:
    """What follows the last chunk is limited as well."""
    is_cut(await world.suffer("/flood/trailers"), FailureKind.TOO_LARGE_HEADERS, b"half")


@fault("wire.header_flood")
async def test_a_chunk_extension_without_end_keeps_the_body(world: World) -> None:
    """Nobody reads them; they may not fill memory either."""
    is_cut(await world.suffer("/flood/chunk_extension"), FailureKind.PROTOCOL, b"half")


@fault("wire.header_flood")
async def test_many_headers_below_the_limit_are_kept_and_a_thousand_drawn(world: World) -> None:
    """All 5,001 are there to be asked for; the table says how many it leaves out."""
    exchange = await world.suffer("/flood/legal?n=5000")
    assert exchange.failure is None
    assert exchange.response is not None
    assert len(exchange.response.headers) == 5002
    lines = header_rows(exchange.response.headers).plain.splitlines()
    assert len(lines) == 1001
    assert lines[-1] == "4,002 more are not shown."
