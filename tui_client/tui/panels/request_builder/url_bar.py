"""Method, URL and the send button, over what the URL will really be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static

from tui_client.template import PreviewSegment, PreviewState, variables_in
from tui_client.text import safe_line
from tui_client.tui.panels.request_builder.curl_paste import UrlInput
from tui_client.tui.widgets.push import Push
from tui_client.tui.widgets.template_input import TemplateInput, TemplateSuggester

# Offered while a method is typed; any token is taken.
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "QUERY", "TRACE", "PROPFIND", "PURGE")

_DEFAULT: Final = "GET"

_STYLES: Final = {
    PreviewState.LITERAL: "",
    PreviewState.RESOLVED: "$text-success",
    PreviewState.UNRESOLVED: "bold $text-error",
    PreviewState.DEFERRED: "italic $text-warning",
    PreviewState.SECRET: "$text-warning",
}


def preview_content(segments: tuple[PreviewSegment, ...]) -> Content:
    """The URL in colours; before it in words what has no value, behind it what gets one when it is sent."""
    line = Content("").join(Content(safe_line(part.text)).stylize(_STYLES[part.state]) for part in segments)
    if unknown := _names(segments, PreviewState.UNRESOLVED):
        return Content(f"! no value for {unknown}   ").stylize("bold $text-error") + line
    if later := _names(segments, PreviewState.DEFERRED):
        return line + Content(f"   {later}: when it is sent")
    return line


def _names(segments: tuple[PreviewSegment, ...], state: PreviewState) -> str:
    texts = [part.text for part in segments if part.state is state]
    names = (name for text in texts for name in variables_in(text) or (text.strip("{} "),))
    return safe_line(", ".join(dict.fromkeys(names)))


class UrlBar(Widget):
    """Two rows. `show` sets them and tells nothing; edits go up by calls."""

    DEFAULT_CSS = """
    UrlBar {
        height: 2; layout: vertical; padding: 0 1;
        Horizontal { height: 1; }
        #method { width: 9; margin-right: 1; color: $text-primary; text-style: bold; }
        #url { width: 1fr; }
        #send { width: auto; min-width: 11; margin-left: 1; }
        #preview { height: 1; color: $text-muted; padding-left: 10; text-overflow: ellipsis; text-wrap: nowrap; }
    }
    """

    def __init__(
        self,
        suggester: TemplateSuggester,
        *,
        method: Callable[[str], None],
        url: Callable[[str], None],
        send: Callable[[], None],
    ) -> None:
        super().__init__()
        methods = SuggestFromList(METHODS, case_sensitive=False)
        self._method = TemplateInput(
            lambda text: method(text.strip() or _DEFAULT), placeholder=_DEFAULT, suggester=methods, id="method"
        )
        self._url = UrlInput(
            url, placeholder="https://… or /path below base_url, or a curl command", suggester=suggester, id="url"
        )
        self._preview = Static("", id="preview", markup=False)
        self._send = send

    def compose(self) -> ComposeResult:
        """One row to type in, one that shows."""
        with Horizontal():
            yield self._method
            yield self._url
            yield Push("Send ^r", self._send, id="send")
        yield self._preview

    def show(self, method: str, url: str, preview: tuple[PreviewSegment, ...]) -> None:
        """Show these; fields that hold them already keep their cursor."""
        if (self._method.text.strip() or _DEFAULT) != method:
            self._method.show(method)
        self._url.show(url)
        self._preview.update(preview_content(preview) if url else "")

    def focus_url(self) -> None:
        """Go to the URL."""
        if self._url.is_attached:
            self.screen.set_focus(self._url)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter sends."""
        event.stop()
        self._send()
