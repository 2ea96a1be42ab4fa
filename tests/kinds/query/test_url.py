"""The URL as a query."""

from __future__ import annotations

from collections.abc import Callable

from tui_client.kinds.query.url import Url
from tui_client.model.exchange import Exchange


def test_the_url_is_the_last_one(exchange: Callable[..., Exchange]) -> None:
    """After redirects it is where the reply came from."""
    assert Url().evaluate(exchange(hops=(("http://127.0.0.1/first", 302),))) == "http://127.0.0.1/last"
