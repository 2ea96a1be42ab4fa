"""What a document says of an operation, read without holding anybody up."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path
from typing import Final

import msgspec

from tui_client.interop.operation import OperationInfo, read_operation
from tui_client.processes import end_process

_PROGRAM: Final = "tui_client.interop.operation_program"
SMALL_BYTES: Final = 256 * 1024  # a larger document holds the interpreter's lock for too long while it is parsed
_LIMIT_S: Final = 30.0


async def read_beside(root: Path, link: tuple[str, str]) -> OperationInfo | None:
    """As `read_operation`: a small document in a thread, a large one in a process, which is ended if need be."""
    try:
        size = (root / link[0]).stat().st_size
    except (OSError, ValueError):
        return None
    if size <= SMALL_BYTES:
        return await asyncio.to_thread(read_operation, root, link)
    with contextlib.suppress(OSError, ValueError, TimeoutError, msgspec.MsgspecError):
        return msgspec.json.decode(await _said(str(root), *link), type=OperationInfo | None)
    return None


async def _said(*arguments: str) -> bytes:
    # A module that stands where the user does is none of ours.
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", _PROGRAM, *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_LIMIT_S):
            said, _ = await process.communicate()
    finally:
        await end_process(process)
    return said
