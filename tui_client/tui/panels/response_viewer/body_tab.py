"""The Body tab: the body pretty, raw or in hex, with search and filter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from textual import getters, on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.selection import Selection
from textual.widgets import Static

from tui_client.model.event_stream import event_stream_of
from tui_client.model.exchange import BodyContent, Response
from tui_client.text import format_bytes, format_count, redact, safe_line
from tui_client.tui.panels.response_viewer.asked_body import AskedBody
from tui_client.tui.panels.response_viewer.body_status import BodyState, BodyStatus
from tui_client.tui.panels.response_viewer.pages import PAGES, Page, modes_of
from tui_client.tui.panels.response_viewer.reading import Mode, Reading, reading_of
from tui_client.tui.panels.response_viewer.view import Shown
from tui_client.tui.widgets.body_rows import BodyDocument
from tui_client.tui.widgets.body_view import BodyView
from tui_client.tui.widgets.charsets import LARGEST as LARGEST_TEXT
from tui_client.tui.widgets.charsets import by_rows, to_utf8
from tui_client.tui.widgets.json_view import JsonView
from tui_client.tui.widgets.lexers import Language
from tui_client.tui.widgets.pictures import INSTALL, can_decode
from tui_client.tui.widgets.pretty import AT_ONCE, Formatted, Indented, Refused, pretty, pretty_now


class _Wanted(NamedTuple):
    """What to make ready of a reply: converted from `charset` unless that is "", and indented."""

    response: Response
    charset: str
    indent: bool


class BodyTab(AskedBody):
    """Shows the body of one reply; the viewer has the keys.

    Hex and a charset stay until another reply comes, pretty or raw and wrapping until they are changed.
    """

    DEFAULT_CSS = """
    BodyTab {
        #body-notice { height: auto; max-height: 3; padding: 0 1; color: $text-warning; }
        #body-pages { height: 1fr; }
    }
    """

    status = getters.query_one(BodyStatus)
    notice = getters.query_one("#body-notice", Static)

    class _Prepared(Message):
        """A body was made ready in the background, as it was wanted then. remark: a sentence, or ""."""

        def __init__(self, wanted: _Wanted, content: BodyContent | None, remark: str, *, indented: bool) -> None:
            super().__init__()
            self.wanted = wanted
            self.content = content
            self.remark = remark
            self.indented = indented

    def __init__(self, keys: Mapping[str, str], *, id: str | None = None) -> None:
        """keys: those of each action by its id, for the hints."""
        super().__init__(id=id)
        self._keys = keys
        self._preferred = Mode.PRETTY
        self._chosen: Mode | None = None
        self._charset = ""
        self._pages: dict[Mode, Page] = {}
        self._focus_wanted = False
        self._wanted: _Wanted | None = None

    def compose(self) -> ComposeResult:
        notice = Static(id="body-notice", markup=False)
        notice.display = False
        yield notice
        with Container(id="body-pages"):
            yield JsonView()
        yield from self.bars()
        yield BodyStatus(self._keys)

    # What is shown

    @property
    def mode(self) -> Mode:
        """How it is shown now: as chosen for this body, else pretty or raw by habit, else in the best way."""
        modes = modes_of(self._reading)
        if self._chosen in modes:
            return self._chosen
        habit = modes[:1] == (Mode.PRETTY,) and self._preferred in modes
        return self._preferred if habit else modes[0] if modes else Mode.RAW

    @property
    def page(self) -> Page | None:
        """The page of the mode; None where the body is shown as text, or what a filter found in it."""
        return self._pages.get(self.mode) if self._filtered is None else None

    def show(self, shown: Shown, *, growing: bool) -> None:
        """Show the body of a reply; `growing`: more of it is to come."""
        response, before = shown.response, self._response
        self._hide(shown.secrets)
        same = before.body is response.body if before and response else before is response
        was_growing, self._response, self._growing = self._growing, response, growing
        if not same:
            self._chosen, self._charset, self._filtered = None, "", None
            for page in self._pages.values():
                page.forget()
        elif growing == was_growing or (self.mode is not Mode.PRETTY and self._is_as_sent()):
            self.grow()
            self._offer_filter()
            return
        self._apply()
        self._offer_filter()

    def _hide(self, secrets: frozenset[str]) -> None:
        if secrets != self.secrets:
            self.secrets = secrets
            self.view.hide(secrets)
            for page in self._pages.values():
                page.hide(secrets)

    def grow(self) -> None:
        """Show what arrived since."""
        if self._response is None or self._filtered is not None:
            return
        if self.page is not None:
            if self.page.is_mounted:
                self.page.grow()
        elif self.view.row_count or not self._response.body.size:
            self.view.grow()
        else:
            self._apply()

    def _is_as_sent(self) -> bool:
        return self._response is not None and self.view.document.content is self._response.body

    def _apply(self) -> None:
        # What is prepared was for the way in which the body was shown before.
        self._wanted = None
        self.workers.cancel_group(self, "prepare")
        response = self._response
        # A stream of events has its page before its first event.
        begins = response is not None and self._growing and event_stream_of(response.headers) is not None
        if response is None or not (response.body.size or begins):
            self._reading = None
            self._switch()
            self._say("No body: no reply came." if response is None else "" if self._growing else _why_empty(response))
            self.view.show(BodyDocument())
            return
        self._reading = reading = reading_of(response, self._charset)
        self._say(self._remark(reading, response))
        self._switch()
        if self._filtered is not None:
            found = self._filtered
            self._put(BodyDocument(found.content, found.language, indented=found.indented, roots=found.roots))
        elif self.page is not None:
            if self.page.is_mounted:
                self.page.show(response.body, reading, growing=self._growing)
        elif self.mode is Mode.HEX:
            self._put(BodyDocument(response.body, hex=True))
        elif not by_rows(reading.charset):
            self.view.show(BodyDocument())
            self._convert(response, reading.charset)
        else:
            self._show_text(response, reading)

    def _switch(self) -> None:
        """Have the page of the mode in front, or the text."""
        mode = self.mode
        if mode in PAGES and mode not in self._pages:
            self._pages[mode] = page = PAGES[mode]()
            page.hide(self.secrets)
            self.call_next(self._mount_page, page)
        for other, page in self._pages.items():
            page.display = other is mode and self._filtered is None
        self.view.display = self.page is None

    async def _mount_page(self, page: Page) -> None:
        await self.query_one("#body-pages").mount(page)
        self._apply()
        if self._focus_wanted and page is self.page:
            self._focus_wanted = False
            self.focus_body()

    def _remark(self, reading: Reading, response: Response) -> str:
        if reading.binary and self.mode is Mode.HEX:
            kind = reading.media_type or "Binary"
            look = f" To see the picture: {INSTALL}" if reading.picture and not can_decode() else ""
            return f"{kind}, {format_bytes(response.body.size)}: no text, shown in hex. s saves it to a file.{look}"
        return reading.problem

    def _convert(self, response: Response, charset: str) -> None:
        if self._growing:
            self._say(f"The text is in {charset.upper()}; it is shown when all of it is here.")
        else:
            self._prepare(_Wanted(response, charset, self.mode is Mode.PRETTY))

    def _show_text(self, response: Response, reading: Reading) -> None:
        if self.mode is not Mode.PRETTY or self._growing:
            self._show(response.body)
        elif response.body.size <= AT_ONCE:
            self._show_formatted(response.body, pretty_now(response.body, reading.language))
        else:
            self._show(response.body)
            self._prepare(_Wanted(response, "", True))

    def _show(self, content: BodyContent, charset: str = "", *, indented: bool = False) -> None:
        if self._reading is not None:
            charset = charset or self._reading.charset
            self._put(BodyDocument(content, self._reading.language, charset, indented=indented))

    def _show_formatted(self, raw: BodyContent, formatted: Formatted) -> None:
        if isinstance(formatted, Refused):
            self._say(f"Shown raw: {formatted.reason}.")
            self._show(raw)
        else:
            if formatted.remark:
                self._say(formatted.remark)
            self._show(formatted.content, indented=True)

    def _prepare(self, wanted: _Wanted) -> None:
        self._wanted = wanted
        self._make_ready(wanted)

    # The default description would print the whole body.
    @work(exclusive=True, group="prepare", description="prepare the body")
    async def _make_ready(self, wanted: _Wanted) -> None:
        """Convert and indent, in the background."""
        response, charset, indent = wanted
        content = await to_utf8(response.body, charset) if charset else response.body
        if content is None:
            why = "it is too large" if response.body.size > LARGEST_TEXT else "the disk has no room for it"
            remark = f"Read as UTF-8: {why} to be read as {charset.upper()}."
            self.post_message(self._Prepared(wanted, response.body, remark, indented=False))
            return
        language = self._reading.language if self._reading else Language.PLAIN
        formatted: Formatted = await pretty(content, language) if indent else Indented(content)
        if isinstance(formatted, Refused):
            remark, left = f"Shown raw: {formatted.reason}.", content if charset else None
            self.post_message(self._Prepared(wanted, left, remark, indented=False))
        else:
            self.post_message(self._Prepared(wanted, formatted.content, formatted.remark, indented=indent))

    @on(_Prepared)
    def _show_prepared(self, event: _Prepared) -> None:
        event.stop()
        if event.wanted is not self._wanted or self._reading is None:
            return
        if event.remark:
            self._say(event.remark)
        if event.content is not None:
            self._show(event.content, "" if by_rows(self._reading.charset) else "utf-8", indented=event.indented)

    def _say(self, sentence: str) -> None:
        # Said again with each piece that arrives, it would have the whole screen laid out.
        shown = safe_line(sentence)
        if str(self.notice.content) != shown:
            self.notice.update(shown)
        self.notice.display = bool(shown)

    @on(BodyView.Changed)
    def _update_status(self, event: BodyView.Changed) -> None:
        event.stop()
        reading, view = self._reading, self.view
        if reading is None:
            self.status.state = BodyState()
            return
        self._say_matches()
        line, lines = view.line_position
        self.status.state = BodyState(
            line=line,
            lines=lines,
            counting=self._growing or not view.complete,
            modes=modes_of(self._reading),
            mode=self.mode,
            charset=reading.charset,
            media_type=reading.media_type,
            broken_text=view.broken_text,
            matches=None if self.search.display else view.matches,
            path=safe_line(redact(view.path, self.secrets)),
        )

    @on(Page.Changed)
    def _update_remark(self, event: Page.Changed) -> None:
        event.stop()
        if self._reading is not None and event.page is self.page:
            modes, media_type = modes_of(self._reading), self._reading.media_type
            self.status.state = BodyState(modes=modes, mode=self.mode, media_type=media_type, remark=event.page.remark)

    @on(JsonView.FoldsLimited)
    def _folds_limited(self, event: JsonView.FoldsLimited) -> None:
        event.stop()
        self._say(f"The first {format_count(event.folded)} are folded; more would take too long.")

    # Taking things out

    @property
    def foldable(self) -> bool:
        """Whether indented JSON is shown."""
        return self.page is None and self.view.foldable

    @property
    def charset(self) -> str:
        """The charset the body is read in, "" where there is none."""
        return self._reading.charset if self._reading else ""

    @property
    def media_type(self) -> str:
        """What the reply says that it is, safe to print."""
        return self._reading.media_type if self._reading else ""

    @property
    def changed_content(self) -> BodyContent | None:
        """What is shown in place of the body as sent; None where that is shown."""
        content = self.view.document.content if self.page is None else None
        return content if content is not None and content.size and not self._is_as_sent() else None

    @property
    def shown_content(self) -> BodyContent | None:
        """What is shown: the body as sent, or what stands in its place."""
        return self.changed_content or (self._response.body if self._response else None)

    def focus_body(self) -> None:
        """Put the keyboard into what is shown."""
        if not self.ready:
            self._focus_wanted = True
        elif self.page is not None:
            self.page.focus_inside()
        else:
            self.view.focus()

    def line_text(self) -> str:
        """What the cursor is on, safe to print."""
        if not self.ready:
            return ""
        return self.page.line_text() if self.page is not None else self.view.line_text()

    def all_text(self) -> str:
        """All that is shown, as much as a clipboard takes, safe to print."""
        if not self.ready:
            return ""
        if self.page is not None:
            return self.page.all_text()
        selected = self.view.get_selection(Selection(None, None))
        return selected[0] if selected else ""

    # Changing how it is shown

    @on(BodyStatus.ModeChosen)
    def _choose_mode(self, event: BodyStatus.ModeChosen) -> None:
        event.stop()
        self._set_mode(event.mode)

    def action_next_mode(self) -> None:
        """Pretty, raw, hex, and round again."""
        modes = modes_of(self._reading)
        if modes:
            self._set_mode(modes[(modes.index(self.mode) + 1) % len(modes)])

    def _set_mode(self, mode: Mode) -> None:
        self._chosen = mode
        if self._filtered is not None:
            self.filter.end()
            self._filtered = None
        # Hex is for this reply; pretty or raw is a habit.
        if mode is not Mode.HEX and Mode.PRETTY in modes_of(self._reading):
            self._preferred = mode
        self._apply()

    def action_wrap(self) -> None:
        """Wrap long lines, or let them run on."""
        self.view.wrap = not self.view.wrap

    def use_charset(self, charset: str) -> None:
        """Read the body in this charset; "" for the one that it announces."""
        self._charset = charset
        self._apply()
        self._offer_filter()


def _why_empty(response: Response) -> str:
    """The reply's note knows better where there is one: a replay leaves out what passed."""
    note = safe_line(response.note)
    return f"{note[:1].upper()}{note[1:]}." if note else "The body is empty."
