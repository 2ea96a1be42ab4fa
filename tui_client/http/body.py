"""The bytes of a request body, given out in pieces as often as a send needs them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import BinaryIO, Final

import httpx

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.model.content import EncodedBody, FileSegment

CHUNK: Final = 256 * 1024
SHOWN: Final = 1 << 20  # what the request view keeps of a body


class BodyStream(httpx.AsyncByteStream):
    """Streams an EncodedBody from its beginning each time; files are read in a thread.

    shown: the first MiB of what the last run gave out; sent_bytes: all of it.
    Iterating raises RequestFailed (file.missing, body.invalid) for a file that is not as it was.
    """

    def __init__(self, body: EncodedBody) -> None:
        self._body = body
        self.shown = bytearray()
        self.sent_bytes = 0
        self.begun = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.begun, self.sent_bytes = True, 0
        self.shown.clear()
        for segment in self._body.segments:
            # Closed at once, so that a cancelled upload does not keep its file open until it is collected.
            async with aclosing(_pieces(segment)) as pieces:
                async for piece in pieces:
                    self.sent_bytes += len(piece)
                    if len(self.shown) < SHOWN:
                        self.shown += piece[: SHOWN - len(self.shown)]
                    yield piece


def body_stream(body: EncodedBody) -> httpx.AsyncByteStream:
    """A body in memory as one piece, which leaves together with the head; one with files as a BodyStream."""
    if any(isinstance(segment, FileSegment) for segment in body.segments):
        return BodyStream(body)
    return httpx.ByteStream(b"".join(segment for segment in body.segments if isinstance(segment, bytes)))


def planned(body: EncodedBody) -> bytes:
    """The first MiB of a body as far as it is in memory; it ends where a file begins."""
    if len(body.segments) == 1 and isinstance(only := body.segments[0], bytes):
        return only[:SHOWN]
    first = bytearray()
    for segment in body.segments:
        if isinstance(segment, FileSegment) or len(first) >= SHOWN:
            break
        first += segment[: SHOWN - len(first)]
    return bytes(first)


async def _pieces(segment: bytes | FileSegment) -> AsyncGenerator[bytes, None]:
    if isinstance(segment, FileSegment):
        async with aclosing(_file_pieces(segment)) as pieces:
            async for piece in pieces:
                yield piece
    elif len(segment) <= CHUNK:
        yield segment
    else:
        for start in range(0, len(segment), CHUNK):
            yield segment[start : start + CHUNK]


async def _file_pieces(segment: FileSegment) -> AsyncGenerator[bytes, None]:
    file = await asyncio.to_thread(_open, segment)
    try:
        left = segment.size
        while left:
            piece = await asyncio.to_thread(_read, file, min(CHUNK, left), segment)
            left -= len(piece)
            yield piece
    finally:
        file.close()


def _open(segment: FileSegment) -> BinaryIO:
    try:
        file = segment.path.open("rb", buffering=0)
    except OSError as error:
        raise _missing(segment, error) from None
    size = os.fstat(file.fileno()).st_size
    if size != segment.size:
        file.close()
        raise _changed(segment, f"it had {segment.size} bytes, now {size}")
    return file


def _read(file: BinaryIO, count: int, segment: FileSegment) -> bytes:
    try:
        piece = file.read(count)
    except OSError as error:
        raise _missing(segment, error) from None
    # The length is announced already: with less, the server would wait, or take what follows for the body.
    if not piece:
        raise _changed(segment, "it became shorter while it was sent")
    return piece


def _missing(segment: FileSegment, error: OSError) -> RequestFailed:
    detail = error.strerror or str(error)
    return RequestFailed(Failure(FailureKind.FILE_MISSING, subject=str(segment.path), detail=detail))


def _changed(segment: FileSegment, how: str) -> RequestFailed:
    detail = f"changed since the request was prepared: {how}"
    return RequestFailed(Failure(FailureKind.BODY_INVALID, subject=str(segment.path), detail=detail))
