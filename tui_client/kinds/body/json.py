"""A JSON body."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.kinds.body._kind import BodyKind
from tui_client.model.content import EncodedBody, Locate


class Json(BodyKind, frozen=True, tag="json"):
    """JSON text, sent byte for byte in UTF-8 as it was written, also if it is not valid JSON."""

    title: ClassVar[str] = "JSON"

    content: Annotated[str, Meta(title="Content", extra={"template": "json", "multiline": True})] = ""
    template: Annotated[bool, Meta(title="Templates")] = True

    def encode(self, locate: Locate) -> EncodedBody:
        try:
            return EncodedBody((self.content.encode(),), "application/json")
        except UnicodeEncodeError as error:
            detail = f"has a lone surrogate at character {error.start + 1}"
            raise RequestFailed(Failure(FailureKind.BODY_INVALID, "content", detail=detail)) from None


KIND = Json
