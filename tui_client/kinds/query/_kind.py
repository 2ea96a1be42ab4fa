"""The contract of a query."""

from __future__ import annotations

from typing import ClassVar

from tui_client.model.exchange import Exchange
from tui_client.model.kinds import Query
from tui_client.model.values import MISSING, QueryValue


class QueryKind(Query, frozen=True):
    """A query declares its fields (`expr`, if it takes one) and gives a value of an exchange."""

    title: ClassVar[str] = ""

    def problem(self) -> str:
        """Why the fields, templates filled in, can never be used, whatever the reply; "" if they can."""
        return ""

    def evaluate(self, exchange: Exchange) -> QueryValue:
        """The value, or MISSING. Raises QueryError where the question makes no sense for this reply."""
        return MISSING
