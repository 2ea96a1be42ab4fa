"""The body's text as a query."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tui_client.errors import QueryError
from tui_client.kinds.query.body import BodyText
from tui_client.model.exchange import Exchange


def test_the_body_is_text_in_the_replys_charset(exchange: Callable[..., Exchange]) -> None:
    """The Content-Type's charset is used, UTF-8 without one."""
    assert BodyText().evaluate(exchange(b"caf\xe9", "text/plain; charset=latin-1")) == "caf\u00e9"
    assert BodyText().evaluate(exchange("caf\u00e9".encode())) == "caf\u00e9"
    assert BodyText().evaluate(exchange(b"")) == ""


@pytest.mark.parametrize(
    ("body", "content_type"), [(b"\xff\xfe\xfd", "text/plain; charset=utf-8"), (b"abc", "text/plain; charset=zlib")]
)
def test_a_body_that_is_not_text_is_an_error(exchange: Callable[..., Exchange], body: bytes, content_type: str) -> None:
    """Bytes that don't fit the charset are never compared as if they were read."""
    with pytest.raises(QueryError, match="the body is not text"):
        BodyText().evaluate(exchange(body, content_type))
