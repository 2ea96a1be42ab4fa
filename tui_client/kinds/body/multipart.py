"""A form of several parts, values and files."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.kinds.body._files import file_segment, guessed_type
from tui_client.kinds.body._kind import BodyKind
from tui_client.model.content import EncodedBody, FileSegment, Locate
from tui_client.text import control_in


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One part: a value, or the file at the path `file`. An empty type or filename follows from the file."""

    name: Annotated[str, Meta(title="Name", extra={"line": True})]
    value: Annotated[str, Meta(title="Value", extra={"multiline": True})] = ""
    file: Annotated[str, Meta(title="File", extra={"placeholder": "data/photo.png", "line": True})] = ""
    type: Annotated[str, Meta(title="Media type", extra={"line": True})] = ""
    filename: Annotated[str, Meta(title="File name", extra={"line": True})] = ""
    enabled: bool = True
    description: Annotated[str, Meta(title="Description", extra={"template": "off"})] = ""


class Multipart(BodyKind, frozen=True, tag="multipart"):
    """Parts as `multipart/form-data` (RFC 7578), in order, repeats kept; files are read while they are sent.

    In TOML: `parts = [["a", "1"], { name = "photo", file = "data/photo.png", type = "image/png" }]`, or a table
    `[body.parts]`.
    """

    title: ClassVar[str] = "Multipart form"

    parts: Annotated[tuple[Part, ...], Meta(title="Parts")] = ()
    template: Annotated[bool, Meta(title="Templates")] = True

    def encode(self, locate: Locate) -> EncodedBody:
        # Random, so that no content can hold it.
        boundary = secrets.token_hex(16)
        segments = [each for part in self.parts if part.enabled for each in _segments(part, boundary, locate)]
        end = f"--{boundary}--\r\n".encode()
        return EncodedBody((*segments, end), f"multipart/form-data; boundary={boundary}")


def _segments(part: Part, boundary: str, locate: Locate) -> Iterator[bytes | FileSegment]:
    if part.file and part.value:
        raise _invalid(part.name, "has both a value and a file")
    yield _bytes(part, f"--{boundary}\r\n{_head(part)}\r\n\r\n")
    yield file_segment(part.file, locate) if part.file else _bytes(part, part.value)
    yield b"\r\n"


def _head(part: Part) -> str:
    filename = part.filename or part.file.replace("\\", "/").rpartition("/")[2]
    media_type = part.type or (guessed_type(filename) if part.file else "")
    head = f'Content-Disposition: form-data; name="{_quoted(part.name, part.name)}"'
    if filename:
        head += f'; filename="{_quoted(part.name, filename)}"'
    if media_type:
        head += f"\r\nContent-Type: {_one_line(part.name, media_type)}"
    return head


def _quoted(part: str, text: str) -> str:
    return _one_line(part, text).replace('"', "%22")


def _one_line(part: str, text: str) -> str:
    if found := control_in(text):
        raise _invalid(part, f"has {found} in its name, file name or type")
    return text


def _bytes(part: Part, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise _invalid(part.name, "is not valid Unicode") from None


def _invalid(part: str, detail: str) -> RequestFailed:
    return RequestFailed(Failure(FailureKind.BODY_INVALID, f"part {part}", detail=detail))


KIND = Multipart
