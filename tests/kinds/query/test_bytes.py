"""The body's bytes as a query."""

from __future__ import annotations

from collections.abc import Callable

from tui_client.kinds.query.bytes import BodyBytes
from tui_client.model.exchange import Exchange


def test_bytes_are_as_they_came(exchange: Callable[..., Exchange]) -> None:
    """No charset, no newline, nothing is touched."""
    assert BodyBytes().evaluate(exchange(b"\x00\xff\r\n", "text/plain; charset=idna")) == b"\x00\xff\r\n"
