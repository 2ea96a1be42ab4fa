"""The demo API in a process of its own, which ends with this one."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType

from tui_client.demo.server import UNTIL_EOF_VARIABLE
from tui_client.errors import UsageError
from tui_client.processes import end_process

START_S = 20.0
_END_S = 3.0


def child_argv(port: int) -> list[str]:
    """The command that only serves and prints the base URL as its first line."""
    # -P: a folder that someone sent may be the current one, and have modules in it.
    return [sys.executable, "-P", "-m", "tui_client", "demo", "--serve", "--port", str(port)]


class DemoProcess:
    """`async with DemoProcess() as base_url`: served by a child, so that the workbench's loop stays free.

    The child watches its standard input, so it ends too when this process is killed.
    Raises UsageError if it does not say within START_S seconds where it serves.
    """

    def __init__(self, port: int = 0, argv: Sequence[str] | None = None) -> None:
        self._argv = child_argv(port) if argv is None else list(argv)
        self._process: Process | None = None
        # Not a pipe: nobody reads it while the child runs, and a full pipe would stop the child.
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  closed in _end

    async def __aenter__(self) -> str:
        environment = {**os.environ, UNTIL_EOF_VARIABLE: "1"}
        self._process = await asyncio.create_subprocess_exec(
            *self._argv, stdin=PIPE, stdout=PIPE, stderr=self._said, env=environment
        )
        try:
            return await self._base_url(self._process)
        except BaseException:
            await self._end(self._process)
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            await self._end(self._process)

    async def _base_url(self, process: Process) -> str:
        assert process.stdout is not None
        try:
            async with asyncio.timeout(START_S):
                line = (await process.stdout.readline()).decode(errors="replace").strip()
        except TimeoutError:
            raise UsageError(f"The demo API did not start within {START_S:g} seconds.") from None
        if not line.startswith("http://"):
            raise UsageError(f"The demo API did not start: {line or self._last_words()}")
        return line

    def _last_words(self) -> str:
        self._said.seek(0)
        lines = self._said.read(1 << 16).decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it ended without a word."

    async def _end(self, process: Process) -> None:
        assert process.stdin is not None
        # The end of its input ends the child. A signal would race with asyncio's own wait for it.
        process.stdin.close()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(_END_S):
                    await process.wait()
        finally:
            await end_process(process)
            self._said.close()
