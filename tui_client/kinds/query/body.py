"""The body as text."""

from __future__ import annotations

from typing import ClassVar

from tui_client.kinds.query._kind import QueryKind
from tui_client.kinds.reply import body_text
from tui_client.model.exchange import Exchange
from tui_client.model.values import QueryValue


class BodyText(QueryKind, frozen=True, tag="body"):
    """The body in the reply's charset; an error where the bytes don't fit it (then ask for `bytes`)."""

    title: ClassVar[str] = "Body"

    def evaluate(self, exchange: Exchange) -> QueryValue:
        return body_text(exchange, "body")


KIND = BodyText
