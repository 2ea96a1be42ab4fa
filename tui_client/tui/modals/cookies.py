"""The cookies of a collection in an environment: looked at, changed, removed, with a way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import ClassVar, Final

import msgspec
from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui_client.http.cookies import Cookie, CookieJar
from tui_client.text import format_count, safe_line
from tui_client.tui.modals._dialog import Dialog
from tui_client.tui.modals.choose import Choice, Choose
from tui_client.tui.modals.cookie_form import CookieForm
from tui_client.tui.widgets.cookie_rows import HIDDEN, CookieRows, cookie_id, expiry_text, flags_text
from tui_client.tui.widgets.key_bar import Key, KeyBar
from tui_client.tui.widgets.outline import Outline

_EMPTY: Final = "No cookies yet. What a server sets is sent back to its own origin, in this environment only."
_LONGEST: Final = 300  # signs of a value that are shown; all of it stands in the form
_LOOK_S: Final = 1.0  # between looks at what sends under way brought
_KEYS: Final = (
    Key("screen.edit", "Enter", "change"),
    Key("screen.reveal", "v", "show value"),
    Key("screen.add", "a", "add"),
    Key("screen.remove", "Del", "remove"),
    Key("screen.clear", "C", "clear"),
    Key("screen.undo", "u", "undo"),
)


class Shown(msgspec.Struct, frozen=True):
    """What the dialog says besides cookies. place: collection and environment. origin: of the open request, or "".

    keeps: whether those with a date of expiry outlive the app.
    """

    place: str
    origin: str = ""
    keeps: bool = False


class _Change(msgspec.Struct, frozen=True):
    """What stood in the jar, and what stands there instead."""

    before: tuple[Cookie, ...] = ()
    after: tuple[Cookie, ...] = ()


def _utc_now() -> datetime:
    return datetime.now(UTC)


class CookiesDialog(Dialog[None]):
    """Changes the jar at once and tells of it by `changed`; each change can be taken back while the dialog is open."""

    AUTO_FOCUS = "Outline"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "edit", "Change", show=False),
        Binding("v", "reveal", "Show or hide the value", show=False),
        Binding("a", "add", "Add", show=False),
        Binding("delete,backspace", "remove", "Remove", show=False),
        Binding("C", "clear", "Clear", show=False),
        Binding("u", "undo", "Undo", show=False),
    ]
    DEFAULT_CSS = """
    CookiesDialog {
        .dialog { width: 110; height: 90%; }
        #heading { height: 1; padding-left: 4; color: $text-muted; text-wrap: nowrap; text-overflow: clip; }
        #about { height: auto; max-height: 8; border-top: solid $foreground 25%; }
    }
    """

    outline = getters.query_one(Outline)
    heading = getters.query_one("#heading", Static)
    about = getters.query_one("#about", Static)

    def __init__(
        self, jar: CookieJar, shown: Shown, changed: Callable[[], None], now: Callable[[], datetime] = _utc_now
    ) -> None:
        """changed: the jar was changed here, and may have to be written."""
        super().__init__()
        self._jar = jar
        self._shown = shown
        self._changed = changed
        self._now = now
        self._rows = CookieRows((), now(), 0)
        self._revealed = ""
        self._folded: set[str] = set()
        self._done: list[_Change] = []

    def compose(self) -> ComposeResult:
        """The list below its titles, all of the cookie under the cursor, and the keys."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(safe_line(f"Cookies · {self._shown.place}"))
            box.border_subtitle = "Esc closes"
            yield Static("", id="heading", markup=False)
            yield Outline(id="cookies")
            yield Static("", id="about", markup=False)
            yield KeyBar(_KEYS)

    def on_mount(self) -> None:
        """Show what is in the jar, and what comes while it is looked at."""
        self._show()
        self.watch(self.outline, "cursor", self._moved, init=False)
        self.watch(self.outline, "size", self._show, init=False)
        # The first cookie, below its origin.
        self.outline.cursor = 1 if len(self._rows) else 0
        self.set_interval(_LOOK_S, self._show)

    @property
    def cookie(self) -> Cookie | None:
        """What the cursor is on."""
        return self._rows.at(self.outline.cursor)

    def _show(self) -> None:
        width = self.outline.scrollable_content_region.width
        self._rows = CookieRows(self._jar.all(), self._now(), width, self._revealed, self._folded)
        self.heading.update(self._rows.heading)
        self.outline.rows = self._rows
        self._tell()

    def _moved(self) -> None:
        # What was shown to look at it once is hidden when the eye goes on.
        if self._revealed and (self.cookie is None or cookie_id(self.cookie) != self._revealed):
            self._revealed = ""
            self._show()
        self._tell()

    def _tell(self) -> None:
        if cookie := self.cookie:
            revealed = cookie_id(cookie) == self._revealed
            self.about.update(_about(cookie, self._now(), revealed=revealed, keeps=self._shown.keeps))
        else:
            self.about.update("" if len(self._rows) else _EMPTY)

    @on(Outline.FoldRequested)
    def _fold(self, message: Outline.FoldRequested) -> None:
        self._folded ^= {message.row.id}
        self._show()

    def action_reveal(self) -> None:
        """Show the value of the cookie under the cursor, or hide it."""
        if cookie := self.cookie:
            self._revealed = "" if self._revealed == cookie_id(cookie) else cookie_id(cookie)
            self._show()

    # Changes

    @on(Outline.Chosen)
    def action_edit(self) -> None:
        """Give the cookie another value."""
        if cookie := self.cookie:
            self.app.push_screen(CookieForm(cookie), lambda new: self._edited(cookie, new))

    def _edited(self, old: Cookie, new: Cookie | None) -> None:
        if new is not None and new != old:
            self._change(_Change((old,), (new,)))

    def action_add(self) -> None:
        """Type in a cookie, for the origin of the open request, else of the row under the cursor."""
        origin = self._shown.origin or self._rows.origin_at(self.outline.cursor)
        self.app.push_screen(CookieForm(origin=origin), self._added)

    def _added(self, new: Cookie | None) -> None:
        if new is not None:
            same = tuple(cookie for cookie in self._jar.all() if cookie_id(cookie) == cookie_id(new))
            self._change(_Change(same, (new,)))
            self.outline.cursor = self._rows.place(cookie_id(new)) or 0

    def action_remove(self) -> None:
        """Remove the cookie under the cursor; on an origin, those of it, after a question."""
        if cookie := self.cookie:
            self._change(_Change((cookie,)))
        else:
            self.action_clear()

    def action_clear(self) -> None:
        """Remove all, or those of one origin, after a question."""
        if origin := self._rows.origin_at(self.outline.cursor):
            question = clear_question(origin, len(self._of(origin)), len(self._jar.all()))
            self.app.push_screen(question, lambda answer: self._clear(origin, answer))

    def _clear(self, origin: str, answer: str | None) -> None:
        if answer in ("origin", "all"):
            self._change(_Change(self._of(origin) if answer == "origin" else self._jar.all()))

    def _of(self, origin: str) -> tuple[Cookie, ...]:
        return tuple(cookie for cookie in self._jar.all() if cookie.origin == origin)

    def _change(self, change: _Change) -> None:
        kept = {cookie_id(cookie) for cookie in change.after}
        for cookie in change.before:
            if cookie_id(cookie) not in kept:
                self._jar.remove(cookie)
        for cookie in change.after:
            self._jar.put(cookie)
        self._done.append(change)
        self._is_changed()

    def action_undo(self) -> None:
        """Take back the last change that was made here."""
        if not self._done:
            return
        change = self._done.pop()
        for cookie in change.after:
            self._jar.remove(cookie)
        for cookie in change.before:
            self._jar.restore(cookie)
        self._is_changed()
        if change.before:
            self.outline.cursor = self._rows.place(cookie_id(change.before[0])) or 0

    def _is_changed(self) -> None:
        self._show()
        self._changed()


def clear_question(origin: str, own: int, total: int) -> Choose:
    """How much should be removed: "origin", or "all"."""
    choices = (
        Choice("keep", "Keep"),
        Choice("origin", f"Those of this origin ({format_count(own)})", danger=True),
        Choice("all", f"All ({format_count(total)})", danger=True),
    )
    return Choose("Clear the cookies", f"Remove the cookies of {origin[:200]}, or all that are listed?", choices)


def _about(cookie: Cookie, now: datetime, *, revealed: bool, keeps: bool) -> Content:
    value = cookie.value if revealed else HIDDEN
    cut = f"{value[:_LONGEST]}… ({format_count(len(value))} signs; Enter for all)" if len(value) > _LONGEST else value
    flags = f" · {flags_text(cookie)}" if flags_text(cookie) else ""
    pair = Content(safe_line(f"{cookie.name} = ")).stylize("bold") + Content(safe_line(cut))
    place = Content(safe_line(f"{cookie.origin}{cookie.path[:_LONGEST]}{flags}"))
    return Content("\n").join((pair, place, Content(_end(cookie, now, keeps=keeps))))


def _end(cookie: Cookie, now: datetime, *, keeps: bool) -> str:
    if cookie.expires is None:
        return "Goes with the app."
    when = f"Expires {expiry_text(cookie, now)}, {cookie.expires.astimezone():%d %b %Y %H:%M}."
    return f"{when} Kept on disk." if keeps else f"{when} Goes with the app: cookies.keep is off in your settings."
