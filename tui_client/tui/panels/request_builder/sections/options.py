"""How the request is sent; an empty field is inherited."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label, Select

from tui_client.model.options import Options, SendOptions
from tui_client.tui.panels.request_builder._section import SectionView

_TIMEOUTS: Final = ("connect", "read", "write", "pool", "total")
_SWITCHES: Final = (
    ("follow_redirects", "Follow redirects"),
    ("http2", "HTTP/2"),
    ("verify", "Verify TLS"),
    ("cookies", "Cookies"),
    ("idempotency_key", "Idempotency key"),
    ("allow_http_errors", "Allow HTTP errors"),
)
_TEXTS: Final = (("proxy", "Proxy"), ("ca", "CA file"), ("client_cert", "Client cert"))


class OptionsSection(SectionView):
    """One row an option; placeholders show what is in force without it."""

    DEFAULT_CSS = """
    OptionsSection {
        Horizontal { height: 1; }
        Label { width: 20; color: $text-muted; }
        Input, Select { width: 1fr; max-width: 60; }
    }
    """

    def compose(self) -> ComposeResult:
        """Timeouts, numbers, switches, texts."""
        for name in _TIMEOUTS:
            yield from self._line(f"Timeout {name}, s", Input(compact=True, type="number", id=f"timeout-{name}"))
        yield from self._line("Max redirects", Input(compact=True, type="integer", id="max_redirects"))
        for name, title in _SWITCHES:
            choices = (("as inherited", "inherit"), ("yes", "yes"), ("no", "no"))
            yield from self._line(title, Select(choices, value="inherit", allow_blank=False, compact=True, id=name))
        for name, title in _TEXTS:
            yield from self._line(title, Input(compact=True, id=name))

    def _line(self, title: str, control: Input | Select[str]) -> ComposeResult:
        with Horizontal():
            yield Label(title, markup=False)
            yield control

    def draw(self) -> None:
        """In step with the draft, and with what is in force without it."""
        options = self.draft.options
        force = self.context.effective.options if self.context.effective else SendOptions()
        with self.prevent(Input.Changed, Select.Changed):
            for name in _TIMEOUTS:
                self._put(f"timeout-{name}", getattr(options.timeout, name), getattr(force.timeouts, name))
            for name in ("max_redirects", *(name for name, _ in _TEXTS)):
                self._put(name, getattr(options, name), getattr(force, name))
            for name, _ in _SWITCHES:
                value = getattr(options, name)
                self.query_one(f"#{name}", Select).value = "inherit" if value is None else "yes" if value else "no"

    def _put(self, id_: str, value: float | str | None, force: float | str | None) -> None:
        field = self.query_one(f"#{id_}", Input)
        text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        if field.value != text and _number(field.value) != value:
            field.value = text
        field.placeholder = "none" if force in (None, "") else f"{force:g}" if isinstance(force, float) else str(force)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        id_, text = event.input.id or "", event.value.strip()
        if id_.startswith("timeout-"):
            if text and _number(text) is None:
                return
            timeout = msgspec.structs.replace(self.draft.options.timeout, **{id_[8:]: _number(text)})
            self._set(timeout=timeout)
        elif id_ == "max_redirects":
            self._set(max_redirects=int(text) if text.isdigit() else None)
        else:
            self._set(**{id_: text or None})

    @on(Select.Changed)
    def _picked(self, event: Select.Changed) -> None:
        event.stop()
        self._set(**{event.select.id or "": {"yes": True, "no": False}.get(str(event.value))})

    def _set(self, **changes: Any) -> None:
        options: Options = msgspec.structs.replace(self.draft.options, **changes)
        self.edit(msgspec.structs.replace(self.draft, options=options))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
