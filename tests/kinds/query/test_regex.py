"""Patterns over a body."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tui_client.kinds.query.regex import Regex
from tui_client.model.exchange import Exchange
from tui_client.model.values import MISSING, QueryValue


@pytest.mark.parametrize(
    ("expr", "value"), [(r"id=(\d+)", "42"), (r"id=\d+", "id=42"), (r"(x)?id", MISSING), ("nope", MISSING)]
)
def test_the_first_group_or_the_match(exchange: Callable[..., Exchange], expr: str, value: QueryValue) -> None:
    """A group that took no part, like a pattern that doesn't match, finds nothing."""
    assert Regex(expr).evaluate(exchange(b"a id=42 id=43")) == value
