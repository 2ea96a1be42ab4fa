"""The redirects on the way to the reply."""

from __future__ import annotations

from typing import ClassVar

from tui_client.kinds.query._kind import QueryKind
from tui_client.model.exchange import Exchange
from tui_client.model.values import QueryValue


class Redirects(QueryKind, frozen=True, tag="redirects"):
    """Each redirect that was followed, as `{location, status}`: the URL it led to, and its status."""

    title: ClassVar[str] = "Redirects"

    def evaluate(self, exchange: Exchange) -> QueryValue:
        urls = [*(hop.request.url for hop in exchange.hops[1:]), exchange.request.url]
        # Authentication challenges are hops too; they lead nowhere else.
        return [
            {"location": url, "status": hop.status}
            for hop, url in zip(exchange.hops, urls, strict=False)
            if 300 <= hop.status < 400
        ]


KIND = Redirects
