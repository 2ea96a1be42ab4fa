"""Messages between the coordinator of a run and one worker: in order, encrypted, from nobody else.

Both sides know a token, which the worker got with its task. They agree on keys by X25519 and mix the token in: who
lacks it can't say one message that is understood, and who copies the traffic can't read it later. A message is four
bytes of length and ChaCha20-Poly1305; its nonce is its number, so none can be repeated, left out or moved.
"""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

TOKEN_BYTES: Final = 32
MAX_MESSAGE: Final = 64 << 20
_MAGIC: Final = b"tuic\x01"
_GREETING: Final = len(_MAGIC) + 32
_LENGTH: Final = 4
_HIGH_WATER: Final = 4 << 20
_HANDSHAKE_S: Final = 10.0
_READ: Final = 1 << 20


class ChannelClosed(Exception):
    """The other side is gone, or is not who it should be; the text says which."""


class Channel:
    """One connection; for one task that reads and one that writes."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        reads: ChaCha20Poly1305,
        writes: ChaCha20Poly1305,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._reads = reads
        self._writes = writes
        self._read = 0
        self._written = 0

    def post(self, message: bytes) -> None:
        """Send a message at once, or as soon as the network takes it. Raises ChannelClosed for one that is too long."""
        sealed = self._writes.encrypt(_nonce(self._written), message, None)
        if len(sealed) > MAX_MESSAGE:
            raise ChannelClosed(f"a message of {len(sealed)} bytes is too long")
        self._written += 1
        self._writer.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)

    async def drained(self) -> None:
        """Wait until the network has taken most of what was posted. Raises ChannelClosed."""
        try:
            await self._writer.drain()
        except OSError as error:
            raise ChannelClosed(str(error)) from error

    async def receive(self) -> bytes:
        """The next message. Raises ChannelClosed."""
        try:
            length = int.from_bytes(await self._reader.readexactly(_LENGTH), "big")
            if length > MAX_MESSAGE:
                raise ChannelClosed("it says more than is allowed")
            sealed = await self._reader.readexactly(length)
            message = self._reads.decrypt(_nonce(self._read), sealed, None)
        except (asyncio.IncompleteReadError, OSError) as error:
            raise ChannelClosed("the connection is gone") from error
        except InvalidTag as error:
            raise ChannelClosed("it does not know the token of this run") from error
        self._read += 1
        return message

    def close(self) -> None:
        """Close it; what was posted is sent before, if the other side takes it."""
        with suppress(OSError, RuntimeError):
            self._writer.close()

    def abort(self) -> None:
        """Close it at once."""
        self._writer.transport.abort()


async def connect(host: str, port: int, token: bytes) -> Channel:
    """To the coordinator. Raises ChannelClosed."""
    try:
        async with asyncio.timeout(_HANDSHAKE_S):
            reader, writer = await asyncio.open_connection(host, port, limit=_READ)
            try:
                return await _agreed(reader, writer, token, first=True)
            except BaseException:
                writer.transport.abort()
                raise
    except TimeoutError as error:
        raise ChannelClosed(f"no answer from {host}:{port} within {_HANDSHAKE_S:g} s") from error
    except OSError as error:
        raise ChannelClosed(f"no connection to {host}:{port}: {error.strerror or error}") from error


async def listen(host: str, port: int, token: bytes, serve: Callable[[Channel], Awaitable[None]]) -> asyncio.Server:
    """Take connections of those who know the token; `serve` has each to its end. Raises OSError."""

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_HANDSHAKE_S):
                channel = await _agreed(reader, writer, token, first=False)
            await serve(channel)
        except (ChannelClosed, TimeoutError, OSError):
            pass  # a stranger, or one that left: nobody here waits for it
        finally:
            writer.transport.abort()

    return await asyncio.start_server(greet, host, port, limit=_READ)


async def _agreed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: bytes, *, first: bool) -> Channel:
    """Agree on keys. Raises ChannelClosed, OSError."""
    own = X25519PrivateKey.generate()
    public = own.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    writer.write(_MAGIC + public)
    try:
        greeting = await reader.readexactly(_GREETING)
    except asyncio.IncompleteReadError as error:
        raise ChannelClosed("the connection is gone") from error
    if not greeting.startswith(_MAGIC):
        raise ChannelClosed("it speaks another protocol")
    theirs = greeting[len(_MAGIC) :]
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(theirs))
    except ValueError as error:
        raise ChannelClosed("its key is none") from error
    both = public + theirs if first else theirs + public
    keys = HKDF(algorithm=SHA256(), length=64, salt=token, info=_MAGIC + both).derive(shared)
    ciphers = ChaCha20Poly1305(keys[:32]), ChaCha20Poly1305(keys[32:])
    _tune(writer)
    writes, reads = ciphers if first else ciphers[::-1]
    return Channel(reader, writer, reads, writes)


def _tune(writer: asyncio.StreamWriter) -> None:
    found = writer.get_extra_info("socket")
    if found is not None and found.family != getattr(socket, "AF_UNIX", None):
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    writer.transport.set_write_buffer_limits(high=_HIGH_WATER)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def new_token() -> bytes:
    """Of one run."""
    return os.urandom(TOKEN_BYTES)
