"""Endpoints that send back what they got."""

from __future__ import annotations

import asyncio
import base64
import hashlib

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from tui_client.demo.endpoint import ANY_METHOD, BINARY, OBJECT, PROBLEM, TEXT, Answer, Endpoint
from tui_client.demo.parameters import form_fields, path_number, sayable, text_of_bytes
from tui_client.demo.replies import json_reply, refused

# A larger body is counted to its end, but only this much of it is sent back.
ECHO_LIMIT_BYTES = 1 << 20


def raw_target(request: web.Request) -> str:
    """The request target as it came, bytes that are not UTF-8 as Latin-1."""
    return sayable(request.raw_path)


async def _read(request: web.Request) -> tuple[bytes, int]:
    kept, size = bytearray(), 0
    async for chunk in request.content.iter_any():
        size += len(chunk)
        kept += chunk[: ECHO_LIMIT_BYTES - len(kept)]
    return bytes(kept), size


def _as_text(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


async def echo(request: web.Request) -> web.Response:
    """Everything about the request, headers in order and case as received."""
    data, size = await _read(request)
    text = _as_text(data)
    return json_reply(
        {
            "method": request.method,
            "target": raw_target(request),
            "http_version": f"HTTP/{request.version.major}.{request.version.minor}",
            "headers": [[text_of_bytes(name), text_of_bytes(value)] for name, value in request.raw_headers],
            "body": text,
            "body_base64": base64.b64encode(data).decode() if text is None else None,
            "size": size,
            "truncated": size > len(data),
        }
    )


async def echo_raw(request: web.Request) -> web.Response:
    """The header block as bytes: each line as it came, in order; white space around values is not kept."""
    await _read(request)
    block = b"".join(name + b": " + value + b"\r\n" for name, value in request.raw_headers)
    return web.Response(body=block, content_type="text/plain")


async def status(request: web.Request) -> web.Response:
    """The status asked for, from 200 to 599."""
    await _read(request)
    code = path_number(request, "code", 200, 599)
    if code in (204, 205, 304):
        return web.Response(status=code)
    return json_reply({"status": code}, code)


async def delay(request: web.Request) -> web.Response:
    """Answers after so many milliseconds, a minute at most."""
    await _read(request)
    milliseconds = path_number(request, "ms", 0, 60_000)
    await asyncio.sleep(milliseconds / 1000)
    return json_reply({"delay_ms": milliseconds})


async def form(request: web.Request) -> web.Response:
    """The fields of a URL-encoded form, in order."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise refused(415, "unsupported", "Send application/x-www-form-urlencoded.")
    return json_reply({"fields": await form_fields(request)})


async def multipart(request: web.Request) -> web.Response:
    """The parts of a multipart form, in order, each with its size and SHA-256."""
    if request.content_type != "multipart/form-data":
        raise refused(415, "unsupported", "Send multipart/form-data.")
    parts = []
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader):
                parts.append(await _describe(part))
    except (ValueError, HttpProcessingError) as error:
        raise refused(400, "not_multipart", f"The body can't be read as multipart: {sayable(str(error))}.") from error
    return json_reply({"parts": parts})


async def _describe(part: BodyPartReader) -> dict[str, object]:
    digest, kept, size = hashlib.sha256(), bytearray(), 0
    while chunk := await part.read_chunk(1 << 16):
        digest.update(chunk)
        size += len(chunk)
        kept += chunk[: ECHO_LIMIT_BYTES - len(kept)]
    return {
        "name": sayable(part.name or ""),
        "filename": None if part.filename is None else sayable(part.filename),
        "content_type": sayable(part.headers.get("Content-Type", "")) or None,
        "size": size,
        "sha256": digest.hexdigest(),
        "text": _as_text(bytes(kept)),
    }


_ECHO = {
    "type": "object",
    "properties": {
        "method": TEXT,
        "target": TEXT,
        "http_version": TEXT,
        "headers": {"type": "array", "items": {"type": "array", "items": TEXT}},
        "body": {"type": ["string", "null"]},
        "body_base64": {"type": ["string", "null"]},
        "size": {"type": "integer"},
        "truncated": {"type": "boolean"},
    },
}
_ANYTHING = {"*/*": BINARY}

ENDPOINTS = (
    Endpoint(
        method=ANY_METHOD,
        path="/echo/raw",
        handler=echo_raw,
        summary="The header block as it came, for comparing bytes",
        tag="echo",
        accepts=_ANYTHING,
        answers={200: Answer("The header lines", "text/plain", TEXT)},
        example="/echo/raw",
    ),
    Endpoint(
        method=ANY_METHOD,
        path="/echo",
        handler=echo,
        summary="All of the request as JSON, headers in order and case as received",
        tag="echo",
        accepts=_ANYTHING,
        answers={200: Answer("What came", schema=_ECHO)},
        example="/echo?a=1&a=%2F+",
    ),
    Endpoint(
        method=ANY_METHOD,
        path="/echo/{tail:.*}",
        handler=echo,
        summary="The same below any path",
        tag="echo",
        accepts=_ANYTHING,
        answers={200: Answer("What came", schema=_ECHO)},
        example="/echo/any%2Fpath",
    ),
    Endpoint(
        method=ANY_METHOD,
        path="/status/{code}",
        handler=status,
        summary="Answers with this status, 200 to 599",
        tag="echo",
        answers={200: Answer("The status", schema=OBJECT), 422: PROBLEM},
        example="/status/404",
    ),
    Endpoint(
        method=ANY_METHOD,
        path="/delay/{ms}",
        handler=delay,
        summary="Answers after so many milliseconds",
        tag="timing",
        answers={200: Answer("The delay", schema=OBJECT), 422: PROBLEM},
        example="/delay/500",
    ),
    Endpoint(
        method="POST",
        path="/form",
        handler=form,
        summary="The fields of a URL-encoded form",
        tag="echo",
        accepts={"application/x-www-form-urlencoded": OBJECT},
        answers={200: Answer("The fields", schema=OBJECT), 415: PROBLEM},
    ),
    Endpoint(
        method="POST",
        path="/multipart",
        handler=multipart,
        summary="The parts of a multipart form",
        tag="echo",
        accepts={"multipart/form-data": OBJECT},
        answers={200: Answer("The parts", schema=OBJECT), 400: PROBLEM, 415: PROBLEM},
    ),
)
