"""Content-Encoding is undone in bounded steps, and what is wrong with it is said."""

from __future__ import annotations

import functools
import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from itertools import pairwise

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.decode import MOST_ENCODINGS, STEP, Decoder, encodings_of


def raw_deflate(data: bytes) -> bytes:
    squeezer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return squeezer.compress(data) + squeezer.flush()


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    # Its best is ten times slower, and undone in the same way.
    "br": functools.partial(brotli.compress, quality=5),
}


def decode(data: bytes, *encodings: str, cuts: tuple[int, ...] = ()) -> bytes:
    decoder = Decoder(encodings)
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    decoded = b"".join(
        piece for start, end in pairwise(edges) if start < end for piece in decoder.feed(data[start:end])
    )
    decoder.finish()
    return decoded


def failure_of(data: bytes, *encodings: str) -> FailureKind:
    with pytest.raises(RequestFailed) as caught:
        decode(data, *encodings)
    return caught.value.failure.kind


@given(
    st.binary(max_size=3000),
    st.lists(st.sampled_from(sorted(ENCODERS)), min_size=1, max_size=3),
    st.lists(st.integers(0, 10_000), max_size=6),
)
def test_chunking_makes_no_difference(data: bytes, encodings: list[str], cuts: list[int]) -> None:
    """Several encodings, cut anywhere, give the body back."""
    encoded = data
    for name in encodings:
        encoded = ENCODERS[name](encoded)
    assert decode(encoded, *encodings, cuts=tuple(cuts)) == data


@given(st.binary(min_size=1, max_size=500), st.sampled_from(sorted(ENCODERS)))
def test_noise_is_a_failure_or_data(noise: bytes, encoding: str) -> None:
    """No bytes raise anything but our own error."""
    try:
        decode(noise, encoding)
    except RequestFailed as error:
        assert error.failure.kind in {FailureKind.DECODING, FailureKind.INCOMPLETE}


@pytest.mark.parametrize("cut", [0, 1])
def test_deflate_without_its_header_is_understood(cut: int) -> None:
    """Servers send raw deflate under that name too."""
    assert decode(raw_deflate(b"hello" * 50), "deflate", cuts=(cut,)) == b"hello" * 50


@pytest.mark.parametrize("encoding", sorted(ENCODERS))
@pytest.mark.parametrize("missing", [1, 5, 12])
def test_a_cut_body_is_incomplete(encoding: str, missing: int) -> None:
    """Never a plain success."""
    assert failure_of(ENCODERS[encoding](bytes(range(256)) * 9)[:-missing], encoding) is FailureKind.INCOMPLETE


def test_bad_data_is_a_decoding_failure() -> None:
    """A wrong checksum counts too; what came before it was given out."""
    data = bytearray(gzip.compress(b"hello"))
    data[-5] ^= 0xFF
    assert failure_of(bytes(data), "gzip") is FailureKind.DECODING
    assert failure_of(b"not gzip", "gzip") is FailureKind.DECODING
    assert failure_of(b"\xff\xff\xff", "br") is FailureKind.DECODING


@pytest.mark.parametrize("cuts", [(), (1,), tuple(range(200))])
def test_gzip_members_follow_each_other(cuts: tuple[int, ...]) -> None:
    """A gzip body may have several members, cut anywhere."""
    assert decode(gzip.compress(b"one,") + gzip.compress(b"two"), "gzip", cuts=cuts) == b"one,two"


def test_what_follows_the_end_is_counted() -> None:
    """Bytes after the compressed data are left out, and said to be."""
    decoder = Decoder(("gzip",))
    assert b"".join(decoder.feed(gzip.compress(b"x") + b"trailer")) == b"x"
    decoder.finish()
    assert decoder.ignored == 7


def test_more_than_five_encodings_are_refused() -> None:
    """Before anything is decoded."""
    Decoder(("gzip",) * MOST_ENCODINGS)
    with pytest.raises(RequestFailed) as caught:
        Decoder(("gzip",) * (MOST_ENCODINGS + 1))
    assert caught.value.failure.kind is FailureKind.DECODING


def test_an_unknown_encoding_leaves_the_body_in_it() -> None:
    """What was applied after it is undone, the rest stays as it came."""
    decoder = Decoder(("zstd", "gzip"))
    assert b"".join(decoder.feed(gzip.compress(b"zstd data"))) == b"zstd data"
    assert decoder.unknown == "zstd"


def test_encodings_are_read_in_order() -> None:
    """Several rows and lists count, in any case; identity says nothing."""
    rows = ((b"Content-Encoding", b"GZIP, identity"), (b"X", b"y"), (b"content-encoding", b" br ,"))
    assert encodings_of(rows) == ("gzip", "br")


def test_a_crowd_of_empty_members_leaves_room_to_breathe() -> None:
    """Each member ends with a piece, empty as it may be, so that a reader can pause."""
    pieces = list(Decoder(("gzip",)).feed(gzip.compress(b"") * 1000))
    assert len(pieces) >= 1000
    assert b"".join(pieces) == b""


@pytest.mark.parametrize("encodings", [("gzip",), ("br",), ("gzip", "gzip"), ("deflate", "br", "gzip")])
def test_a_bomb_never_fills_memory(encodings: tuple[str, ...]) -> None:
    """Some bytes that stand for 64 MiB come out in pieces near the step, and the rest is never inflated."""
    bomb = bytes(64 << 20)
    for name in encodings:
        bomb = ENCODERS[name](bomb) if name == "br" else zlib.compress(bomb, 1, 31 if name == "gzip" else 15)
    decoder = Decoder(encodings)
    tracemalloc.start()
    try:
        total = 0
        for piece in decoder.feed(bomb):
            assert len(piece) <= 2 * STEP
            total += len(piece)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total == 64 << 20
    assert peak < 8 << 20
