"""The response viewer alone, and replies to show in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot

from tui_client.model.exchange import BodyEnd, BytesBody, Exchange, Hop, RawHeader, Response, SentRequest, Timings
from tui_client.tui.panels.response_viewer import CheckWanted, Copied, Done, ExchangeView, ResponseViewer, SaveWanted
from tui_client.tui.panels.response_viewer.body_tab import BodyTab
from tui_client.tui.widgets.body_view import BodyView

SECRET = "hunter2-secret"
HOSTILE = "\x1b[31m\x07 \x9b [@click=app.quit]x[/] [/dim] \u202e [bold"
REQUEST = SentRequest(
    "POST",
    f"http://127.0.0.1/users?key={SECRET}",
    f"/users?key={SECRET}".encode(),
    ((b"hOST", b"127.0.0.1"), (b"X-Key", SECRET.encode()), (b"x-key", b"second")),
    b'{"password": "hunter2-secret", "n": 1}',
    38,
    secrets=frozenset({SECRET}),
)
JSON_HEADERS: tuple[RawHeader, ...] = ((b"Content-Type", b"application/json"),)


def response(body: bytes, headers: tuple[RawHeader, ...] = JSON_HEADERS, *, status: int = 201) -> Response:
    return Response(status, "Created", "HTTP/1.1", headers, BytesBody(body), len(body), body_end=BodyEnd.LENGTH)


def exchange(reply: Response | None, request: SentRequest = REQUEST, hops: tuple[Hop, ...] = ()) -> Exchange:
    return Exchange(request, reply, Timings(connect=0.4, send=0.1, wait=10.0, receive=1.9, total=12.4), NOW, hops)


NOW = datetime(2026, 1, 1, tzinfo=UTC)


def done(body: bytes = b'{"id": 7}', headers: tuple[RawHeader, ...] = JSON_HEADERS) -> Done:
    return Done(exchange(response(body, headers)))


class Growing:
    """A body that arrives while it is looked at."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = data
        self.path = None

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        return self.data[start:] if length is None else self.data[start : start + length]


class Alone(App[None]):
    """The viewer and nothing else; keeps the messages that a screen would get."""

    def __init__(self, view: ExchangeView | None = None) -> None:
        super().__init__()
        self._first = view
        self.viewer = ResponseViewer()
        self.messages: list[Message] = []
        self.copied = ""

    def compose(self) -> ComposeResult:
        yield self.viewer

    def on_mount(self) -> None:
        if self._first is not None:
            self.viewer.show(self._first)

    def on_save_wanted(self, message: SaveWanted) -> None:
        self.messages.append(message)

    def on_check_wanted(self, message: CheckWanted) -> None:
        self.messages.append(message)

    def on_copied(self, message: Copied) -> None:
        self.messages.append(message)

    def copy_to_clipboard(self, text: str) -> None:
        self.copied = text

    @property
    def body(self) -> BodyTab:
        return self.query_one(BodyTab)

    def summary(self) -> str:
        return self.viewer.summary_line.render_lines(self.viewer.summary_line.region.reset_offset)[0].text.strip()

    def text(self) -> str:
        """All that is drawn of the open tab."""
        return "\n".join(strip.text.rstrip() for strip in self.screen._compositor.render_strips())


async def until(pilot: Pilot[None], ready: Callable[[], bool]) -> None:
    """Wait for a state of the app; fails after five seconds."""
    async with asyncio.timeout(5):
        while not ready():
            await pilot.pause()


def rows(view: BodyView) -> list[str]:
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]
