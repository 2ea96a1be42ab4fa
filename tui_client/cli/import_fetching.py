"""`import URL`: the document is fetched, with a line that says so where it takes a while."""

from __future__ import annotations

import asyncio
from typing import Final

from tui_client import config
from tui_client.cli.output import LiveLine
from tui_client.formats._format import Source
from tui_client.http.engine import Engine
from tui_client.http.hosts import Network
from tui_client.interop.fetching import fetch_source
from tui_client.model.exchange import BytesReceived, Event
from tui_client.model.options import SendOptions
from tui_client.text import format_bytes

_PATIENCE_S: Final = 1.0
_LIVE_S: Final = 0.2


async def fetch(url: str, defaults: SendOptions) -> Source:
    """What is at the URL. Raises NotFetched, and BrokenFile for settings that can't be read."""
    settings = config.load()
    network = Network(settings.hosts, None if settings.network.environment else {})
    progress = _Progress()
    async with Engine() as engine:
        try:
            return await fetch_source(url, engine, options=defaults, network=network, on_event=progress.on_event)
        finally:
            progress.end()


class _Progress:
    """One live line on stderr from the second second on, until its end."""

    def __init__(self) -> None:
        self._live = LiveLine()
        self._received_bytes = 0
        self._shown = 0
        self._next = asyncio.get_running_loop().call_later(_PATIENCE_S, self._show)

    def on_event(self, event: Event) -> None:
        if isinstance(event, BytesReceived):
            self._received_bytes = event.received_bytes

    def _show(self) -> None:
        loop = asyncio.get_running_loop()
        self._shown += 1
        seconds = _PATIENCE_S + _LIVE_S * (self._shown - 1)
        self._live.show(f"Fetching: {format_bytes(self._received_bytes)} in {seconds:.0f} s. Ctrl-C ends it.")
        self._next = loop.call_later(_LIVE_S, self._show)

    def end(self) -> None:
        """Take the line away."""
        self._next.cancel()
        if self._shown:
            self._live.clear()
