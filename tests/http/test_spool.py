"""A growing body: small ones in memory, large ones in a file of ours."""

from __future__ import annotations

import asyncio
import gc
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.spool import MEMORY_BYTES, Spool
from tui_client.model.exchange import TimedContent


async def grown(directory: Path, *pieces: bytes, memory_bytes: int = 10) -> Spool:
    spool = Spool(directory, memory_bytes)
    for piece in pieces:
        spool.append(piece)
        if spool.unsettled:
            await spool.settle()
    return spool


def entries(directory: Path) -> list[Path]:
    return list(directory.iterdir())


async def test_a_small_body_touches_no_disk(tmp_path: Path) -> None:
    """Up to 1 MiB there is no file."""
    spool = Spool(tmp_path / "spool")
    spool.append(bytes(MEMORY_BYTES))
    assert not spool.unsettled
    await spool.settle()
    assert spool.path is None
    assert not (tmp_path / "spool").exists()
    assert spool.size == MEMORY_BYTES


async def test_a_large_body_goes_to_a_private_file(tmp_path: Path) -> None:
    """The folder is 0700, the file 0600, and reading goes on as before."""
    spool = await grown(tmp_path / "spool", b"0123456789ab", b"cdef")
    assert spool.path is not None
    assert stat.S_IMODE(spool.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(spool.path.parent.stat().st_mode) == 0o700
    assert spool.read() == b"0123456789abcdef"
    await spool.settle()
    assert spool.path.read_bytes() == b"0123456789abcdef"


@given(
    st.lists(st.binary(max_size=30), max_size=12),
    st.integers(0, 300),
    st.one_of(st.none(), st.integers(0, 300)),
)
def test_reading_is_slicing(pieces: list[bytes], start: int, length: int | None) -> None:
    """Any range, wherever its bytes lie: file, memory, or both."""
    spool = asyncio.run(grown(Path("/tmp"), *pieces))
    whole = b"".join(pieces)
    assert spool.size == len(whole)
    assert spool.read(start, length) == (whole[start:] if length is None else whole[start : start + length])
    spool.close()


async def test_reading_while_it_grows_from_another_thread(tmp_path: Path) -> None:
    """A reader sees a prefix of what was written, never a gap."""
    spool = Spool(tmp_path, 1000)
    pattern = bytes(range(256)) * 4

    def watch() -> None:
        while spool.size < 100 * len(pattern):
            seen = spool.read()
            assert seen == (pattern * 100)[: len(seen)]

    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.to_thread(watch))
        for _ in range(100):
            spool.append(pattern)
            await spool.settle()


async def test_the_file_goes_with_the_last_reference(tmp_path: Path) -> None:
    """Nothing is left in the folder."""
    spool = await grown(tmp_path, bytes(20))
    assert len(entries(tmp_path)) == 1
    del spool
    gc.collect()
    assert entries(tmp_path) == []


async def test_closing_removes_the_file_at_once(tmp_path: Path) -> None:
    """Safe to call more than once."""
    spool = await grown(tmp_path, bytes(20))
    spool.close()
    spool.close()
    assert entries(tmp_path) == []
    assert spool.read() == b""


async def test_a_disk_that_takes_no_more_is_a_typed_failure(tmp_path: Path) -> None:
    """What came so far stays readable."""
    (tmp_path / "file").write_text("in the way")
    spool = Spool(tmp_path / "file" / "spool", 10)
    spool.append(b"0123456789ab")
    with pytest.raises(RequestFailed) as caught:
        await spool.settle()
    assert caught.value.failure.kind is FailureKind.DISK
    assert spool.read() == b"0123456789ab"


async def test_a_body_leaves_room_on_its_disk(tmp_path: Path) -> None:
    """An endless stream ends before the disk is full, with a sentence; small bodies come through. What came stays."""
    spool = Spool(tmp_path, 10, left_free_bytes=1 << 62, small_bytes=20)
    spool.append(b"0123456789ab")
    await spool.settle()
    spool.append(b"0123456789ab")
    with pytest.raises(RequestFailed) as caught:
        await spool.settle()
    assert caught.value.failure.kind is FailureKind.DISK
    assert "would be free on the disk" in caught.value.failure.detail
    assert spool.read() == b"0123456789ab" * 2


def test_a_body_knows_when_its_bytes_came(tmp_path: Path) -> None:
    """Seconds since the head, in the order of the bytes."""
    spool = Spool(tmp_path)
    assert isinstance(spool, TimedContent)
    assert spool.arrived_s(0) == 0.0
    spool.append(b"first")
    assert 0 <= spool.arrived_s(0) < 60
    assert spool.arrived_s(10) >= spool.arrived_s(0)
