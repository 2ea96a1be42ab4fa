"""A part of a JSON body."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from tui_client.kinds.query._kind import QueryKind
from tui_client.kinds.reply import body_json
from tui_client.model.exchange import Exchange
from tui_client.model.values import QueryValue


class Json(QueryKind, frozen=True, tag="json"):
    """What a JSONPath (RFC 9535) finds: the value of a singular query ("$.user.id"), else a list ("$.users[*].id")."""

    title: ClassVar[str] = "JSONPath"

    expr: Annotated[str, msgspec.Meta(title="JSONPath", extra={"placeholder": "$.id"})]

    def problem(self) -> str:
        from tui_client.kinds.jsonpath import expression_problem  # only those who ask for JSON pay for the import

        return expression_problem(self.expr)

    def evaluate(self, exchange: Exchange) -> QueryValue:
        from tui_client.kinds.jsonpath import select  # only those who ask for JSON pay for the import

        return select(self.expr, body_json(exchange, "json"))


KIND = Json
