"""Redirects that lead nowhere."""

from __future__ import annotations

import pytest
from fault_matrix import fault
from faulty_world import World, soon

from tui_client.errors import FailureKind


@fault("wire.redirect_loop")
@pytest.mark.parametrize("path", ["/redirect/loop", "/redirect/here", "/redirect/longer"])
async def test_redirects_without_end_stop_at_the_limit(world: World, path: str) -> None:
    """To itself, to and fro, ever on: the last reply is there, and all that led to it."""
    exchange = await world.suffer(path, max_redirects=4)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.REDIRECT_TOO_MANY
    assert exchange.response is not None
    assert exchange.response.status in (302, 307)
    assert exchange.response.complete
    assert [hop.status in (302, 307) for hop in exchange.hops] == [True] * 4
    assert exchange.hops[0].request.url == world.wire.url(path)
    # Nothing but what was shown was sent; the last head is the proof that the engine still works.
    assert len(world.wire.heads) == 4 + 1 + 1


@fault("wire.redirect_loop")
async def test_redirects_that_take_their_time_stop_at_the_limit_of_all(world: World) -> None:
    """However many are allowed."""
    exchange = await world.suffer("/redirect/loop", max_redirects=10**6, timeouts=soon(total=0.1))
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TIMEOUT_TOTAL
    assert len(exchange.hops) > 4


@fault("wire.redirect_loop")
async def test_a_redirect_with_an_endless_body_is_followed(world: World) -> None:
    """Of what a redirect carries only a little is read."""
    exchange = await world.suffer("/flood/redirect_body")
    assert exchange.failure is None
    assert exchange.response is not None
    assert exchange.response.body.read() == b"hi"
