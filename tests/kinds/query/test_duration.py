"""The duration as a query."""

from __future__ import annotations

from collections.abc import Callable

from tui_client.kinds.query.duration import Duration
from tui_client.model.exchange import Exchange


def test_the_duration_is_in_milliseconds(exchange: Callable[..., Exchange]) -> None:
    """To the microsecond."""
    assert Duration().evaluate(exchange(total=12.345678)) == 12.346
