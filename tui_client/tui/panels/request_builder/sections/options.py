"""How the request is sent; an empty field is inherited."""

from __future__ import annotations

import math
from typing import Any, Final

import msgspec
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Label, Static

from tui_client.model.options import SendOptions
from tui_client.tui.panels.request_builder._section import SectionView
from tui_client.tui.widgets.choice import Choice
from tui_client.tui.widgets.tab_strip import Tab
from tui_client.tui.widgets.template_input import TemplateInput

_TIMEOUTS: Final = ("connect", "read", "write", "pool", "total")
_SWITCHES: Final = {
    "follow_redirects": "Follow redirects",
    "http2": "HTTP/2",
    "verify": "Verify TLS",
    "cookies": "Cookies",
    "idempotency_key": "Idempotency key",
    "allow_http_errors": "Status 400+ may pass",
}
_TEXTS: Final = {"proxy": "Proxy", "ca": "CA file", "client_cert": "Client certificate"}
_INHERIT: Final = "inherit"


class OptionsSection(SectionView):
    """One row an option; what is in force without it stands in its place."""

    DEFAULT_CSS = """
    OptionsSection {
        Horizontal { height: 1; }
        Label { width: 26; color: $text-muted; }
        TemplateInput, Choice { width: 1fr; max-width: 60; }
        TemplateInput.-wrong { color: $text-error; text-style: underline; }
    }
    """

    def build(self) -> None:
        """A field or a choice for each."""
        self._fields = {f"timeout-{name}": self._field(f"timeout-{name}") for name in _TIMEOUTS}
        self._fields |= {name: self._field(name) for name in ("max_redirects", *_TEXTS)}
        self._switches = {name: self._switch(name) for name in _SWITCHES}

    def _field(self, name: str) -> TemplateInput:
        return TemplateInput(lambda text: self._typed(name, text), suggester=self.suggester, id=name)

    def _switch(self, name: str) -> Choice:
        values = {"yes": True, "no": False}
        return Choice(lambda chosen: self._set(**{name: values.get(chosen)}), (), id=name)

    def compose(self) -> ComposeResult:
        """Timeouts, redirects, switches, texts."""
        yield Static("An empty field is inherited from the folder or the collection.", classes="hint", markup=False)
        for name in _TIMEOUTS:
            yield self._line(f"Timeout {name}, seconds", self._fields[f"timeout-{name}"])
        for name, title in _SWITCHES.items():
            yield self._line(title, self._switches[name])
            if name == "follow_redirects":
                yield self._line("Redirects at most", self._fields["max_redirects"])
        for name, title in _TEXTS.items():
            yield self._line(title, self._fields[name])

    def _line(self, title: str, control: Widget) -> Horizontal:
        return Horizontal(Label(title, markup=False), control)

    def draw(self, *, switched: bool) -> None:
        """In step with the draft, and with what is in force without it."""
        options = self.draft.options
        force = self.around.effective.options if self.around.effective else SendOptions()
        for name in _TIMEOUTS:
            own, in_force = getattr(options.timeout, name), getattr(force.timeouts, name)
            self._put(f"timeout-{name}", own, in_force, "no limit", switched)
        self._put("max_redirects", options.max_redirects, force.max_redirects, "", switched)
        for name in _TEXTS:
            self._put(name, getattr(options, name), getattr(force, name), "none", switched)
        for name, switch in self._switches.items():
            own = getattr(options, name)
            word = "inherited" if own is not None else f"inherited: {'yes' if getattr(force, name) else 'no'}"
            switch.offer((Tab(_INHERIT, word), Tab("yes", "yes"), Tab("no", "no")))
            switch.show(_INHERIT if own is None else "yes" if own else "no")

    def _put(self, name: str, own: float | str | None, force: float | str | None, none: str, switched: bool) -> None:
        field = self._fields[name]
        if switched or self._read(name, field.text) != own:
            field.show("" if own is None else _text(own))
            field.remove_class("-wrong")
        field.placeholder = none if force in (None, "") else _text(force)

    def _read(self, name: str, text: str) -> float | str | None:
        """What a field says; None for nothing and for what can't be read."""
        if name in _TEXTS:
            return text or None
        number = read_number(text)
        if name == "max_redirects":
            return int(number) if number is not None and number.is_integer() else None
        return number

    def _typed(self, name: str, text: str) -> None:
        value = self._read(name, text)
        wrong = value is None and bool(text.strip())
        self._fields[name].set_class(wrong, "-wrong")
        if wrong:
            return
        if name.startswith("timeout-"):
            timeout = msgspec.structs.replace(self.draft.options.timeout, **{name.removeprefix("timeout-"): value})
            self._set(timeout=timeout)
        else:
            self._set(**{name: value})

    def _set(self, **changes: Any) -> None:
        self.edit(options=msgspec.structs.replace(self.draft.options, **changes))


def read_number(text: str) -> float | None:
    """A number of 0 or more; None for anything else."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _text(value: float | str | None) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)
