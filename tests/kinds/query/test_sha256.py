"""A digest of the body as a query."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from tui_client.kinds.query.sha256 import Sha256
from tui_client.model.exchange import Exchange


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 1024 * 1024 * 2 + 7])
def test_the_digest_is_of_all_bytes(exchange: Callable[..., Exchange], size: int) -> None:
    """Bodies that are read in pieces have the same digest as in one."""
    body = bytes(range(256)) * (size // 256 + 1)
    assert Sha256().evaluate(exchange(body[:size])) == hashlib.sha256(body[:size]).hexdigest()
