"""A GraphQL operation over HTTP."""

from __future__ import annotations

import json
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.kinds.body._kind import BodyKind
from tui_client.model.content import EncodedBody, Locate


class GraphQL(BodyKind, frozen=True, tag="graphql"):
    """Query and variables as one JSON object; the variables are JSON text and sent as written."""

    title: ClassVar[str] = "GraphQL"

    query: Annotated[str, Meta(title="Query", extra={"multiline": True})] = ""
    variables: Annotated[str, Meta(title="Variables", extra={"template": "json", "multiline": True})] = ""
    operation_name: Annotated[str, Meta(title="Operation name")] = ""
    template: Annotated[bool, Meta(title="Templates")] = True

    def encode(self, locate: Locate) -> EncodedBody:
        members = [f'"query":{json.dumps(self.query)}']
        if self.operation_name:
            members.append(f'"operationName":{json.dumps(self.operation_name)}')
        if self.variables.strip():
            members.append(f'"variables":{self._checked_variables()}')
        return EncodedBody((f"{{{','.join(members)}}}".encode(),), "application/json")

    def _checked_variables(self) -> str:
        # Text that is not one JSON value could add members to the object around it.
        try:
            msgspec.json.decode(self.variables.encode(), type=dict[str, msgspec.Raw])
        except (msgspec.DecodeError, UnicodeEncodeError) as error:
            detail = f"are not a JSON object: {error}"
            raise RequestFailed(Failure(FailureKind.BODY_INVALID, "variables", detail=detail)) from None
        return self.variables.strip()


KIND = GraphQL
