"""Several addresses of one name: the first that answers wins."""

from __future__ import annotations

import socket

import pytest

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.dial import connect_first


@pytest.fixture
def dead():
    """An address where nobody listens, for as long as the test holds it."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield (socket.AF_INET, holder.getsockname())


@pytest.mark.parametrize("order", [1, -1])
async def test_a_dead_address_gives_way_to_the_next(serve, ok, dead, order):
    """As with localhost, where ::1 often has no listener."""
    wire = await serve(ok)
    alive = (socket.AF_INET, ("127.0.0.1", wire.port))
    with await connect_first([dead, alive][::order], "h:1") as raw:
        assert raw.getpeername() == alive[1]


async def test_when_no_address_answers_the_first_reason_is_told(dead):
    """One failure for the name, with the system's reason."""
    with pytest.raises(RequestFailed) as caught:
        await connect_first([dead, dead], "h:1")
    assert (caught.value.failure.kind, caught.value.failure.subject) == (FailureKind.CONNECT_REFUSED, "h:1")


async def test_a_slow_address_does_not_hold_up_the_next(serve, ok):
    """An address that never answers costs a quarter of a second, not the connect limit."""
    wire = await serve(ok)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        full = (socket.AF_INET, listener.getsockname())
        with await connect_first([full, (socket.AF_INET, ("127.0.0.1", wire.port))], "h:1") as raw:
            assert raw.getpeername()[1] == wire.port
        for filler in fillers:
            filler.close()
