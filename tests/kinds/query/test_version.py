"""The protocol's version as a query."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tui_client.kinds.query.version import Version
from tui_client.model.exchange import Exchange


@pytest.mark.parametrize(
    ("protocol", "version"), [("HTTP/1.0", "1.0"), ("HTTP/1.1", "1.1"), ("HTTP/2", "2"), ("HTTP/2.0", "2")]
)
def test_the_version_is_text(exchange: Callable[..., Exchange], protocol: str, version: str) -> None:
    """Written as in Hurl: "1.0", "1.1" or "2"."""
    assert Version().evaluate(exchange(http_version=protocol)) == version
