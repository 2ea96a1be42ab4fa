"""Undoing Content-Encoding a bounded step at a time, whatever a server sends."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Protocol

import brotli

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.model.exchange import RawHeader, header_values

STEP: Final = 256 * 1024  # bytes that one step may inflate to
MOST_ENCODINGS: Final = 5
_GZIP_MAGIC: Final = b"\x1f\x8b"


class Stage(Protocol):
    """Undoes one encoding."""

    @property
    def ignored(self) -> int:
        """Bytes that came after the end of the compressed data."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What `data` inflates to, in pieces near STEP, some of them empty. Raises zlib.error or brotli.error."""

    def ended(self) -> bool:
        """Whether the compressed data has come to its own end."""


class _Zlib:
    """gzip (also several members one after the other), or zlib's own format, or raw deflate."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._inflater = zlib.decompressobj(wbits)
        self._maybe_member = b""
        self.ignored = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            if self._inflater.eof and not (data := self._next_member(data)):
                return
            # zlib says that data is damaged, but not where, and keeps what it made of the rest.
            before = self._inflater.copy()
            try:
                piece = self._inflater.decompress(data, STEP)
            except zlib.error:
                yield from _until_damage(before, data)
                raise
            if piece:
                yield piece
            if self._inflater.eof:
                # Thousands of empty members fit into one chunk: who reads must get a chance to pause.
                yield b""
            data = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail
            if not data and len(piece) < STEP:
                return

    def _next_member(self, data: bytes) -> bytes:
        data, self._maybe_member = self._maybe_member + data, b""
        if self._wbits == _GZIP and not self.ignored:
            if data.startswith(_GZIP_MAGIC):
                self._inflater = zlib.decompressobj(self._wbits)
                return data
            if data == _GZIP_MAGIC[:1]:
                self._maybe_member = data
                return b""
        self.ignored += len(data)
        return b""

    def ended(self) -> bool:
        return self._inflater.eof


_GZIP: Final = 16 + zlib.MAX_WBITS


def _until_damage(inflater: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """What stands before the damage; found by halves, since single bytes would take a hundred times longer."""
    size = len(data)
    while size and data:
        trial = inflater.copy()
        try:
            piece = trial.decompress(data[:size], STEP)
        except zlib.error:
            size //= 2
            continue
        inflater, data = trial, trial.unconsumed_tail + data[size:]
        yield piece


class _Deflate:
    """`deflate` means zlib's format, but many servers send it without its header."""

    def __init__(self) -> None:
        self._start = b""
        self._stage: _Zlib | None = None

    @property
    def ignored(self) -> int:
        return self._stage.ignored if self._stage else 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._stage is None:
            self._start += data
            if len(self._start) < 2:
                return
            data = self._start
            has_header = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._stage = _Zlib(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
        yield from self._stage.feed(data)

    def ended(self) -> bool:
        return self._stage is not None and self._stage.ended()


class _Brotli:
    """Brotli; unlike gzip it takes nothing after its end."""

    def __init__(self) -> None:
        self._inflater = brotli.Decompressor()
        self.ignored = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        piece = self._inflater.process(data, output_buffer_limit=STEP)
        while piece or not self._inflater.can_accept_more_data():
            if piece:
                yield piece
            if self._inflater.is_finished():
                return
            piece = self._inflater.process(b"", output_buffer_limit=STEP)

    def ended(self) -> bool:
        return bool(self._inflater.is_finished())


_STAGES: Final[dict[str, Callable[[], Stage]]] = {
    "gzip": lambda: _Zlib(_GZIP),
    "x-gzip": lambda: _Zlib(_GZIP),
    "deflate": _Deflate,
    "br": _Brotli,
}


def encodings_of(headers: tuple[RawHeader, ...]) -> tuple[str, ...]:
    """The encodings of a reply, in the order they were applied; identity left out."""
    words = (word.strip().lower() for value in header_values(headers, "content-encoding") for word in value.split(","))
    return tuple(word for word in words if word and word != "identity")


class Decoder:
    """Undoes the encodings of one body, the last one applied first.

    An encoding we don't know ends the undoing there; `unknown` names it, and the body stays in it.
    """

    def __init__(self, encodings: tuple[str, ...]) -> None:
        """Raises RequestFailed (decoding) for more than five encodings."""
        if len(encodings) > MOST_ENCODINGS:
            detail = f"it is encoded {len(encodings)} times, {MOST_ENCODINGS} is the most"
            raise RequestFailed(Failure(FailureKind.DECODING, detail=detail))
        self._stages: list[tuple[str, Stage]] = []
        self.unknown = ""
        for name in reversed(encodings):
            if name not in _STAGES:
                self.unknown = name
                break
            self._stages.append((name, _STAGES[name]()))

    @property
    def ignored(self) -> int:
        """Bytes left out since they came after the end of compressed data."""
        return sum(stage.ignored for _, stage in self._stages)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What `data` decodes to, in pieces near STEP, some of them empty; nothing is inflated before it is asked for.

        Raises RequestFailed (decoding) after the pieces that could be decoded.
        """
        pieces: Iterable[bytes] = (data,)
        for name, stage in self._stages:
            pieces = _through(name, stage, pieces)
        yield from pieces

    def finish(self) -> None:
        """Raises RequestFailed (incomplete) where compressed data has not come to its own end."""
        for name, stage in self._stages:
            if not stage.ended():
                raise RequestFailed(Failure(FailureKind.INCOMPLETE, detail=f"its {name} data ends too early"))


def _through(name: str, stage: Stage, pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        if not piece:
            yield piece
            continue
        try:
            yield from stage.feed(piece)
        except (zlib.error, brotli.error) as error:
            raise RequestFailed(Failure(FailureKind.DECODING, detail=f"bad {name} data: {error}")) from None
