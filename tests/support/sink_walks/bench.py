"""The workbench on a terminal that keeps every byte, and replies for it to show."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from payloads import Payload
from recorded import Walk, recorded

from tui_client.config import Config
from tui_client.model.exchange import BytesBody, Exchange, RawHeader, Response, SentRequest, Timings
from tui_client.tui.app import WorkbenchApp
from tui_client.tui.panels.response_viewer import Done
from tui_client.tui.screens.workbench import WorkbenchScreen

NOW: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PLAIN: Final[RawHeader] = (b"Content-Type", b"text/plain; charset=utf-8")
REQUEST: Final = SentRequest("GET", "http://api.example/", b"/", ())


class Bench(Walk):
    """The workbench under test. tabs: of the reply, that were shown."""

    app: WorkbenchApp

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.tabs: set[str] = set()

    @property
    def screen(self) -> WorkbenchScreen:
        """The workbench, whatever lies over it."""
        assert self.app.workbench is not None
        return self.app.workbench

    @property
    def top(self) -> Any:
        """The screen or dialog in front."""
        return self.app.screen

    async def show(self, exchange: Exchange, tab: str = "body", **more: Any) -> None:
        """Show a reply, on this tab."""
        self.screen.show_past(Done(exchange, **more))
        self.screen.reply.open_tab(tab)
        self.tabs.add(tab)
        await self.pilot.pause()

    async def zoom(self, panel: str) -> None:
        """Give a panel all the room."""
        await self.until(lambda: self.screen.room.go(panel))
        await self.press("f11")

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        await self.pilot.press(*keys)


def reply(body: bytes = b"", headers: tuple[RawHeader, ...] = (PLAIN,), *, status: int = 200, **more: Any) -> Response:
    """A reply."""
    told = {"reason": "OK", "http_version": "HTTP/1.1", "encoded_bytes": len(body), **more}
    return Response(status, headers=headers, body=BytesBody(body), **told)


def exchange(response: Response | None, request: SentRequest = REQUEST, **more: Any) -> Exchange:
    """An exchange that came to this reply."""
    return Exchange(request, response, Timings(total=1.0), NOW, **more)


def raw(payload: Payload) -> bytes:
    """A payload as bytes, its mark behind it."""
    return payload.whole.encode()


@asynccontextmanager
async def workbench(
    path: Path, size: tuple[int, int] = (200, 90), settings: Config | None = None, first: str = ""
) -> AsyncIterator[Bench]:
    """The app on a workspace, ready."""
    async with recorded(WorkbenchApp(path, settings, first), size, walk=Bench) as bench:
        await bench.until(lambda: bench.app.workbench is not None and bench.screen.requests.items)
        yield bench
