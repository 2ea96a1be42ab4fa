"""Redirects as a query."""

from __future__ import annotations

from collections.abc import Callable

from tui_client.kinds.query.redirects import Redirects
from tui_client.model.exchange import Exchange


def test_each_redirect_with_where_it_led(exchange: Callable[..., Exchange]) -> None:
    """In order, absolute URLs; a challenge for a password is not a redirect."""
    reply = exchange(hops=(("http://a/1", 302), ("http://a/2", 401), ("http://a/2", 307)))
    assert Redirects().evaluate(reply) == [
        {"location": "http://a/2", "status": 302},
        {"location": "http://127.0.0.1/last", "status": 307},
    ]


def test_without_redirects_the_list_is_empty(exchange: Callable[..., Exchange]) -> None:
    """So that its count is 0, not an error."""
    assert Redirects().evaluate(exchange()) == []
