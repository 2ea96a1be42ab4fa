"""A process that writes a journal: "write" until it is killed, "fill" until its disk is full and has room again.

Says on its standard output what it knows to be on disk, a line each.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from pathlib import Path

from handmade_journal import exchange_of, passed
from journals import header, step, store_in

from tui_client.replay.journal.header import Ended
from tui_client.replay.journal.writer import JournalWriter
from tui_client.replay.record import record_of


def say(line: str) -> None:
    """Past all buffers: what was said before a kill arrives."""
    os.write(1, f"{line}\n".encode())


async def work(writer: JournalWriter, first: int, every: int, last: int) -> None:
    """Sessions of one task: every other one gets a result."""
    for iteration in range(first, last, every):
        await writer.claim(step(iteration), resendable=False)
        say(str(iteration))
        if iteration % 2:
            result = passed(step(iteration), exchange_of(b"x" * 20_000))
            await writer.done(result, record_of(result))


async def write(writer: JournalWriter) -> None:
    """Never ends."""
    async with asyncio.TaskGroup() as group:
        for first in range(8):
            group.create_task(work(writer, first, 8, sys.maxsize))


async def fill(writer: JournalWriter) -> None:
    """Lets the files grow to 1 MiB, and further once that was too little."""
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)

    def on_held(text: str) -> None:
        say(f"held {text}" if text else "goes on")
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)

    writer.on_held = on_held
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, unlimited[1]))
    async with asyncio.TaskGroup() as group:
        for first in range(8):
            group.create_task(work(writer, first, 8, 200))
    await writer.close(Ended.FINISHED, 1.0)
    say("closed")


if __name__ == "__main__":
    opened = store_in(Path(sys.argv[2])).create(header())
    asyncio.run({"write": write, "fill": fill}[sys.argv[1]](opened))
