"""The panel: summary line, tabs, and the tab that is open."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias, cast

import msgspec
from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.selection import Selection
from textual.widgets import Static

from tui_client.model.exchange import Exchange
from tui_client.text import safe, safe_line
from tui_client.tui.actions import ACTIONS, bindings_for, bound_keys
from tui_client.tui.panels.response_viewer.body_actions import BodyActions
from tui_client.tui.panels.response_viewer.checks import checks_content
from tui_client.tui.panels.response_viewer.messages import Copied
from tui_client.tui.panels.response_viewer.redirects import redirects_content
from tui_client.tui.panels.response_viewer.section import Build, Section
from tui_client.tui.panels.response_viewer.summary import summary
from tui_client.tui.panels.response_viewer.tables import cookie_count, cookies_content, headers_content
from tui_client.tui.panels.response_viewer.timing import timing_content
from tui_client.tui.panels.response_viewer.tls import tls_content, tls_note
from tui_client.tui.panels.response_viewer.view import Broke, Empty, ExchangeView, InFlight, Shown, shown_of
from tui_client.tui.widgets.tab_strip import Tab, TabStrip

if TYPE_CHECKING:
    # Imported with the first reply: all ways to show a body are a tenth of a start.
    from tui_client.tui.panels.response_viewer.body_tab import BodyTab
    from tui_client.tui.panels.response_viewer.sent_tab import SentTab

_Page: TypeAlias = "BodyTab | SentTab | Section"
_TICK_S: Final = 0.1
# The first screen stands by then; the first reply would else wait for its tab to be built.
_BUILD_AFTER_S: Final = 1.2
_SECTIONS: Final[dict[str, Build]] = {
    "headers": headers_content,
    "cookies": cookies_content,
    "timing": timing_content,
    "redirects": redirects_content,
    "tls": tls_content,
    "checks": checks_content,
}
TAB_IDS: Final = ("body", "headers", "cookies", "timing", "redirects", "tls", "sent", "checks")
_LABELS: Final = {tab_id: tab_id.capitalize() for tab_id in TAB_IDS} | {"tls": "TLS"}


class ResponseViewer(BodyActions):
    """Shows what `show` was given last; asks for the rest by a `ReplyWish` and tells of `Copied`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for("reply"),
        # The body's own, also while its tab is focused and not the body.
        Binding("escape", "close_question", "End the search", show=False),
    ]
    DEFAULT_CSS = """
    ResponseViewer {
        layout: vertical; height: 1fr;
        #summary { height: 1; padding: 0 1; }
        #failure { height: auto; max-height: 4; padding: 0 1; color: $text-error; }
        #pages { height: 1fr; }
        #pages.-stale { opacity: 55%; }
    }
    """

    summary_line = getters.query_one("#summary", Static)
    failure = getters.query_one("#failure", Static)
    strip = getters.query_one(TabStrip)
    pages = getters.query_one("#pages", Container)

    def __init__(
        self, keys: Mapping[str, str] | None = None, *, id: str | None = None, classes: str | None = None
    ) -> None:
        """keys: those of each action by its id, for the hints; those of the table by default."""
        super().__init__(id=id, classes=classes)
        self._keys = {action.id: bound_keys(action, {}) for action in ACTIONS} if keys is None else keys
        self._view: ExchangeView = Empty()
        self._of = ""
        self._shown = Shown()
        self._revealed = False
        self._pages: dict[str, _Page] = {}
        self._focus_wanted = False
        self._outdated: set[str] = set(TAB_IDS)

    def compose(self) -> ComposeResult:
        yield Static(id="summary", markup=False)
        yield Static(id="failure", markup=False)
        yield TabStrip(separator="dot", id="reply-tabs")
        yield Container(id="pages")

    def on_mount(self) -> None:
        self._timer = self.set_interval(_TICK_S, self._tick, pause=True)
        self.set_timer(_BUILD_AFTER_S, lambda: self._build_page("body"))
        self.strip.active = "body"
        self._draw()

    # What is shown

    @property
    def view(self) -> ExchangeView:
        """What is shown."""
        return self._view

    @property
    def active_tab(self) -> str:
        """Which tab is open."""
        return self.strip.active

    def show(self, view: ExchangeView, of: str = "") -> None:
        """Show this state of a send; cheap enough for each of its events. of: the request, to remember its filter."""
        if view is self._view:
            return
        if of != self._of:
            self._revealed = False
        before, self._view, self._of = self._view, view, of
        if not self.is_mounted:
            return
        # Where only numbers moved, nothing is laid out anew.
        if _only_progress(before, view):
            self._draw_summary()
        else:
            self._draw()

    def open_tab(self, tab_id: str) -> None:
        """Open a tab; it is built when it is opened for the first time."""
        self.strip.active = tab_id
        self._draw_page()

    def focus_reply(self) -> None:
        """Put the keyboard into the tab that is open, once it is built."""
        page = self._pages.get(self.active_tab)
        self._focus_wanted = page is not None and not page.is_mounted
        if self._focus_wanted:
            return
        if (body := self._body_page) and self.active_tab == "body":
            body.focus_body()
        elif (sent := self._sent_page) and self.active_tab == "sent":
            sent.view.focus()
        else:
            (page or self.strip).focus()

    @property
    def _body_page(self) -> BodyTab | None:
        return cast("BodyTab | None", self._pages.get("body"))

    @property
    def _sent_page(self) -> SentTab | None:
        return cast("SentTab | None", self._pages.get("sent"))

    def _draw(self) -> None:
        shown = msgspec.structs.replace(shown_of(self._view), revealed=self._revealed)
        in_flight = isinstance(self._view, InFlight)
        if shown != self._shown or not in_flight:
            self._outdated = set(TAB_IDS)
        self._shown = shown
        self._draw_summary()
        sentence = safe_line(self._view.sentence) if isinstance(self._view, Broke) else ""
        if shown.tls is not None and shown.tls.problem:
            sentence += " The TLS tab shows its certificate."
        self.failure.update(sentence)
        self.failure.display = bool(sentence)
        self.pages.set_class(isinstance(self._view, InFlight) and self._view.head is None, "-stale")
        self.strip.tabs = self._tabs()
        self.strip.display = self.pages.display = shown_of(self._view) != Shown()
        if in_flight:
            self._timer.resume()
        else:
            self._timer.pause()
        self._draw_page()

    def _draw_summary(self) -> None:
        width = self.summary_line.content_size.width or self.size.width
        self.summary_line.update(summary(self._view, time.monotonic(), width), layout=False)

    def on_resize(self) -> None:
        """The summary says as much as there is room for."""
        self._draw_summary()

    def _tick(self) -> None:
        self._draw_summary()
        if (page := self._body_page) and self._receiving and self.active_tab == "body":
            page.grow()

    @property
    def _receiving(self) -> bool:
        return isinstance(self._view, InFlight) and self._view.head is not None

    def _tabs(self) -> tuple[Tab, ...]:
        shown = self._shown
        failed = sum(not check.passed for check in shown.checks)
        notes = {
            "headers": str(len(shown.response.headers)) if shown.response else "",
            "cookies": str(cookie_count(shown) or ""),
            "redirects": str(len(shown.hops) or ""),
            "tls": tls_note(shown),
            "checks": f"{failed} ✗" if failed else f"{len(shown.checks)} ✓" if shown.checks else "",
        }
        return tuple(Tab(tab_id, _LABELS[tab_id], notes.get(tab_id, "")) for tab_id in TAB_IDS)

    # Pages

    @on(TabStrip.Selected, "#reply-tabs")
    def _tab_selected(self, event: TabStrip.Selected) -> None:
        event.stop()
        self.open_tab(event.tab_id)

    def _draw_page(self) -> None:
        active = self.active_tab
        if not self.pages.display or not active:
            return
        self._build_page(active)
        for tab_id, page in self._pages.items():
            page.display = tab_id == active
        page = self._pages[active]
        if active not in self._outdated or not page.is_mounted:
            return
        self._outdated.discard(active)
        if active == "body" and (body := self._body_page):
            body.of = self._of
            body.show(self._shown, growing=self._receiving)
        else:
            cast("SentTab | Section", page).show(self._shown)

    def _build_page(self, tab_id: str) -> None:
        if tab_id not in self._pages:
            self._pages[tab_id] = self._page(tab_id)
            self.call_next(self._mount_page, self._pages[tab_id])

    async def _mount_page(self, page: _Page) -> None:
        await self.pages.mount(page)
        self._draw_page()
        if self._focus_wanted:
            self.focus_reply()

    def _page(self, tab_id: str) -> _Page:
        match tab_id:
            case "body":
                from tui_client.tui.panels.response_viewer.body_tab import BodyTab

                return BodyTab(self._keys, id="page-body")
            case "sent":
                from tui_client.tui.panels.response_viewer.sent_tab import SentTab

                return SentTab(id="page-sent")
            case _:
                return Section(_SECTIONS[tab_id], id=f"page-{tab_id}")

    def action_previous_part(self) -> None:
        """Open the tab on the left."""
        self._step_tab(-1)

    def action_next_part(self) -> None:
        """Open the tab on the right."""
        self._step_tab(1)

    def _step_tab(self, by: int) -> None:
        self.open_tab(TAB_IDS[(TAB_IDS.index(self.active_tab) + by) % len(TAB_IDS)])
        self.call_after_refresh(self.focus_reply)

    @property
    def body(self) -> BodyTab | None:
        page = self._body_page
        shown = self.active_tab == "body" and self.pages.display
        return page if page is not None and page.is_mounted and shown else None

    @property
    def exchange(self) -> Exchange | None:
        return self._shown.exchange

    def action_reveal(self) -> None:
        """Show the secrets of this request, or hide them again."""
        self._revealed = not self._revealed
        self._draw()

    # Taking things out

    def action_copy_line(self) -> None:
        """Copy the row of the cursor."""
        if self.active_tab == "body" and (body := self._body_page):
            self._copy(body.line_text())
        elif self.active_tab == "sent" and (sent := self._sent_page):
            self._copy(sent.view.line_text())

    def action_copy(self) -> None:
        """Copy what is selected, else all of the tab."""
        self._copy(self.screen.get_selected_text() or self._all_text())

    def _all_text(self) -> str:
        if self.active_tab == "body" and (body := self._body_page):
            return body.all_text()
        if self.active_tab == "sent" and (sent := self._sent_page):
            selected = sent.view.get_selection(Selection(None, None))
            return selected[0] if selected else ""
        page = self._pages.get(self.active_tab)
        return page.plain() if isinstance(page, Section) else ""

    def _copy(self, text: str, what: str = "") -> None:
        from tui_client.tui.widgets.body_rows import COPY_LIMIT

        if text:
            self.app.copy_to_clipboard(safe(text[:COPY_LIMIT]))
            self.post_message(Copied(min(len(text), COPY_LIMIT), cut=len(text) >= COPY_LIMIT, what=what))


def _only_progress(before: ExchangeView, after: ExchangeView) -> bool:
    return (
        isinstance(before, InFlight)
        and isinstance(after, InFlight)
        and before.head is after.head
        and before.request is after.request
        and before.previous is after.previous
    )
