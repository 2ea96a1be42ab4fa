"""A cookie that is typed in, or the value of one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, Static

from tui_client.errors import RequestFailed
from tui_client.http.cookies import LONGEST, Cookie, is_sendable
from tui_client.http.url import parse_url
from tui_client.text import format_count, safe_line
from tui_client.tui.modals._dialog import Dialog
from tui_client.tui.widgets.line_input import LineInput
from tui_client.tui.widgets.secret_field import RevealSwitch

MOST_DAYS: Final = 400  # as browsers have it, and as the jar has it for what a server sets
_TITLES: Final = {"origin": "Origin", "name": "Name", "value": "Value", "path": "Path", "days": "Days"}
_HINTS: Final = {
    "origin": "scheme, host and port: it goes nowhere else",
    "path": "/ for all of the origin",
    "days": "how long it lasts; empty: until the app ends",
}
_NO_ORIGIN: Final = "The origin is a scheme, a host and a port, such as http://127.0.0.1:8000."
_NO_NAME: Final = "A cookie needs a name."
_NO_PATH: Final = "The path begins with a slash."
_NO_DAYS: Final = f"Days are a whole number from 1 to {MOST_DAYS}, or nothing."
_NO_COOKIE: Final = (
    "A name holds no = and no ;, a value no ;, and neither holds control characters. "
    f"Both together have at most {format_count(LONGEST)} bytes."
)


class BadCookie(ValueError):
    """What was typed is no cookie; the message is a sentence for people."""


def typed_cookie(fields: dict[str, str], now: datetime) -> Cookie:
    """The cookie that was typed in. Raises BadCookie."""
    texts = {name: text.strip() for name, text in fields.items()}
    if not texts["name"]:
        raise BadCookie(_NO_NAME)
    if not texts["path"].startswith("/"):
        raise BadCookie(_NO_PATH)
    cookie = Cookie(
        origin=_origin(texts["origin"]),
        name=texts["name"],
        value=texts["value"],
        path=texts["path"],
        expires=_expiry(texts["days"], now),
    )
    return checked(cookie)


def checked(cookie: Cookie) -> Cookie:
    """The cookie, if it is one. Raises BadCookie."""
    if not is_sendable(cookie):
        raise BadCookie(_NO_COOKIE)
    return cookie


def _origin(text: str) -> str:
    try:
        return parse_url(text).origin
    except RequestFailed:
        raise BadCookie(_NO_ORIGIN) from None


def _expiry(days: str, now: datetime) -> datetime | None:
    if not days:
        return None
    if not (days.isascii() and days.isdigit() and len(days) < 5 and 1 <= int(days) <= MOST_DAYS):
        raise BadCookie(_NO_DAYS)
    return now + timedelta(days=int(days))


class CookieForm(Dialog[Cookie]):
    """Gives back a new cookie, or the given one with another value. The value is hidden until it is asked for."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", "Next field", show=False),
        Binding("up", "app.focus_previous", "Previous field", show=False),
    ]
    DEFAULT_CSS = """
    CookieForm {
        .row { height: 1; }
        .row Label { width: 8; color: $text-muted; }
        .row Input { width: 1fr; }
        .problem { margin-top: 1; }
        #of { margin-bottom: 1; height: auto; color: $text-muted; }
    }
    """

    def __init__(self, cookie: Cookie | None = None, origin: str = "") -> None:
        """cookie: the one whose value is changed; None makes a new one. origin: proposed for that."""
        super().__init__()
        self._cookie = cookie
        self._proposed = {"origin": origin, "path": "/"}

    def compose(self) -> ComposeResult:
        """A line for each field, and below them what is wrong."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Add a cookie" if self._cookie is None else "Change a cookie"
            box.border_subtitle = "Enter accepts · Tab next field · Esc closes"
            if self._cookie is not None:
                yield Static(Content(safe_line(f"{self._cookie.name} of {self._cookie.origin}")), id="of")
            for name in _TITLES if self._cookie is None else ("value",):
                yield from self._row(name)
            yield Static("", classes="problem", markup=False)

    def _row(self, name: str) -> ComposeResult:
        with Horizontal(classes="row"):
            yield Label(_TITLES[name], markup=False)
            if name != "value":
                yield LineInput(self._proposed.get(name, ""), _HINTS.get(name, ""), id=name, compact=True)
                return
            value = self._cookie.value if self._cookie else ""
            yield LineInput(value, password=True, id=name, compact=True)
            # What can't be drawn as it is would be another value once it was shown in a field.
            if safe_line(value) == value:
                yield RevealSwitch(self._reveal)

    def on_mount(self) -> None:
        """To the first field that needs something."""
        first = "value" if self._cookie else "name" if self._proposed["origin"] else "origin"
        self.query_one(f"#{first}", Input).focus()

    def _reveal(self, revealed: bool) -> None:
        self.query_one("#value", Input).password = not revealed

    @on(Input.Changed)
    def _typed(self) -> None:
        self.query_one(".problem", Static).update("")

    @on(Input.Submitted)
    def _accept(self) -> None:
        fields = {field.id or "": field.value for field in self.query(Input)}
        try:
            if self._cookie is None:
                self.dismiss(typed_cookie(fields, datetime.now(UTC)))
            else:
                self.dismiss(checked(msgspec.structs.replace(self._cookie, value=fields["value"].strip())))
        except BadCookie as error:
            self.query_one(".problem", Static).update(str(error))
