"""Bodies for queries are bounded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tui_client.errors import QueryError
from tui_client.kinds.reply import body_bytes, body_text, content_type, response_of
from tui_client.model.exchange import Exchange


class HugeBody:
    """Says that it is larger than queries read, and can't be read."""

    size = 64 * 1024 * 1024 + 1
    path: Path | None = None

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        raise AssertionError("a body that is too large was read")


def test_a_body_that_is_too_large_is_not_read(exchange: Callable[..., Exchange]) -> None:
    """The error says how large it is, and what the limit is."""
    reply = exchange()
    assert reply.response is not None
    huge = msgspec.structs.replace(reply, response=msgspec.structs.replace(reply.response, body=HugeBody()))
    for read in (body_bytes, body_text):
        with pytest.raises(QueryError, match=r"the body has 67\.1 MB; queries read 67\.1 MB at most"):
            read(huge, "json")


def test_the_last_content_type_counts(exchange: Callable[..., Exchange]) -> None:
    """As in clients; without one it is empty."""
    assert content_type(response_of(exchange(b"", "text/a", (b"content-type", b"text/b")), "body")) == "text/b"
    assert content_type(response_of(exchange(), "body")) == ""
