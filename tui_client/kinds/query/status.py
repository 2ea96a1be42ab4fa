"""The status code."""

from __future__ import annotations

from typing import ClassVar

from tui_client.kinds.query._kind import QueryKind
from tui_client.kinds.reply import response_of
from tui_client.model.exchange import Exchange
from tui_client.model.values import QueryValue


class Status(QueryKind, frozen=True, tag="status"):
    """The reply's status as an integer: 200."""

    title: ClassVar[str] = "Status"

    def evaluate(self, exchange: Exchange) -> QueryValue:
        return response_of(exchange, "status").status


KIND = Status
