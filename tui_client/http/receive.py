"""Reading one reply: raw bytes decoded in bounded steps into a spool, as they arrive."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

import httpx
import msgspec

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http.decode import Decoder, encodings_of
from tui_client.http.h1.body import ReplyStream
from tui_client.http.lean import response_rows
from tui_client.http.spool import Spool
from tui_client.model.exchange import BodyEnd, BytesBody, BytesReceived, Event, RawHeader, Response, header_text
from tui_client.text import format_bytes

MAX_BODY_BYTES: Final = 2 << 30
MAX_REPLAYED_BYTES: Final = 512 << 20
_DRAINED_BYTES: Final = 64 * 1024
_DRAINED_S: Final = 0.2
_WORK_S: Final = 0.005  # decoding without a pause
_AT_ONCE: Final = 64 * 1024


def http_version(response: httpx.Response) -> str:
    """ "HTTP/1.1", "HTTP/2"."""
    return _text(response.extensions.get("http_version", b"HTTP/1.1"))


def reason(response: httpx.Response) -> str:
    """The words of the status line as they came, "" where there were none."""
    return _text(response.extensions.get("reason_phrase", b""))


def _text(value: bytes | str) -> str:
    return header_text(value) if isinstance(value, bytes) else value


class Receiver:
    """The reply under way: `response` is what is known of it at any moment."""

    def __init__(self, reply: httpx.Response, spool_dir: Path | None, max_body_bytes: int) -> None:
        self._reply = reply
        self._spool = Spool(spool_dir)
        self._max_bytes = max_body_bytes
        self._encoded_bytes = 0
        self.response = Response(
            status=reply.status_code,
            reason=reason(reply),
            http_version=http_version(reply),
            headers=tuple(response_rows(reply)),
            body=self._spool,
            complete=False,
            body_end=reply.extensions.get("body_end", BodyEnd.NONE),
        )

    async def run(self, on_event: Callable[[Event], None]) -> None:
        """Read the body to its end.

        Raises RequestFailed; the response then holds what came, and is not complete.
        """
        if (whole := self._whole()) is not None:
            self._encoded_bytes = len(whole)
            self.response = msgspec.structs.replace(
                self.response, body=BytesBody(whole), encoded_bytes=len(whole), complete=True
            )
            if whole:
                on_event(BytesReceived(len(whole), len(whole)))
            return
        encodings = encodings_of(self.response.headers)
        expected = None if encodings else _announced(self.response.headers)
        decoder = Decoder(encodings) if encodings else None
        try:
            async for chunk in _chunks(self._reply):
                if chunk:
                    await self._take(chunk, decoder, on_event)
                    on_event(BytesReceived(self._spool.size, expected))
            if decoder is not None and self._encoded_bytes:
                decoder.finish()
            # Other programs read a large body from its file: the formatter, an editor.
            await self._spool.settle()
        finally:
            self._note(self._encoded_bytes, False, "")
        self._note(self._encoded_bytes, True, "" if decoder is None else _remark(decoder))

    def _whole(self) -> bytes | None:
        """A small body that needs no decoding and came with its head: most replies of an API are such."""
        stream, headers = self._reply.stream, self.response.headers
        if not isinstance(stream, ReplyStream) or any(len(name) == 16 and encodings_of(headers) for name, _ in headers):
            return None
        return stream.whole(min(_AT_ONCE, self._max_bytes))

    def _note(self, encoded_bytes: int, complete: bool, note: str) -> None:
        self.response = msgspec.structs.replace(
            self.response, encoded_bytes=encoded_bytes, complete=complete, note=note
        )

    async def _take(self, chunk: bytes, decoder: Decoder | None, on_event: Callable[[Event], None]) -> None:
        self._encoded_bytes += len(chunk)
        if decoder is None:
            await self._keep(chunk)
            return
        clock = asyncio.get_running_loop().time
        begun = clock()
        for piece in decoder.feed(chunk):
            await self._keep(piece)
            if clock() - begun > _WORK_S:
                # Without this a bomb would stop the screen, and nobody would see it grow.
                on_event(BytesReceived(self._spool.size, None))
                await asyncio.sleep(0)
                begun = clock()

    async def _keep(self, piece: bytes) -> None:
        room = self._max_bytes - self._spool.size
        self._spool.append(piece[:room] if len(piece) > room else piece)
        if self._spool.unsettled:
            await self._spool.settle()
        if len(piece) > room:
            detail = f"more than {format_bytes(self._max_bytes)}; the rest was cut"
            raise RequestFailed(Failure(FailureKind.TOO_LARGE_BODY, detail=detail))


async def read_bounded(reply: httpx.Response, most_bytes: int) -> bytes:
    """A small body whole and decoded, for an auth flow. Raises RequestFailed (too_large.body, decoding, …)."""
    receiver = Receiver(reply, None, most_bytes)
    await receiver.run(lambda event: None)
    return receiver.response.body.read()


async def drain(reply: httpx.Response) -> None:
    """Read what little may be left of a reply nobody wants, so that its connection can be used again."""
    received = 0
    try:
        async with asyncio.timeout(_DRAINED_S):
            async for chunk in _chunks(reply):
                received += len(chunk)
                if received > _DRAINED_BYTES:
                    break
    except (RequestFailed, TimeoutError):
        return


async def close(reply: httpx.Response) -> None:
    """Let go of a reply; how its connection ends is nobody's failure any more."""
    with contextlib.suppress(RequestFailed):
        await reply.aclose()


def _chunks(reply: httpx.Response) -> AsyncIterator[bytes]:
    assert isinstance(reply.stream, httpx.AsyncByteStream)  # the client lets no other pass
    return reply.stream.__aiter__()


def _remark(decoder: Decoder) -> str:
    if decoder.unknown:
        return f"The encoding {decoder.unknown} is not known here; the body is kept in it."
    return f"{decoder.ignored} bytes after the end of the compressed data were left out." if decoder.ignored else ""


def _announced(headers: tuple[RawHeader, ...]) -> int | None:
    value = next((value for name, value in headers if name.lower() == b"content-length"), b"")
    return int(value) if value.isdigit() and len(value) < 19 else None
