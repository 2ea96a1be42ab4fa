"""Headers as queries."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tui_client.kinds.query.header import Header
from tui_client.model.exchange import Exchange
from tui_client.model.values import MISSING, QueryValue


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("content-type", "text/plain"),
        ("X-A", "1"),
        (" x-a ", "1"),
        ("Set-Cookie", ["a=1", "b=2"]),
        ("X-Empty", ""),
        ("X-Latin", "caf\u00e9"),
        ("X-None", MISSING),
        ("", MISSING),
    ],
)
def test_a_header_is_text_and_a_repeated_one_a_list(
    exchange: Callable[..., Exchange], name: str, value: QueryValue
) -> None:
    """Case doesn't matter; an absent header is not an empty one."""
    reply = exchange(
        b"",
        "text/plain",
        (b"x-a", b"1"),
        (b"set-cookie", b"a=1"),
        (b"Set-Cookie", b"b=2"),
        (b"X-Empty", b""),
        (b"X-Latin", b"caf\xe9"),
    )
    assert Header(name).evaluate(reply) == value
