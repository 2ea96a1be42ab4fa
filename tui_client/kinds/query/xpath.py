"""A part of an HTML or XML body."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from tui_client.kinds.query._kind import QueryKind
from tui_client.model.exchange import Exchange
from tui_client.model.values import QueryValue


class XPath(QueryKind, frozen=True, tag="xpath"):
    """What an XPath 1.0 finds: text, a number, a boolean; the text of one node, a list of the texts of several.

    To count nodes, write "count(//li)". In XML, prefixes are those of the root element, "_" its default namespace.
    """

    title: ClassVar[str] = "XPath"

    expr: Annotated[str, msgspec.Meta(title="XPath", extra={"placeholder": "string(//title)"})]

    def problem(self) -> str:
        from tui_client.kinds.xpath import expression_problem  # only those who ask for it pay for lxml

        return expression_problem(self.expr)

    def evaluate(self, exchange: Exchange) -> QueryValue:
        from tui_client.kinds.xpath import select  # only those who ask for it pay for lxml

        return select(self.expr, exchange)


KIND = XPath
