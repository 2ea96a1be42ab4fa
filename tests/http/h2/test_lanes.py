"""Which exchange gets which connections, and when those are closed."""

from __future__ import annotations

from typing import Any

import pytest

from tui_client.http.h2.lanes import Lanes

HERE = ("https", b"here.test", None)


class Inner:
    """Stands for the connections."""

    def __init__(self) -> None:
        self.closed = False

    async def aclose(self) -> None:
        self.closed = True


@pytest.fixture
def lanes() -> Lanes:
    async def make() -> Any:
        return Inner()

    return Lanes(make)


async def test_exchanges_with_one_origin_share_a_lane(lanes: Lanes) -> None:
    """At once and one after the other; another origin has its own."""
    first, second = await lanes.take(HERE), await lanes.take(HERE)
    await lanes.leave(first, given_up=False)
    assert first is second is await lanes.take(HERE)
    assert first is not await lanes.take(("https", b"here.test", 8443))


async def test_one_that_is_given_up_retires_its_lane(lanes: Lanes) -> None:
    """Who comes next has another one; who is on it stays, and the last one closes it."""
    mine, other = await lanes.take(HERE), await lanes.take(HERE)
    await lanes.leave(mine, given_up=True)
    fresh = await lanes.take(HERE)
    assert fresh is not mine
    assert not mine.inner.closed  # type: ignore[attr-defined]  # the fake's
    await lanes.leave(other, given_up=True)
    assert mine.inner.closed  # type: ignore[attr-defined]  # the fake's
    assert await lanes.take(HERE) is fresh


async def test_the_end_closes_all(lanes: Lanes) -> None:
    """Those in use and those that are retired."""
    retired, _ = await lanes.take(HERE), await lanes.take(HERE)
    await lanes.leave(retired, given_up=True)
    fresh = await lanes.take(HERE)
    await lanes.aclose()
    assert retired.inner.closed and fresh.inner.closed  # type: ignore[attr-defined]  # the fake's
