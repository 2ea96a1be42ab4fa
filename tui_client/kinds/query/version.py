"""The protocol's version."""

from __future__ import annotations

from typing import ClassVar

from tui_client.kinds.query._kind import QueryKind
from tui_client.kinds.reply import response_of
from tui_client.model.exchange import Exchange
from tui_client.model.values import QueryValue


class Version(QueryKind, frozen=True, tag="version"):
    """The reply's HTTP version as text: "1.0", "1.1" or "2"."""

    title: ClassVar[str] = "HTTP version"

    def evaluate(self, exchange: Exchange) -> QueryValue:
        version = response_of(exchange, "version").http_version.removeprefix("HTTP/")
        return "2" if version == "2.0" else version


KIND = Version
