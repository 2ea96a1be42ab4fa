"""Whether a JSON body is as a schema says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, ClassVar

import msgspec

from tui_client.errors import QueryError
from tui_client.kinds.query._kind import QueryKind
from tui_client.kinds.reply import body_json, response_of
from tui_client.model.exchange import Exchange, Response
from tui_client.model.values import QueryValue


class Schema(QueryKind, frozen=True, tag="schema"):
    """All in which the body does not fit a JSON Schema, "/items/0/id: 'x' is not of type integer"; [] if it fits.

    The schema is in a file of the collection, or written out. Without both it is that of the operation that the request
    was imported for: what its OpenAPI document says of a reply of this status and media type.
    """

    title: ClassVar[str] = "JSON Schema"

    file: Annotated[str, msgspec.Meta(title="File", extra={"template": "off", "placeholder": "schemas/user.json"})] = ""
    text: Annotated[str, msgspec.Meta(title="JSON Schema", extra={"template": "off", "multiline": True})] = ""

    @property
    def expr(self) -> str:
        """What reports call it."""
        return self.file

    def problem(self) -> str:
        if self.file and self.text:
            return "takes a file or a text, not both"
        if not self.text:
            return ""
        from tui_client.kinds.json_schema import schema_problem  # only those who check schemas pay for the import

        return schema_problem(self.text)

    def evaluate(self, exchange: Exchange) -> QueryValue:
        from tui_client.kinds.json_schema import judge_of
        from tui_client.kinds.schema_problems import problems_of

        if self.file and self.text:
            raise QueryError("schema", self.problem())
        response = response_of(exchange, "schema")
        text = self._text(response)
        if not text:
            return [] if not response.body.size else ["the reply has a body, and none is documented"]
        value = body_json(exchange, "schema")
        return list(problems_of(judge_of(text), value, response.body.size))

    def _text(self, response: Response) -> str:
        if self.text:
            return self.text
        raise QueryError("schema", "can only be asked of a request that stands in a collection")


class BoundSchema(Schema, frozen=True, tag="schema"):
    """The same once it is known where to look. find: the schema for a reply, "" if it must be without a body."""

    find: Callable[[Response], str] = lambda _: ""

    def _text(self, response: Response) -> str:
        return self.find(response)

    def unbound(self) -> Schema:
        """As the file says it."""
        return Schema(self.file, self.text)


KIND = Schema
