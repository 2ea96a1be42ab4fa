"""The bytes of a recorded request body, from what HAR keeps of it."""

from __future__ import annotations

import base64
from email.message import Message
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from tui_client.formats._format import FormatError
from tui_client.model.charset import text_codec

_MAX_CONTENT_TYPE: Final = 1000
_LOST: Final = "\ufffd"  # what a reader puts in place of bytes that it could not decode


class Param(msgspec.Struct, rename="camel"):
    """One field of a form, as it stands in the file."""

    name: Any = ""
    value: Any = ""
    file_name: Any = ""
    content_type: Any = ""


class PostData(msgspec.Struct, rename="camel"):
    """`request.postData`, as it stands in the file. encoding: no part of HAR 1.2, but written by many."""

    mime_type: Any = ""
    text: Any = None
    params: list[Param] | None = None
    encoding: Any = ""


class Announced(msgspec.Struct, frozen=True):
    """What the rest of the request says of its body. size: in bytes, None if nothing does. coded: it was compressed."""

    content_type: str = ""
    size: int | None = None
    coded: bool = False


def text_of(value: object) -> str:
    """A value that should be text: numbers as they are written, everything else as ""."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) else ""


def body_bytes(post: PostData | None, announced: Announced) -> bytes | None:
    """The body, None if there was none. Raises FormatError where the file doesn't hold what was sent."""
    text = "" if post is None else text_of(post.text)
    if post is not None and text:
        if text_of(post.encoding).lower() == "base64":
            return _from_base64(text)
        return _encoded(text, announced)
    if post is not None and post.params:
        return _from_params(post.params, announced.content_type)
    if announced.size:
        raise FormatError(f"its body of {announced.size} bytes is not in the recording")
    return None if post is None else b""


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        raise FormatError("its body is not the Base64 that it claims to be") from None


def _encoded(text: str, announced: Announced) -> bytes:
    """The text in the charset that gives the announced size; else in the first that can write it."""
    # Not any codec of Python: punycode, for one, takes minutes for what a page holds.
    charset = text_codec(_parameters(announced.content_type).get_content_charset() or "") or "utf-8"
    found = [body for name in dict.fromkeys((charset, "utf-8", "latin-1")) if (body := _in_charset(text, name))]
    exact = [body for body in found if len(body) == announced.size]
    if not found:
        raise FormatError("its body can't be written in any charset")
    if not exact and (_LOST in text or announced.coded):
        raise FormatError("its body was not recorded byte for byte")
    return exact[0] if exact else found[0]


def _in_charset(text: str, charset: str) -> bytes | None:
    # mitmproxy writes bytes that are no UTF-8 as the lone surrogates of surrogateescape.
    try:
        return text.encode(charset, "surrogateescape")
    except (ValueError, LookupError):
        return None


def _from_params(params: list[Param], content_type: str) -> bytes:
    try:
        if content_type.lower().startswith("multipart/"):
            return _multipart(params, content_type)
        pairs = [(text_of(one.name), text_of(one.value)) for one in params]
        return urlencode(pairs, safe="*", errors="surrogateescape").encode("ascii")
    except UnicodeEncodeError:
        raise FormatError("its form is not valid Unicode") from None


def _multipart(params: list[Param], content_type: str) -> bytes:
    boundary = _parameters(content_type).get_boundary()
    if not boundary:
        raise FormatError("its Content-Type doesn't say what separates the parts of its form")
    parts = [f"--{boundary}\r\n{_part(one)}\r\n" for one in params]
    return "".join([*parts, f"--{boundary}--\r\n"]).encode("utf-8", "surrogateescape")


def _part(param: Param) -> str:
    name, file_name, value = text_of(param.name), text_of(param.file_name), text_of(param.value)
    if file_name and not value:
        raise FormatError(f"the file {file_name} of its form is not in the recording")
    head = f'Content-Disposition: form-data; name="{_quoted(name)}"'
    if file_name:
        head += f'; filename="{_quoted(file_name)}"'
    if media_type := text_of(param.content_type):
        head += f"\r\nContent-Type: {_quoted(media_type)}"
    return f"{head}\r\n\r\n{value}"


def _quoted(text: str) -> str:
    # As browsers write names in multipart forms (HTML, "multipart/form-data encoding algorithm").
    return text.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


def _parameters(content_type: str) -> Message:
    # The standard library needs minutes for some of a hundred kilobytes.
    content_type = content_type[:_MAX_CONTENT_TYPE]
    message = Message()
    # A header of the standard library may not hold line breaks, nor half of a surrogate pair.
    message["Content-Type"] = content_type.encode("ascii", "replace").decode().replace("\r", " ").replace("\n", " ")
    return message
