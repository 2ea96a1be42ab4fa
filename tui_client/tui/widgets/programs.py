"""Work on a body in a process of its own: it holds no lock of ours, takes no memory of ours, and can be ended."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import IO, Final

import msgspec

from tui_client.model.exchange import BodyContent
from tui_client.processes import end_process

# How our programs exit: with a refusal, told on standard error, or where a bound of `run_limited` was met.
REFUSED: Final = 3
TOO_LARGE: Final = 4
TIME_LIMIT_S: Final = 20.0
_HERE: Final = Path(__file__).parent
_STEP: Final = 1 << 20
_LONGEST_SAID: Final = 500  # bytes


class Ran(msgspec.Struct, frozen=True):
    """How a program ended. said: the beginning of its standard error, not yet safe to print. late: it was ended."""

    code: int
    said: str = ""
    late: bool = False


async def run_program(
    file: str, content: BodyContent, output: IO[bytes], *arguments: str, seconds: float = TIME_LIMIT_S
) -> Ran:
    """Run a Python file that stands beside this one, with the body as standard input.

    It is ended when it takes longer than `seconds`, and when this is cancelled.
    Raises OSError where there is no room for the input, or no process.
    """
    with await asyncio.to_thread(_as_file, content) as source:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", str(_HERE / "run_limited.py"), str(_HERE / file), *arguments),
            stdin=source,
            stdout=output,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(seconds):
                _, said = await process.communicate()
        except TimeoutError:
            return Ran(-1, late=True)
        finally:
            await end_process(process)
    return Ran(process.returncode or 0, said[:_LONGEST_SAID].decode("utf-8", "replace"))


def _as_file(content: BodyContent) -> IO[bytes]:
    if content.path is not None:
        try:
            return Path(content.path).open("rb")
        except FileNotFoundError:
            pass  # someone deleted it; what is open can still be read
    import tempfile

    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    for start in range(0, content.size, _STEP):
        file.write(content.read(start, _STEP))
    file.seek(0)
    return file
