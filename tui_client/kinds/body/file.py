"""A body that is a file."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.kinds.body._files import file_segment, guessed_type
from tui_client.kinds.body._kind import BodyKind
from tui_client.model.content import EncodedBody, Locate


class File(BodyKind, frozen=True, tag="file"):
    """A file's bytes, read while they are sent; the media type follows from the name unless given."""

    title: ClassVar[str] = "File"

    path: Annotated[str, Meta(title="Path", extra={"placeholder": "data/photo.png", "line": True})] = ""
    media_type: Annotated[str, Meta(title="Media type", extra={"placeholder": "from the name", "line": True})] = ""
    template: Annotated[bool, Meta(title="Templates")] = True

    def encode(self, locate: Locate) -> EncodedBody:
        if not self.path:
            raise RequestFailed(Failure(FailureKind.BODY_INVALID, "path", detail="is empty"))
        segment = file_segment(self.path, locate)
        return EncodedBody((segment,), self.media_type or guessed_type(self.path))


KIND = File
