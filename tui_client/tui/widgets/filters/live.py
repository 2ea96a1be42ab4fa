"""The app's side of filtering: starts the process when something is asked, ends it at its limits and at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Final, TypeAlias

import msgspec

from tui_client.model.exchange import BodyContent
from tui_client.text import format_bytes, safe_line
from tui_client.tui.widgets.filters.channel import Channel, Gone
from tui_client.tui.widgets.filters.messages import LARGEST, LARGEST_MARKUP, Ask, Found, Source, Tool
from tui_client.tui.widgets.lexers import Language

LOAD_S: Final = 5.0
# JSONPath ends itself in time; what it finds is then cut out and indented.
_ANSWER_S: Final = {Tool.JSONPATH: 2.0, Tool.XPATH: 1.5, Tool.JQ: 1.0}
_BYTES_A_SECOND: Final = 8 << 20  # jq reads the body anew for each expression


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
        self._channel: Channel | None = None
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
        if self._asking and self._channel is not None:
            self._channel.interrupt()

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
        if self._channel is None:
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
        except Gone:
            await self._end()
            return NotFiltered("the filter stopped; it may have needed too much memory, or room on the disk")
        finally:
            self._asking = False

    async def _ask(self, ask: Ask) -> Found:
        return await asyncio.to_thread(self._there.ask, ask)

    async def _outcome(self, found: Found) -> Outcome:
        if found.problem:
            return NotFiltered(safe_line(found.problem))
        content = await asyncio.to_thread(self._there.document, found.size)
        if self._source in (Source.XML, Source.HTML):
            return Filtered(content, Language.MARKUP if found.markup else Language.PLAIN, found.nodes, indented=False)
        return Filtered(content, Language.JSON, found.nodes, indented=not found.plain, roots=found.roots)

    # The process

    @property
    def _there(self) -> Channel:
        if self._channel is None:
            raise Gone
        return self._channel

    async def _load(self) -> None:
        """Start the process and have it read the body; what is wrong with that stays wrong."""
        if self._refused:
            return
        try:
            self._channel = channel = Channel()
            async with asyncio.timeout(LOAD_S):
                loaded = await asyncio.to_thread(channel.load, self._content, self._source, self._charset)
            self._refused = safe_line(loaded.problem)
        except TimeoutError:
            self._refused = "reading the body takes too long"
        except Gone:
            self._refused = "the filter can't be started, or reading the body takes too much memory"
        if self._refused:
            await self._end()

    async def _end(self) -> None:
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.kill()
            # In a thread: the memory of a process takes a while to be given back.
            await asyncio.to_thread(channel.reap)
