"""What is to be imported: a file, a folder, a URL, or what is pasted; read while the dialog shows how far it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import ClassVar, Final, TypeAlias

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static
from textual.worker import Worker

from tui_client.errors import TuiClientError
from tui_client.interop.offered import Preview, Unknown
from tui_client.model.wording import describe_error
from tui_client.text import format_duration_ms, safe_line
from tui_client.tui.modals._dialog import Dialog
from tui_client.tui.modals.pick import Pick, PickItem
from tui_client.tui.widgets.line_input import LineInput
from tui_client.tui.widgets.path_words import PathSuggester, is_text

# Reads what was asked for: a word or a text, the name of a format or "", and what takes each step that is made.
Look: TypeAlias = Callable[[str, str, Callable[[str], None]], Awaitable[Preview | Unknown]]
_HINT: Final = (
    "A file, a folder or a URL: Postman, OpenAPI, Insomnia, Bruno, HAR, .http, Hurl, curl and others are recognised. "
    "A whole document or a curl command can be pasted. Nothing in it is run, and nothing is written before you saw it."
)
_TICK_S: Final = 0.1


class _SourceInput(LineInput):
    """Takes a path; what is pasted of several lines is a document, and no path."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", "Complete", show=False)]

    class Pasted(Message):
        """A document was pasted."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def on_paste(self, event: events.Paste) -> None:
        """Of a document the field would take the first line."""
        if is_text(event.text):
            event.stop()
            event.prevent_default()
            self.post_message(self.Pasted(event.text))
        else:
            super().on_paste(event)

    def action_complete(self) -> None:
        """Take the path that is offered."""
        self.action_end()
        self.action_cursor_right()


class ImportSource(Dialog[Preview]):
    """Gives back what was read. It stays open, with what was typed, where that can't be read."""

    DEFAULT_CSS = """
    ImportSource {
        .dialog { width: 90; }
        #how { height: auto; color: $text-muted; display: none; }
        &.-reading #how { display: block; }
        &.-reading .hint { display: none; }
    }
    """

    field = getters.query_one(_SourceInput)

    class _Told(Message):
        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class _Came(Message):
        def __init__(self, source: str, found: Preview | Unknown) -> None:
            super().__init__()
            self.source = source
            self.found = found

    class _Failed(Message):
        def __init__(self, error: TuiClientError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._reading: Worker[None] | None = None
        self._began_s = 0.0
        self._words = ""
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The field, and below it how far it is, or what went wrong."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Import"
            box.border_subtitle = "Enter reads, Tab completes, Esc closes"
            yield _SourceInput(placeholder="~/shop.postman_collection.json", suggester=PathSuggester())
            yield Static(_HINT, classes="hint", markup=False)
            yield Static("", id="how", markup=False)
            yield Static("", classes="problem", markup=False)

    @on(Input.Changed)
    def _typed(self) -> None:
        self._say("")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self._begin(event.value)

    @on(_SourceInput.Pasted)
    def _pasted(self, message: _SourceInput.Pasted) -> None:
        self._begin(message.text)

    def _begin(self, source: str, format_name: str = "") -> None:
        """Read; what is being read already is given up."""
        self._stop()
        self._say("")
        self._words, self._began_s = "", monotonic()
        self.add_class("-reading")
        self._timer = self.set_interval(_TICK_S, self._tick)
        self._reading = self._read(source, format_name)
        self._tick()

    @work(group="read", exclusive=True, exit_on_error=False)
    async def _read(self, source: str, format_name: str) -> None:
        try:
            self.post_message(self._Came(source, await self._look(source, format_name, self._tell)))
        except TuiClientError as error:
            self.post_message(self._Failed(error))

    def _tell(self, words: str) -> None:
        self.post_message(self._Told(words))

    @on(_Told)
    def _told(self, message: _Told) -> None:
        message.stop()
        self._words = message.words
        self._tick()

    def _tick(self) -> None:
        took = format_duration_ms((monotonic() - self._began_s) * 1000)
        what = f"Reading {safe_line(self._words)}" if self._words else "Reading"
        self.query_one("#how", Static).update(f"{what} · {took} · Esc stops")

    @on(_Came)
    def _came(self, message: _Came) -> None:
        message.stop()
        if self._reading is None:
            return  # it was stopped meanwhile
        self._stop()
        if isinstance(message.found, Preview):
            self.dismiss(message.found)
        else:
            self._say(message.found.reason)
            self._choose(message.source, message.found)

    @on(_Failed)
    def _failed(self, message: _Failed) -> None:
        message.stop()
        if self._reading is not None:
            self._stop()
            self._say(describe_error(message.error))

    @work(group="format", exclusive=True, exit_on_error=False)
    async def _choose(self, source: str, found: Unknown) -> None:
        """Let the user say what it is."""
        items = tuple(PickItem(name, title, name) for name, title in found.formats)
        name = await self.app.push_screen_wait(Pick("Read it as", items))
        if name:
            self._begin(source, name)

    def _stop(self) -> bool:
        reading, self._reading = self._reading, None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.remove_class("-reading")
        if reading is not None and not reading.is_finished:
            reading.cancel()
            return True
        return False

    def _say(self, words: str) -> None:
        self.query_one(".problem", Static).update(safe_line(words))

    def action_close(self) -> None:
        """End the reading; else close."""
        if self._stop():
            self._say("Stopped. Nothing was written.")
        else:
            self.dismiss(None)
