"""Small bodies that become large ones: compressed zeros, made without ever holding them."""

from __future__ import annotations

import functools
import struct
import zlib
from collections.abc import Iterator
from typing import Final

import brotli

MIB: Final = 1 << 20
_ZEROS: Final = bytes(MIB)
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_ZSTD_BLOCK: Final = 128 * 1024


def gzipped(pieces: Iterator[bytes]) -> bytes:
    """What gzip makes of them."""
    return _deflated(pieces, 16 + zlib.MAX_WBITS)


def _deflated(pieces: Iterator[bytes], wbits: int) -> bytes:
    squeezer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return b"".join([*(squeezer.compress(piece) for piece in pieces), squeezer.flush()])


def _zeros(mib: int) -> Iterator[bytes]:
    return (_ZEROS for _ in range(mib))


@functools.cache
def gzip_bomb(mib: int, times: int = 1) -> bytes:
    """So many MiB of zeros in gzip, in gzip, in gzip: 1 GiB is 1 MB, 2 KB, 265 bytes."""
    return gzipped(_zeros(mib) if times == 1 else iter((gzip_bomb(mib, times - 1),)))


@functools.cache
def deflate_bomb(mib: int) -> bytes:
    """So many MiB of zeros in zlib's format."""
    return _deflated(_zeros(mib), zlib.MAX_WBITS)


@functools.cache
def brotli_bomb(mib: int) -> bytes:
    """So many MiB of zeros in Brotli: a GiB is less than a KB."""
    squeezer = brotli.Compressor(quality=5, lgwin=22)
    return b"".join([*(squeezer.process(piece) for piece in _zeros(mib)), squeezer.finish()])


@functools.cache
def zstd_bomb(mib: int) -> bytes:
    """So many MiB of zeros in Zstandard, written by hand: blocks that say "128 KiB of this byte" (RFC 8878)."""
    count = mib * MIB // _ZSTD_BLOCK
    blocks = [
        struct.pack("<I", _ZSTD_BLOCK << 3 | 1 << 1 | (number == count - 1))[:3] + b"\0" for number in range(count)
    ]
    # A window of 8 MiB: no single segment, no content size, no checksum.
    return _ZSTD_MAGIC + b"\x00\x68" + b"".join(blocks)
