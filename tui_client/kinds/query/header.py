"""A header of the reply."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from tui_client.kinds.query._kind import QueryKind
from tui_client.kinds.reply import response_of
from tui_client.model.exchange import Exchange, header_values
from tui_client.model.values import MISSING, QueryValue


class Header(QueryKind, frozen=True, tag="header"):
    """A header's value; a list where the header is repeated. The case of the name doesn't matter."""

    title: ClassVar[str] = "Header"

    expr: Annotated[str, msgspec.Meta(title="Name", extra={"placeholder": "Content-Type"})]

    def evaluate(self, exchange: Exchange) -> QueryValue:
        values = header_values(response_of(exchange, "header").headers, self.expr.strip())
        if not values:
            return MISSING
        return values[0] if len(values) == 1 else values


KIND = Header
