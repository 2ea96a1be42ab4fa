"""A body of plain text, or of any text format."""

from __future__ import annotations

from email.message import Message
from typing import Annotated, ClassVar

from msgspec import Meta

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.kinds.body._kind import BodyKind
from tui_client.model.content import EncodedBody, Locate


class Text(BodyKind, frozen=True, tag="text"):
    """Text, sent byte for byte in the charset of its media type; UTF-8 where that names none."""

    title: ClassVar[str] = "Text"

    content: Annotated[str, Meta(title="Content", extra={"multiline": True})] = ""
    media_type: Annotated[
        str, Meta(title="Media type", extra={"placeholder": "text/plain; charset=utf-8", "line": True})
    ] = "text/plain; charset=utf-8"
    template: Annotated[bool, Meta(title="Templates")] = True

    def encode(self, locate: Locate) -> EncodedBody:
        charset = _charset(self.media_type)
        try:
            return EncodedBody((self.content.encode(charset),), self.media_type)
        except (UnicodeError, LookupError):
            failure = Failure(FailureKind.BODY_INVALID, "content", detail=f"can't be written in the charset {charset}")
            raise RequestFailed(failure) from None


def _charset(media_type: str) -> str:
    message = Message()
    message["Content-Type"] = media_type
    return message.get_content_charset() or "utf-8"


KIND = Text
