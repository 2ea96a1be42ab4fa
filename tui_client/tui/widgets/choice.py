"""One of a few words, in one row."""

from __future__ import annotations

from collections.abc import Callable

from tui_client.tui.widgets.tab_strip import Tab, TabStrip


class Choice(TabStrip):
    """Tells what the user chose, at once; a value that is not among the choices is shown beside them."""

    DEFAULT_CSS = """
    Choice { padding: 0; }
    """

    def __init__(
        self, tell: Callable[[str], None], choices: tuple[Tab, ...], *, separator: str = "gap", id: str | None = None
    ) -> None:
        super().__init__(separator=separator, id=id)
        self._tell = tell
        self.offer(choices)

    @property
    def value(self) -> str:
        """What is chosen."""
        return self.active

    def offer(self, choices: tuple[Tab, ...]) -> None:
        """Offer other words, or the same ones with other labels."""
        self._choices = choices
        self.show(self.active)

    def show(self, value: str) -> None:
        """Show another value."""
        known = any(tab.id == value for tab in self._choices)
        self.tabs = self._choices if known or not value else (*self._choices, Tab(value, value))
        self.active = value

    def choose(self, tab_id: str) -> None:
        """Take what the user chose."""
        if tab_id != self.active:
            self.active = tab_id
            self._tell(tab_id)
