"""A connection that ends when it should not."""

from __future__ import annotations

import pytest
from fault_matrix import fault
from faulty_world import World, is_cut, is_without_reply
from loopback import Peer

from tui_client.errors import FailureKind
from tui_client.kinds.body.text import Text


@fault("wire.reset")
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/reset/before", FailureKind.CONNECT_RESET),
        ("/reset/status", FailureKind.CONNECT_RESET),
        ("/reset/head", FailureKind.CONNECT_RESET),
        ("/close/before", FailureKind.CLOSED_EARLY),
        ("/close/head", FailureKind.CLOSED_EARLY),
    ],
)
async def test_an_end_before_the_head_is_whole_leaves_no_reply(world: World, path: str, kind: FailureKind) -> None:
    """The failure tells a reset from a close; the request was sent once."""
    exchange = await world.suffer(path)
    is_without_reply(exchange, kind)
    assert sum(path.encode() in head for head in world.wire.heads) == 1


@fault("wire.reset")
@pytest.mark.parametrize("path", ["/reset/body", "/reset/chunk", "/reset/until_close"])
async def test_a_reset_in_the_body_keeps_what_came(world: World, path: str) -> None:
    """However the body's end would have been known."""
    exchange = await world.suffer(path)
    is_cut(exchange, FailureKind.INCOMPLETE, b"half")
    assert exchange.failure is not None
    assert "reset" in exchange.failure.detail


@fault("wire.reset")
@pytest.mark.parametrize("path", ["/reset/after", "/close/after"])
async def test_an_end_after_a_whole_reply_costs_nothing(world: World, path: str) -> None:
    """The reply is whole, and the next request, sent at once, takes another connection."""
    exchange = await world.suffer(path)
    assert exchange.failure is None
    assert exchange.response is not None and exchange.response.complete
    assert world.wire.accepted == 2


@fault("wire.reset")
@pytest.mark.parametrize(
    ("path", "kind"), [("/reset/next", FailureKind.CONNECT_RESET), ("/close/next", FailureKind.CLOSED_EARLY)]
)
async def test_a_request_that_meets_the_end_of_a_kept_connection_fails(
    world: World, path: str, kind: FailureKind
) -> None:
    """It may have been acted on, so it is never sent again unasked; the one after it works."""
    assert (await world.send(world.wire.url(path))).failure is None
    is_without_reply(await world.send(world.wire.url("/ok?once")), kind)
    await world.fine()
    assert sum(b"?once" in head for head in world.wire.heads) == 1


@fault("wire.reset")
async def test_a_reset_in_an_upload_ends_it(world: World) -> None:
    """A body the server does not want is not pushed into a dead connection."""

    async def play(peer: Peer) -> None:
        await peer.head()
        peer.reset()

    wire = await world.loopback.start(play)
    exchange = await world.send(wire.url("/"), "POST", body=Text(content="x" * (8 << 20)))
    is_without_reply(exchange, FailureKind.CONNECT_RESET)
    await world.fine()


@fault("wire.reset")
async def test_a_reset_behind_a_redirect_keeps_the_way_there(world: World) -> None:
    """The hops that were answered are still shown."""
    exchange = await world.suffer("/redirect/to?location=/reset/body")
    is_cut(exchange, FailureKind.INCOMPLETE, b"half")
    assert [hop.status for hop in exchange.hops] == [302]
