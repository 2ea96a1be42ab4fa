"""The actions of the reply's panel that are about the body which is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.message import Message
from textual.widget import Widget

from tui_client.model.exchange import Exchange
from tui_client.text import redact
from tui_client.tui.panels.response_viewer.messages import (
    CaptureWanted,
    CharsetWanted,
    CheckWanted,
    CompareWanted,
    OpenWanted,
    SaveWanted,
)

if TYPE_CHECKING:
    from tui_client.tui.panels.response_viewer.body_tab import BodyTab

_IN_BODY: Final = frozenset(
    {
        "search",
        "filter_body",
        "go_to_line",
        "next_match",
        "previous_match",
        "next_mode",
        "wrap",
        "pick_charset",
        "close_question",
        "open_body",
    }
)
_IN_JSON: Final = frozenset({"fold", "fold_all", "copy_path", "add_check", "add_capture"})


class BodyActions(Widget):
    """A panel with a body, which is None while another tab is open."""

    @property
    def body(self) -> BodyTab | None:
        """The body that is shown."""
        raise NotImplementedError

    @property
    def exchange(self) -> Exchange | None:
        """The exchange that is shown, once it is over."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where another tab is open than the body, the keys of the body are the screen's."""
        if action in _IN_JSON:
            return self.body is not None and self.body.foldable
        return action not in _IN_BODY or self.body is not None

    def action_search(self) -> None:
        """Ask for a text to find."""
        if body := self.body:
            body.action_ask("search")

    def action_filter_body(self) -> None:
        """Ask for what to show of the body."""
        if body := self.body:
            body.action_filter()

    def action_go_to_line(self) -> None:
        """Ask for a line to go to."""
        if body := self.body:
            body.action_ask("line")

    def action_next_match(self) -> None:
        """Go to the next match."""
        if body := self.body:
            body.action_match(1)

    def action_previous_match(self) -> None:
        """Go to the match before."""
        if body := self.body:
            body.action_match(-1)

    def action_next_mode(self) -> None:
        """Show the body in its next way, and round again."""
        if body := self.body:
            body.action_next_mode()

    def action_wrap(self) -> None:
        """Wrap long lines, or let them run on."""
        if body := self.body:
            body.action_wrap()

    def action_close_question(self) -> None:
        """End the search; where there is none, the key is the screen's."""
        if body := self.body:
            body.action_close_question()

    # Nesting

    def action_fold(self) -> None:
        """Fold what the cursor is in, or unfold what is folded there."""
        if body := self.body:
            body.view.toggle_fold()

    def action_fold_all(self) -> None:
        """Fold all on the level of the cursor, or unfold everything."""
        if body := self.body:
            body.view.toggle_all()

    def action_copy_path(self) -> None:
        """Copy the JSONPath of the cursor."""
        if (body := self.body) and body.view.path:
            self._copy(body.view.path, "the path")

    def action_add_check(self) -> None:
        """Ask for an assert of the value at the cursor."""
        if (body := self.body) and body.view.path:
            self._wish(CheckWanted(body.view.path, self._without_secret(body.view.value_text)))

    def _without_secret(self, value: str) -> str:
        # It would stand in a file that goes to git.
        secrets = self.exchange.request.secrets if self.exchange else frozenset()
        return value if redact(value, secrets) == value else ""

    def action_add_capture(self) -> None:
        """Ask for a capture of the value at the cursor."""
        if (body := self.body) and body.view.path:
            self._wish(CaptureWanted(body.view.path))

    # Elsewhere

    def action_save_body(self) -> None:
        """Ask the screen to save the body."""
        if self.exchange is not None and self.exchange.response is not None:
            self._wish(SaveWanted(self.exchange, self.body.changed_content if self.body else None))

    def action_open_body(self) -> None:
        """Ask the screen to open the body in another program."""
        if (body := self.body) and (content := body.shown_content) is not None:
            self._wish(OpenWanted(content, body.media_type))

    def action_compare(self) -> None:
        """Ask the screen to compare this exchange with another."""
        if self.exchange is not None:
            self._wish(CompareWanted(self.exchange))

    def action_pick_charset(self) -> None:
        """Ask the screen for the charset to read the body in."""
        if body := self.body:
            self._wish(CharsetWanted(body.charset))

    def use_charset(self, charset: str) -> None:
        """Read the body in this charset; "" for the one that it announces."""
        if body := self.body:
            body.use_charset(charset)

    def _wish(self, wish: Message) -> None:
        self.post_message(wish)

    def _copy(self, text: str, what: str = "") -> None:
        raise NotImplementedError
