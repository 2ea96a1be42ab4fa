"""The app's side of filtering: starts the process when something is asked, ends it at its limits and at the end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

from tui_client.model.exchange import BodyContent, BytesBody
from tui_client.text import format_bytes, safe_line
from tui_client.tui.widgets.file_body import FileBody
from tui_client.tui.widgets.filters.messages import (
    LARGEST,
    LARGEST_MARKUP,
    LENGTH_BYTES,
    Ask,
    Found,
    Load,
    Loaded,
    Source,
    Tool,
    framed,
)
from tui_client.tui.widgets.lexers import Language

LOAD_S: Final = 5.0
# JSONPath ends itself in time; what it finds is then cut out and indented.
_ANSWER_S: Final = {Tool.JSONPATH: 2.0, Tool.XPATH: 1.5, Tool.JQ: 1.0}
_BYTES_A_SECOND: Final = 8 << 20  # jq reads the body anew for each expression
_STEP: Final = 1 << 18
_IN_MEMORY: Final = 1 << 20
# Nothing of the user's environment goes to where jq could show it.
_ENVIRONMENT: Final = ("PATH", "PYTHONPATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LD_LIBRARY_PATH")


class Filtered(msgspec.Struct, frozen=True):
    """What an expression found, as a document in UTF-8; `indented`: as the JSON view indents it.

    roots: the JSONPaths of the first nodes, if they have some.
    """

    content: BodyContent
    language: Language
    nodes: int
    indented: bool
    roots: tuple[str, ...] = ()


class NotFiltered(msgspec.Struct, frozen=True):
    """Why nothing came of it: a clause without its stop, safe to print."""

    reason: str


Outcome: TypeAlias = Filtered | NotFiltered


def tool_for(expr: str, source: Source) -> Tool | None:
    """What an expression is written for; None for neither JSONPath nor jq."""
    text = expr.strip()
    if source in (Source.XML, Source.HTML):
        return Tool.XPATH
    if text.startswith("$"):
        return Tool.JSONPATH
    return Tool.JQ if text.startswith((".", "jq ")) else None


class LiveFilter:
    """Filters one body as expressions are typed: the newest wins.

    `want` says what is wanted now; `answers` gives what came of it, and owns the process for as long as it runs.
    """

    def __init__(self, content: BodyContent, source: Source, charset: str) -> None:
        self._content = content
        self._source = source
        self._charset = charset
        self._process: asyncio.subprocess.Process | None = None
        self._refused = self._too_large()
        self._wanted = ""
        self._changed = asyncio.Event()
        self._asking = False

    def _too_large(self) -> str:
        limit = LARGEST_MARKUP if self._source in (Source.XML, Source.HTML) else LARGEST
        size = self._content.size
        return f"the body has {format_bytes(size)}; filters read {format_bytes(limit)} at most" if size > limit else ""

    def want(self, expr: str) -> None:
        """Evaluate this next; what is being evaluated is given up."""
        self._wanted = expr
        self._changed.set()
        if self._asking and self._process is not None and sys.platform != "win32":
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGINT)

    async def answers(self) -> AsyncGenerator[tuple[str, Outcome], None]:
        """Each expression that is not overtaken, and what came of it; without end. Close it to end the process."""
        try:
            await self._load()
            while True:
                await self._changed.wait()
                self._changed.clear()
                expr = self._wanted
                outcome = await self._evaluate(expr)
                if not self._changed.is_set():
                    yield expr, outcome
        finally:
            await self._end()

    async def _evaluate(self, expr: str) -> Outcome:
        tool = tool_for(expr, self._source)
        if tool is None:
            return NotFiltered("a JSONPath begins with $, a jq filter with . or jq")
        if self._process is None:
            await self._load()
        if self._refused:
            return NotFiltered(self._refused)
        limit_s = _ANSWER_S[tool] + self._content.size / _BYTES_A_SECOND
        try:
            self._asking = True
            async with asyncio.timeout(limit_s):
                ask = Ask(expr, tool, limit_s + 1)
                found = await self._ask(ask)
                while found.superseded and not self._changed.is_set():
                    # The interrupt was for the one before, and came late.
                    found = await self._ask(ask)
            self._asking = False
            async with asyncio.timeout(LOAD_S):
                return await self._outcome(found)
        except TimeoutError:
            await self._end()
            return NotFiltered("it takes too long and was stopped; make the expression simpler")
        except (OSError, asyncio.IncompleteReadError, msgspec.DecodeError):
            await self._end()
            return NotFiltered("the filter stopped; it may have needed too much memory")
        finally:
            self._asking = False

    async def _ask(self, ask: Ask) -> Found:
        reader, writer = self._pipes()
        writer.write(framed(ask))
        await writer.drain()
        return msgspec.json.decode(await _read_frame(reader), type=Found)

    async def _outcome(self, found: Found) -> Outcome:
        if found.problem:
            return NotFiltered(safe_line(found.problem))
        content = await _read_body(self._pipes()[0], found.size)
        if self._source in (Source.XML, Source.HTML):
            return Filtered(content, Language.MARKUP if found.markup else Language.PLAIN, found.nodes, indented=False)
        return Filtered(content, Language.JSON, found.nodes, indented=not found.plain, roots=found.roots)

    # The process

    def _pipes(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        process = self._process
        if process is None or process.stdout is None or process.stdin is None:
            raise BrokenPipeError
        return process.stdout, process.stdin

    async def _load(self) -> None:
        """Start the process and have it read the body; what is wrong with that stays wrong."""
        if self._refused:
            return
        try:
            async with asyncio.timeout(LOAD_S):
                await self._start()
                loaded = await self._send_body()
            self._refused = safe_line(loaded.problem)
        except TimeoutError:
            self._refused = "reading the body takes too long"
        except (OSError, asyncio.IncompleteReadError, msgspec.DecodeError):
            self._refused = "the filter can't be started, or reading the body takes too much memory"
        if self._refused:
            await self._end()

    async def _start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *_command(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            limit=_STEP,
        )

    async def _send_body(self) -> Loaded:
        reader, writer = self._pipes()
        size = self._content.size
        writer.write(framed(Load(size, self._source, self._charset)))
        for start in range(0, size, _STEP):
            writer.write(self._content.read(start, min(_STEP, size - start)))
            await writer.drain()
        return msgspec.json.decode(await _read_frame(reader), type=Loaded)

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _command() -> Iterable[str]:
    # As a file and not as a module: nothing of the app is imported on the way.
    return sys.executable, "-P", str(Path(__file__).with_name("process.py"))


async def _read_frame(reader: asyncio.StreamReader) -> bytes:
    length = await reader.readexactly(LENGTH_BYTES)
    return await reader.readexactly(int.from_bytes(length, "big"))


async def _read_body(reader: asyncio.StreamReader, size: int) -> BodyContent:
    """The bytes that were announced; many of them go to a file without a name."""
    if size <= _IN_MEMORY:
        return BytesBody(await reader.readexactly(size))
    # It lives as long as the body that reads it.
    output = await asyncio.to_thread(tempfile.TemporaryFile)
    left = size
    while left:
        data = await reader.read(min(left, _STEP))
        if not data:
            raise BrokenPipeError
        output.write(data)
        left -= len(data)
    output.flush()
    return FileBody(output)
