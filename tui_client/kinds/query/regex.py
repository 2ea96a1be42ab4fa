"""A part of a text body, by pattern."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from tui_client.kinds.bounded import first_match, pattern_problem
from tui_client.kinds.query._kind import QueryKind
from tui_client.kinds.reply import body_text
from tui_client.model.exchange import Exchange
from tui_client.model.values import QueryValue


class Regex(QueryKind, frozen=True, tag="regex"):
    """The first group of the first match in the body, or the whole match of a pattern without groups."""

    title: ClassVar[str] = "Regex"

    expr: Annotated[str, msgspec.Meta(title="Pattern", extra={"placeholder": "id=(\\d+)"})]

    def problem(self) -> str:
        return pattern_problem(self.expr)

    def evaluate(self, exchange: Exchange) -> QueryValue:
        return first_match(self.expr, body_text(exchange, "regex"), "regex")


KIND = Regex
