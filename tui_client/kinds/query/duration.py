"""How long the exchange took."""

from __future__ import annotations

from typing import ClassVar

from tui_client.kinds.query._kind import QueryKind
from tui_client.model.exchange import Exchange
from tui_client.model.values import QueryValue


class Duration(QueryKind, frozen=True, tag="duration"):
    """Milliseconds from the call to the last byte, redirects included."""

    title: ClassVar[str] = "Duration (ms)"

    def evaluate(self, exchange: Exchange) -> QueryValue:
        return round(exchange.timings.total, 3)


KIND = Duration
