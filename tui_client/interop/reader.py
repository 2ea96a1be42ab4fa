"""An import that is read in a process of its own, asked from an event loop that must not wait."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from tui_client.errors import UsageError
from tui_client.interop.offered import (
    Answer,
    Ask,
    Lines,
    Node,
    Nodes,
    Place,
    Preview,
    Read,
    Refused,
    Said,
    Step,
    Undo,
    Undone,
    Unknown,
    Write,
    Written,
)
from tui_client.interop.undoing import Receipt
from tui_client.processes import end_process

_PROGRAM: Final = "tui_client.interop.desk_program"
_ENDED: Final = "What reads it ended, and nothing was written. Try it again."
_BACK_OUT_S: Final = 3.0  # to take back what a write that was stopped has done


class Reader:
    """One import. A call that is cancelled ends its process, and nothing was written; `close` at the end.

    All raise UsageError, whose reason is a sentence.
    """

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._process: Process | None = None
        self._writing = False

    async def read(self, ask: Read, told: Callable[[str], None]) -> Preview | Unknown:
        """What is in it. told: takes what is done now."""
        await self._start()
        answer = await self._ask(ask, told)
        if isinstance(answer, Preview | Unknown):
            return answer
        raise UsageError(_ENDED)

    async def place(self, target: str) -> Preview:
        """The same, written elsewhere: the id of an offer."""
        answer = await self._ask(Place(target), _quietly)
        if isinstance(answer, Preview):
            return answer
        raise UsageError(_ENDED)

    async def write(self) -> Written:
        """All of it or nothing."""
        self._writing = True
        try:
            answer = await self._ask(Write(), _quietly)
        finally:
            self._writing = False
        if isinstance(answer, Written):
            return answer
        raise UsageError(_ENDED)

    async def undo(self, receipt: Receipt) -> None:
        """Take back what was written, by whichever reader."""
        await self._start()
        if not isinstance(await self._ask(Undo(receipt), _quietly), Undone):
            raise UsageError(_ENDED)

    async def _start(self) -> None:
        await self.close()
        # A module that stands where the user does is none of ours.
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", _PROGRAM, str(self._workspace.absolute())),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
        )

    def stop(self) -> None:
        """Let a write that is under way take back what it has done; it ends with an error, unless it was done."""
        if self._writing and self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGINT)

    async def close(self) -> None:
        """End the process; what was being written is taken back."""
        self.stop()
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            if self._writing:
                async with asyncio.timeout(_BACK_OUT_S):
                    await process.wait()
        except TimeoutError:
            pass
        finally:
            await end_process(process)

    async def _ask(self, ask: Ask, told: Callable[[str], None]) -> Answer:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise UsageError(_ENDED)
        tree: list[Node] = []
        report: list[Said] = []
        try:
            data = msgspec.msgpack.encode(ask)
            process.stdin.write(len(data).to_bytes(4, "big") + data)
            await process.stdin.drain()
            while True:
                answer = await _next(process.stdout)
                match answer:
                    case Step(words=words):
                        told(words)
                    case Nodes(rows=rows):
                        tree += rows
                    case Lines(rows=lines):
                        report += lines
                    case Refused(reason=reason):
                        raise UsageError(reason)
                    case Preview():
                        return msgspec.structs.replace(answer, tree=tuple(tree), report=tuple(report))
                    case _:
                        return answer
                await asyncio.sleep(0)  # what is read already would leave no turn to the keys
        except (asyncio.IncompleteReadError, BrokenPipeError, ConnectionResetError, msgspec.MsgspecError) as error:
            raise UsageError(_ENDED) from error
        except asyncio.CancelledError:
            await self.close()
            raise


async def _next(stream: asyncio.StreamReader) -> Answer:
    length = int.from_bytes(await stream.readexactly(4), "big")
    answer: Answer = msgspec.msgpack.decode(await stream.readexactly(length), type=Answer)
    return answer


def _quietly(words: str) -> None:
    """Nobody waits long enough to be told."""
