"""Workers on this machine, for one run; they end with this process, however that ends."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import IO, Final

from tui_client.errors import NoWorkers
from tui_client.processes import end_process
from tui_client.text import safe_line

_START_S: Final = 60.0
_END_S: Final = 6.0
_WORDS: Final = 300


@asynccontextmanager
async def local_cluster(workers: int) -> AsyncGenerator[str, None]:
    """So many processes and a scheduler; gives its address. Raises NoWorkers where they can't be started."""
    # -P: a folder that someone sent may be the current one, and have modules in it.
    words = [sys.executable, "-P", "-m", "tui_client.replay.engines.dask.local_program", str(workers)]
    # A session of its own: Ctrl-C is for the run, which lets its workers end what they have in flight.
    with tempfile.TemporaryFile() as said:
        process = await asyncio.create_subprocess_exec(
            *words, stdin=PIPE, stdout=PIPE, stderr=said, start_new_session=True
        )
        assert process.stdin is not None and process.stdout is not None
        try:
            address = ""
            with suppress(TimeoutError):
                async with asyncio.timeout(_START_S):
                    address = (await process.stdout.readline()).decode(errors="replace").strip()
            if not address.startswith("tcp://"):
                raise NoWorkers(f"The workers could not be started: {_last_line(said)}")
            yield address
        finally:
            process.stdin.close()
            try:
                async with asyncio.timeout(_END_S):
                    await process.wait()
            except TimeoutError:
                await end_process(process)


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read(1 << 16).decode(errors="replace").strip().splitlines()
    return safe_line(lines[-1])[:_WORDS] if lines else f"nothing was heard of them for {_START_S:g} s."
