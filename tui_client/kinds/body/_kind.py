"""The contract of a body kind."""

from __future__ import annotations

from typing import ClassVar

from tui_client.model.content import EncodedBody, Locate
from tui_client.model.kinds import Body


class BodyKind(Body, frozen=True):
    """A kind declares its fields and encodes them, templates already resolved."""

    title: ClassVar[str] = ""

    def encode(self, locate: Locate) -> EncodedBody:
        """The media type and the bytes. Raises RequestFailed (body.invalid, file.missing, file.outside)."""
        return EncodedBody()
