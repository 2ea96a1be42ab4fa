"""What a body is on the wire: a media type and segments that can be sent again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import msgspec

# Turns a path written in a request into a real one.
# Raises RequestFailed (file.missing, file.outside) for what isn't there or may not be read.
Locate: TypeAlias = Callable[[str], Path]


class FileSegment(msgspec.Struct, frozen=True):
    """Bytes that are read from a file while they are sent; size as it was when the request was prepared."""

    path: Path
    size: int


class EncodedBody(msgspec.Struct, frozen=True):
    """A body ready to send, as often as needed (redirects, digest). content_type "" adds no header."""

    segments: tuple[bytes | FileSegment, ...] = ()
    content_type: str = ""

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(len(part) if isinstance(part, bytes) else part.size for part in self.segments)
