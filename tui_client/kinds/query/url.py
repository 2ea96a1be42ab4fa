"""Where the reply came from."""

from __future__ import annotations

from typing import ClassVar

from tui_client.kinds.query._kind import QueryKind
from tui_client.model.exchange import Exchange
from tui_client.model.values import QueryValue


class Url(QueryKind, frozen=True, tag="url"):
    """The URL that was asked last, after all redirects."""

    title: ClassVar[str] = "URL"

    def evaluate(self, exchange: Exchange) -> QueryValue:
        return exchange.request.url


KIND = Url
