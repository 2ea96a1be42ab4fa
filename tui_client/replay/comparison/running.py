"""Comparing without holding up an event loop: in a thread what is small, in a process what is not."""

from __future__ import annotations

import asyncio
import mmap
import sys
import tempfile
import threading
from typing import IO, Final

import msgspec

from tui_client.model.exchange import BodyContent
from tui_client.processes import end_process
from tui_client.replay.comparison import program
from tui_client.replay.comparison.diff_rows import DiffRows
from tui_client.replay.comparison.figures import Figures, figures_of, is_binary
from tui_client.replay.comparison.headers import HeaderRow, compare_headers
from tui_client.replay.comparison.job import Job, compare_texts
from tui_client.replay.comparison.side import Side
from tui_client.text import format_bytes

IN_THREAD: Final = 1 << 18  # bytes of both: some 0.1 s of Python, which gives way to others
LARGEST_TEXT: Final = 32 << 20
_LIMIT_S: Final = 120.0
_SNIFFED: Final = 4096


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two sides and what differs.

    rows: None where the bodies were only compared byte by byte; `reason` then says why, in words without a full stop.
    """

    left: Side
    right: Side
    headers: tuple[HeaderRow, ...]
    figures: Figures
    rows: DiffRows | None = None
    reason: str = ""

    @property
    def statuses(self) -> tuple[int | None, int | None]:
        """The status of each side; None where there is none."""
        return tuple(side.response.status if side.response else None for side in (self.left, self.right))  # type: ignore[return-value]  # two sides make two

    @property
    def body_differs(self) -> bool:
        """Whether the bodies differ in anything that is not left out."""
        return self.rows.head.differs if self.rows else not self.figures.same


async def compare_sides(left: Side, right: Side, ignore: tuple[str, ...] = ()) -> Comparison:
    """Compare two replies. Cancelling it ends the process and the thread.

    Raises OSError where a body can't be read any more, or no temporary file can be written.
    """
    stop = threading.Event()
    try:
        figures = await asyncio.to_thread(figures_of, left.body, right.body, stop)
    finally:
        stop.set()
    headers = (left.response.headers, right.response.headers) if left.response and right.response else ((), ())
    known = Comparison(left=left, right=right, headers=compare_headers(*headers), figures=figures)
    if reason := await asyncio.to_thread(_why_not_text, left, right):
        return msgspec.structs.replace(known, reason=reason)
    job = Job(
        left_type=left.content_type,
        right_type=right.content_type,
        ignore=ignore,
        secrets=left.secrets | right.secrets,
    )
    rows = await _rows(job, left.body, right.body)
    if rows is None:
        return msgspec.structs.replace(known, reason="comparing them line by line failed")
    return msgspec.structs.replace(known, rows=rows)


def _why_not_text(left: Side, right: Side) -> str:
    if any(side.body.size > LARGEST_TEXT for side in (left, right)):
        return f"bodies are compared line by line up to {format_bytes(LARGEST_TEXT)}"
    if any(is_binary(side.body.read(0, _SNIFFED), side.content_type) for side in (left, right)):
        return "they are not text"
    return ""


async def _rows(job: Job, left: BodyContent, right: BodyContent) -> DiffRows | None:
    if left.size + right.size <= IN_THREAD:
        return DiffRows(memoryview(await asyncio.to_thread(compare_texts, job, left.read(), right.read())))
    output = await asyncio.to_thread(tempfile.TemporaryFile)
    with output, await asyncio.to_thread(_job_file, job, left, right) as source:
        return await asyncio.to_thread(_mapped, output) if await _ended_well(source, output) else None


def _job_file(job: Job, left: BodyContent, right: BodyContent) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    program.write_job(file, job, left, right)
    file.seek(0)
    return file


async def _ended_well(source: IO[bytes], output: IO[bytes]) -> bool:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", program.__name__, stdin=source, stdout=output, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(_LIMIT_S):
            await process.wait()
    except TimeoutError:
        return False
    finally:
        await end_process(process)
    return process.returncode == 0


def _mapped(output: IO[bytes]) -> DiffRows:
    # The mapping holds the file for as long as anyone looks at its rows.
    return DiffRows(memoryview(mmap.mmap(output.fileno(), 0, access=mmap.ACCESS_READ)))
