"""The status as a query."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tui_client.errors import QueryError
from tui_client.kinds.query.status import Status
from tui_client.model.exchange import Exchange


def test_the_status_is_an_integer(exchange: Callable[..., Exchange]) -> None:
    """201 is the number, not the text."""
    assert Status().evaluate(exchange(status=201)) == 201


def test_without_a_reply_there_is_no_status(no_reply: Exchange) -> None:
    """Asking a send that got no reply is an error, not a wrong status."""
    with pytest.raises(QueryError, match="there is no reply"):
        Status().evaluate(no_reply)
