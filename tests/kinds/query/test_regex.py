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


@pytest.mark.parametrize("expr", ["id=(\\d+)", ".*"])
def test_what_can_be_read_has_no_problem(expr: str) -> None:
    """It is asked before there is a reply."""
    assert Regex(expr).problem() == ""


@pytest.mark.parametrize("expr", ["", "(", "[a", "*", "a" * 20_000])
def test_what_can_not_be_read_is_a_problem(expr: str) -> None:
    """What is not a pattern is said in words before anything is sent."""
    assert Regex(expr).problem()
