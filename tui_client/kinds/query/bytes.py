"""The body as bytes."""

from __future__ import annotations

from typing import ClassVar

from tui_client.kinds.query._kind import QueryKind
from tui_client.kinds.reply import body_bytes
from tui_client.model.exchange import Exchange
from tui_client.model.values import QueryValue


class BodyBytes(QueryKind, frozen=True, tag="bytes"):
    """The body's bytes, Content-Encoding undone; for `count`, `decode` and `base64Encode`."""

    title: ClassVar[str] = "Bytes"

    def evaluate(self, exchange: Exchange) -> QueryValue:
        return body_bytes(exchange, "bytes")


KIND = BodyBytes
