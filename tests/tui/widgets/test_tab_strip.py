"""Tabs in one row, and choices made of them."""

from __future__ import annotations

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.widget import Widget

from tui_client.tui.widgets.choice import Choice
from tui_client.tui.widgets.tab_strip import Tab, TabStrip

TABS = (Tab("a", "Alpha", "1"), Tab("b", "Beta"), Tab("c", "Gamma", "x"))


class Host(App[None]):
    """A strip, and what was selected in it."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget
        self.selected: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.widget

    @on(TabStrip.Selected)
    def _selected(self, event: TabStrip.Selected) -> None:
        self.selected.append(event.tab_id)


def strip() -> TabStrip:
    tabs = TabStrip()
    tabs.tabs, tabs.active = TABS, "a"
    return tabs


async def test_a_strip_posts_what_the_user_wants_and_waits_to_be_told() -> None:
    """Arrows go round; the owner decides what is active."""
    tabs = strip()
    app = Host(tabs)
    async with app.run_test() as pilot:
        tabs.focus()
        await pilot.press("right", "left")
        assert app.selected == ["b", "c"]
        assert tabs.active == "a"


@pytest.mark.parametrize(("x", "chosen"), [(1, "a"), (13, "b"), (19, "c")])
async def test_the_mouse_chooses_the_tab_under_it(x: int, chosen: str) -> None:
    """A click on a label, or its note."""
    tabs = strip()
    app = Host(tabs)
    async with app.run_test(size=(60, 3)) as pilot:
        await pilot.click(tabs, offset=(x, 0))
        assert app.selected == [chosen]


@pytest.mark.parametrize(("active", "shown"), [("a", "Alpha 1 │ B ›"), ("b", "‹ Beta │ Ga ›"), ("c", "‹ Gamma x")])
async def test_what_does_not_fit_has_a_sign(active: str, shown: str) -> None:
    """The active tab is always seen; a mark says that there is more on either side."""
    tabs = strip()
    async with Host(tabs).run_test(size=(15, 3)) as pilot:
        tabs.active = active
        await pilot.pause()
        assert str(tabs.render()) == shown


async def test_a_choice_is_made_and_told_at_once() -> None:
    """Two keys in one turn are two steps."""
    told: list[str] = []
    choice = Choice(told.append, TABS)
    choice.show("a")
    app = Host(choice)
    async with app.run_test() as pilot:
        choice.focus()
        await pilot.press("right", "right")
        choice.choose("c")
        assert told == ["b", "c"]
        assert choice.value == "c"
        assert app.selected == []
