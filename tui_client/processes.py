"""Programs of ours that run beside this one, and their end."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from contextlib import suppress


async def end_process(process: Process) -> None:
    """Kill it unless it has ended, and see it gone, also where whoever waits is cancelled meanwhile.

    A killed process takes milliseconds to go. Left to an event loop that closes before, it is told of on the terminal
    as the interpreter ends. Raises CancelledError once it is gone.
    """
    cancelled: asyncio.CancelledError | None = None
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
    while process.returncode is None:
        try:
            await process.wait()
        except asyncio.CancelledError as error:
            cancelled = error
    # Its pipes may not have said that they ended. There is no public way to close them all.
    process._transport.close()  # type: ignore[attr-defined]
    if cancelled is not None:
        raise cancelled
