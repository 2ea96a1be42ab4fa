"""The ways to show a body that are no text: each is a page with a mode of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from textual.containers import Vertical
from textual.message import Message

from tui_client.model.exchange import BodyContent
from tui_client.tui.panels.response_viewer.reading import Mode, Reading


class Page(Vertical):
    """Shows one body in its own way. It is mounted when its mode is used for the first time, and hidden between."""

    class Changed(Message):
        """What `remark` says has changed."""

        def __init__(self, page: Page) -> None:
            super().__init__()
            self.page = page

    def hide(self, secrets: frozenset[str]) -> None:
        """Hide these values in texts from now on, and no others."""

    def show(self, content: BodyContent, reading: Reading, *, growing: bool) -> None:
        """Show another body, or the same one that has come to its end. growing: more of it is to come."""
        raise NotImplementedError

    def grow(self) -> None:
        """Show what arrived since."""

    def forget(self) -> None:
        """Let go of the body: another reply is shown, perhaps in another way."""

    @property
    def remark(self) -> str:
        """What the line under the body says of it, safe to print."""
        return ""

    def line_text(self) -> str:
        """What the cursor is on, safe to print; "" for nothing."""
        return ""

    def all_text(self) -> str:
        """All that is shown, safe to print, as much as a clipboard takes."""
        return ""

    def focus_inside(self) -> None:
        """Put the keyboard into it."""
        self.focus()

    def ask(self, what: str) -> bool:
        """Ask for what to find ("search", "filter"), or where to go ("line"); False for a page without questions."""
        return False

    def step(self, by: int) -> None:
        """Go to the next place, or to one before."""

    def close(self) -> bool:
        """Close what is open inside, a question first; False where nothing is."""
        return False


def _events() -> Page:
    from tui_client.tui.panels.response_viewer.events_page import EventsPage

    return EventsPage()


def _image() -> Page:
    from tui_client.tui.panels.response_viewer.image_page import ImagePage

    return ImagePage()


# How to make the page of each mode that is not one of text. A mode without a page is not offered.
PAGES: Final[Mapping[Mode, Callable[[], Page]]] = {Mode.EVENTS: _events, Mode.IMAGE: _image}


def modes_of(reading: Reading | None) -> tuple[Mode, ...]:
    """The ways to show a body, the best one first."""
    return () if reading is None else tuple(m for m in reading.modes if m in PAGES or m in _TEXT)


_TEXT: Final = frozenset({Mode.PRETTY, Mode.RAW, Mode.HEX})
