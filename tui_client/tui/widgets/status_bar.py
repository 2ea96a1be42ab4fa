"""The top line: where you are, what is in flight, how the replay goes."""

from __future__ import annotations

from time import monotonic

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from tui_client.text import format_duration_ms, safe_line
from tui_client.tui.widgets.say_line import say_line


class InFlight(msgspec.Struct, frozen=True):
    """Sends under way: how many, and when the oldest began (seconds, monotonic)."""

    count: int = 0
    since_s: float = 0.0


class _Part(Static):
    """A part of the line that can be clicked."""

    def on_click(self, event: events.Click) -> None:
        """Pass it on by name."""
        event.stop()
        self.post_message(StatusBar.Clicked(self.id or ""))


class StatusBar(Widget):
    """Shows what it is given; a click on the environment asks for another."""

    DEFAULT_CSS = """
    StatusBar {
        height: 1; layout: horizontal; background: $panel;
        _Part, Static { width: auto; padding: 0 1; height: 1; }
        #place { color: $text-secondary; text-style: bold; }
        #environment { color: $text-accent; text-style: bold; }
        #environment:hover { text-style: underline; }
        #gap { width: 1fr; }
        #sending { color: $text-warning; }
        #replaying { color: $text-primary; }
    }
    """

    place: reactive[str] = reactive("")
    environment: reactive[str] = reactive("")
    in_flight: reactive[InFlight] = reactive(InFlight())
    replaying: reactive[str] = reactive("")

    class Clicked(Message):
        """The user clicked a part: "place", "environment" or "replaying"."""

        def __init__(self, part_id: str) -> None:
            super().__init__()
            self.part_id = part_id

    def compose(self) -> ComposeResult:
        """Place and environment on the left, what moves on the right."""
        yield _Part(id="place", markup=False)
        yield _Part(id="environment", markup=False)
        yield Static(id="gap")
        yield Static(id="sending", markup=False)
        yield _Part(id="replaying", markup=False)

    def on_mount(self) -> None:
        """The elapsed time moves ten times a second, and only while something is in flight."""
        self._clock = self.set_interval(0.1, self._tick, pause=True)
        self.watch_environment()

    def watch_place(self) -> None:
        """Show the collection."""
        self._say("place", safe_line(self.place))

    def watch_environment(self) -> None:
        """Show the environment."""
        name = safe_line(self.environment) or "none"
        self._say("environment", f"env {name} ▾")

    def watch_replaying(self) -> None:
        """Show how far the replay is."""
        self._say("replaying", safe_line(self.replaying))

    def watch_in_flight(self) -> None:
        """Start or stop the clock."""
        if not self.is_mounted:
            return
        if self.in_flight.count:
            self._clock.resume()
        else:
            self._clock.pause()
        self._tick()

    def _tick(self) -> None:
        flight, text = self.in_flight, ""
        if flight.count:
            text = f"● {flight.count} in flight  {format_duration_ms((monotonic() - flight.since_s) * 1000)}"
        self._say("sending", text)

    def _say(self, part: str, text: str) -> None:
        say_line(self.query_one(f"#{part}", Static), text)
