"""The app on a terminal that keeps every byte that would reach a real one, and is one itself: pyte."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pyte
from payloads import PAYLOADS, Payload, seen
from pyte import charsets, modes
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.widget import Widget
from wcwidth import wcwidth

from tui_client.text import safe

# What Textual writes of its own accord: styles, places, frames that belong together, the cursor, the pointer's shape.
_OWN: Final = re.compile(
    r"\x1b\[[0-9;]*m|\x1b\[\d+;\d+H|\x1b\[\?2026[hl]|\x1b\[\?25[hl]|\x1b\]22;[a-z-]*(?:\x1b\\|\x07)|\r\n"
)
_POINTER: Final = re.compile(r"\x1b\]22;[a-z-]*(?:\x1b\\|\x07)")
_COPIED: Final = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


_POLL_S: Final = 0.005
_LIMIT_S: Final = 30


class RecordingDriver(HeadlessDriver):
    """Keeps what is written; the app takes it for a terminal."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self.written: list[str] = []

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.written.append(data)


class Terminal(pyte.Screen):
    """pyte, which makes a cell anew for each character; here cells are shared, which halves the time of these tests."""

    def __init__(self, columns: int, lines: int) -> None:
        self._cells: dict[tuple[str, Any], Any] = {}
        super().__init__(columns, lines)

    def draw(self, data: str) -> None:
        """Write at the cursor."""
        x, attributes = self.cursor.x, self.cursor.attrs
        plain = not self.charset and self.g0_charset is charsets.LAT1_MAP and modes.IRM not in self.mode
        if not plain or x + len(data) > self.columns or any(_cells_of(sign) != 1 for sign in data):
            super().draw(data)
            return
        line, cells = self.buffer[self.cursor.y], self._cells
        for at, sign in enumerate(data, x):
            if (key := (sign, attributes)) not in cells:
                cells[key] = attributes._replace(data=sign)
            line[at] = cells[key]
        self.cursor.x = min(x + len(data), self.columns)


@lru_cache(4096)
def _cells_of(sign: str) -> int:
    return wcwidth(sign)


class Recorder:
    """All that an app wrote; what of it a terminal would obey; what a user sees."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.terminal = Terminal(*size)
        self._stream = pyte.Stream(self.terminal)
        self.modes = set(self.terminal.mode)
        self.leaks: list[str] = []
        self.copied: list[str] = []
        self.written_bytes = 0

    def take(self, data: str) -> None:
        """One write of the app."""
        self.written_bytes += len(data.encode("utf-8", "surrogatepass"))
        self.copied += _COPIED.findall(data)
        plain = _COPIED.sub("", data)
        self.leaks += [payload.name for payload in PAYLOADS if payload.acts and payload.text in plain]
        rest = _OWN.sub("", plain)
        if safe(rest) != rest:
            self.leaks.append(repr(rest[:200]))
        # pyte takes the pointer's shape for a title.
        self._stream.feed(_POINTER.sub("", plain))

    @property
    def harm(self) -> list[str]:
        """What is not as it was: the terminal's title, its modes, its character set, or bytes that should not come."""
        changed = self.terminal.mode - self.modes
        return [
            *self.leaks,
            *([f"title {self.terminal.title}"] if self.terminal.title or self.terminal.icon_name else []),
            *([f"modes {changed}"] if changed - {2026 << 5, 25 << 5} else []),
            *(
                ["blinking"]
                if any(cell.blink for row in self.terminal.buffer.values() for cell in row.values())
                else []
            ),
        ]

    def text(self, region: tuple[int, int, int, int]) -> list[str]:
        """The rows of a part of the screen: x, y, width, height."""
        x, y, width, height = region
        buffer = self.terminal.buffer
        return [
            seen("".join(buffer[row][column].data for column in range(x, x + width))) for row in range(y, y + height)
        ]


class Walk:
    """The app, and which payload was seen in which sink."""

    def __init__(self, app: App[Any], pilot: Any, recorder: Recorder) -> None:
        self.app = app
        self.pilot = pilot
        self.recorder = recorder
        self.pairs: set[tuple[str, str]] = set()
        self.classes: set[type] = set()

    def drain(self) -> None:
        """Let the terminal have what was written so far."""
        written: list[str] = self.app._driver.written  # type: ignore[union-attr]  # our own driver
        for data in written:
            self.recorder.take(data)
        written.clear()

    def look(self, widget: Widget | None = None) -> list[str]:
        """The rows of a widget, or of the whole screen, as the terminal shows them; remembers what is mounted."""
        self.drain()
        for screen in self.app.screen_stack:
            self.classes |= {type(screen), *(type(node) for node in screen.walk_children())}
        size = self.app.size
        region = (0, 0, size.width, size.height) if widget is None else tuple(widget.region)
        return self.recorder.text(region)  # type: ignore[arg-type]  # a Region is four numbers

    async def until(self, condition: Callable[[], object]) -> None:
        """Let the app work until something is true."""
        async with asyncio.timeout(_LIMIT_S):
            while not condition():  # noqa: ASYNC110 - threads and frames post no event that a test could wait for
                await asyncio.sleep(_POLL_S)

    async def see(
        self,
        sink: str,
        payloads: Iterable[Payload] = PAYLOADS,
        widget: Widget | None = None,
        *,
        prefix: str = "",
        wrapped: int | None = None,
        shown: Callable[[Payload], str] = lambda payload: payload.shown,
    ) -> None:
        """Every one of these payloads stands there, as signs: pairs that were really tried.

        wrapped: text goes on from row to row, after a margin of so many cells.
        """
        await self.pilot.pause()
        wanted = list(payloads)
        rows = self.look(widget)
        text = "\n".join(rows) if wrapped is None else "".join(row[wrapped:].rstrip() for row in rows)
        missing = [f"{one.name}: {prefix}{shown(one)!r}" for one in wanted if prefix + seen(shown(one)) not in text]
        assert not missing, f"not seen in {sink}: {missing}\n" + "\n".join(row.rstrip() for row in rows if row.strip())
        self.pairs |= {(payload.name, sink) for payload in wanted}

    def notes(self) -> str:
        """What was said in notifications."""
        return "\n".join(note.message for note in self.app._notifications)


@asynccontextmanager
async def recorded(
    app: App[Any], size: tuple[int, int] = (200, 60), *, walk: Callable[..., Walk] = Walk
) -> AsyncIterator[Any]:
    """The app, running, on such a terminal; it must be as it was at the end."""
    app.driver_class = RecordingDriver
    recorder = Recorder(size)
    async with app.run_test(headless=False, size=size, tooltips=True, notifications=True) as pilot:
        found = walk(app, pilot, recorder)
        yield found
        found.drain()
    assert recorder.written_bytes > 0


def own_folders(base: Path) -> dict[str, str]:
    """The variables that keep an app away from what belongs to whoever runs it."""
    named = {f"XDG_{name}_HOME": str(base / name.lower()) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
    return named | {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
