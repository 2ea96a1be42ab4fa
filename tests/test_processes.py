"""The end of programs beside this one."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from asyncio.subprocess import PIPE

from tui_client.processes import end_process

WAITS = "import sys; sys.stdin.read()"
LEAVES = f"""
import asyncio, sys
from tui_client.processes import end_process

async def main() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", {WAITS!r}, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    ending = asyncio.create_task(end_process(process))
    await asyncio.sleep(0)
    ending.cancel()

asyncio.run(main())
"""


async def test_what_runs_is_killed_and_what_has_ended_stays_as_it_was() -> None:
    """Twice is no error."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", WAITS, stdin=PIPE, stdout=PIPE)
    await end_process(process)
    await end_process(process)
    assert process.returncode == -9
    done = await asyncio.create_subprocess_exec(sys.executable, "-c", "raise SystemExit(3)", stdout=PIPE)
    await done.wait()
    await end_process(done)
    assert done.returncode == 3


async def test_it_is_gone_before_a_cancellation_goes_on() -> None:
    """However often whoever waits is told to stop."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", WAITS, stdin=PIPE, stdout=PIPE)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        ending = group.create_task(end_process(process))
        for _ in range(3):
            await asyncio.sleep(0)
            ending.cancel()
    assert ending.cancelled()
    assert process.returncode == -9
    del process
    gc.collect()


def test_nothing_of_it_is_told_when_the_program_ends() -> None:
    """A loop that closes while a child is being ended leaves nothing that complains."""
    done = subprocess.run([sys.executable, "-X", "dev", "-c", LEAVES], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
