"""Method, URL and the send button, over what the URL will really be."""

from __future__ import annotations

from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from tui_client.template.preview import PreviewSegment, PreviewState
from tui_client.text import safe_line

# Offered while a method is typed; any token is taken.
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "QUERY", "TRACE", "PROPFIND", "PURGE")

_STYLES: Final = {
    PreviewState.LITERAL: "$text-muted",
    PreviewState.RESOLVED: "$text-success",
    PreviewState.UNRESOLVED: "bold $text-error",
    PreviewState.DEFERRED: "$text-warning",
    PreviewState.SECRET: "$text-warning",
}


def preview_content(segments: tuple[PreviewSegment, ...]) -> Content:
    """The URL in colours, and in words what has no value yet."""
    line = Content("").join(Content(safe_line(part.text)).stylize(_STYLES[part.state]) for part in segments)
    unknown = [part.text for part in segments if part.state is PreviewState.UNRESOLVED]
    later = any(part.state is PreviewState.DEFERRED for part in segments)
    if unknown:
        names = safe_line(", ".join(dict.fromkeys(unknown)))
        return Content(f"! no value for {names}  ").stylize("bold $text-error") + line
    return line + Content("  (… when it is sent)").stylize("$text-muted") if later else line


class UrlBar(Widget):
    """Two rows. `show` sets them; edits go up as messages."""

    DEFAULT_CSS = """
    UrlBar {
        height: 2; layout: vertical;
        Horizontal { height: 1; }
        #method { width: 10; color: $text-primary; text-style: bold; }
        #url { width: 1fr; }
        #send { width: auto; min-width: 11; margin-left: 1; }
        #preview { height: 1; padding-left: 10; text-overflow: ellipsis; text-wrap: nowrap; }
    }
    """

    class MethodEdited(Message):
        """The method is this now."""

        def __init__(self, method: str) -> None:
            super().__init__()
            self.method = method

    class UrlEdited(Message):
        """The URL is this now."""

        def __init__(self, url: str) -> None:
            super().__init__()
            self.url = url

    class SendPressed(Message):
        """The user wants it sent: the button, or Enter in the URL."""

    def compose(self) -> ComposeResult:
        """One row to type in, one that shows."""
        with Horizontal():
            yield Input(
                id="method", compact=True, placeholder="GET", suggester=SuggestFromList(METHODS, case_sensitive=False)
            )
            yield Input(id="url", compact=True, placeholder="https://… or /path below base_url; Enter sends")
            yield Button("Send ^r", id="send", variant="primary", compact=True)
        yield Static("", id="preview", markup=False)

    def show(self, method: str, url: str, preview: tuple[PreviewSegment, ...]) -> None:
        """Show these; fields that hold them already keep their cursor."""
        with self.prevent(Input.Changed):
            for id_, text in (("#method", method), ("#url", url)):
                field = self.query_one(id_, Input)
                if field.value != text:
                    field.value = text
        self.query_one("#preview", Static).update(preview_content(preview) if url else "")

    def focus_url(self) -> None:
        """Go to the URL."""
        self.query_one("#url", Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.input.id == "url":
            self.post_message(self.UrlEdited(event.value))
        else:
            self.post_message(self.MethodEdited(event.value.strip()))

    @on(Input.Submitted)
    @on(Button.Pressed)
    def _send(self, event: Message) -> None:
        event.stop()
        self.post_message(self.SendPressed())
