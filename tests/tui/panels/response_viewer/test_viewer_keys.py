"""The keys of the response viewer: modes, search, saving and copying, tabs."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from viewer_host import Alone, done, until

from tui_client.tui.panels.response_viewer import (
    Copied,
    SaveWanted,
)
from tui_client.tui.panels.response_viewer.reading import Mode
from tui_client.tui.widgets.body_view import BodyView


async def test_modes_go_round_and_stay() -> None:
    """p goes pretty, raw, hex; raw is remembered for the next reply, hex is not."""
    app = Alone(done(b'{"id":7}'))
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: bool(app.query(BodyView)) and app.body.view.row_count == 3)
        app.viewer.focus_reply()
        await pilot.press("p")
        assert (app.body.mode, app.body.view.row_count) == (Mode.RAW, 1)
        app.viewer.show(done(b'{"id":8}'))
        await pilot.pause()
        assert app.body.mode is Mode.RAW
        await pilot.press("p")
        assert app.body.mode is Mode.HEX
        app.viewer.show(done(b'{"id":9}'))
        await pilot.pause()
        assert app.body.mode is Mode.RAW
        await pilot.click("BodyStatus", offset=(2, 0))
        assert app.body.mode is Mode.PRETTY


async def test_search_by_keys() -> None:
    """/ asks, letters find, n and N go on, Esc ends; the count is shown."""
    app = Alone(done(b"[" + b'"needle", "hay", ' * 50 + b"1]"))
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: bool(app.query(BodyView)) and app.body.view.row_count > 50)
        app.viewer.focus_reply()
        await pilot.press("slash", *"need")
        await until(pilot, lambda: app.body.view.matches == (1, 50, True))
        await pilot.press("enter", "n", "n", "N")
        await until(pilot, lambda: "2 of 50" in app.text())
        await pilot.press("slash", *"zzz")
        await until(pilot, lambda: "no match" in app.text())
        await pilot.press("escape")
        assert app.body.view.matches is None
        assert app.body.view.has_focus
        app.viewer.strip.focus()
        await pilot.press("slash", "h")
        await until(pilot, lambda: app.body.view.matches is not None)
        await pilot.press("escape")
        await pilot.press("g", "9", "enter")
        assert app.body.view.line_position[0] == 9


async def test_the_body_is_saved_and_copied_by_message() -> None:
    """s asks the screen to save; ctrl+y and y copy text that is safe."""
    view = done(b'{"a": "\x1b[0m"}', ((b"Content-Type", b"text/css"),))
    app = Alone(view)
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: bool(app.query(BodyView)) and app.body.view.row_count == 1)
        app.viewer.focus_reply()
        await pilot.press("s", "ctrl+y", "y")
        await pilot.pause()
        saved, *copied = app.messages
        assert isinstance(saved, SaveWanted)
        assert saved.exchange is view.exchange
        assert [message.characters for message in copied if isinstance(message, Copied)] == [13, 13]
        assert app.copied == '{"a": "␛[0m"}'


async def test_keys_walk_through_the_tabs() -> None:
    """[ and ] open the neighbours, wherever the focus is in the panel."""
    app = Alone(done())
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: bool(app.query(BodyView)))
        app.viewer.focus_reply()
        await pilot.press("right_square_bracket")
        await pilot.pause()
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert app.viewer.active_tab == "cookies"
        await pilot.press("left_square_bracket")
        assert app.viewer.active_tab == "headers"


async def test_keys_without_a_meaning_here_go_on_to_the_screen() -> None:
    """Esc ends a search if there is one; else it is the screen's, which cancels the send."""

    class Owner(Alone):
        BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "escaped")]
        escaped = 0

        def action_escaped(self) -> None:
            self.escaped += 1

    app = Owner(done())
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: bool(app.query(BodyView)) and app.body.view.row_count == 3)
        app.viewer.focus_reply()
        await pilot.press("slash", "escape")
        assert app.escaped == 0
        await pilot.press("escape")
        assert app.escaped == 1
        app.viewer.open_tab("headers")
        await pilot.press("slash")
        assert not app.body.question.display


async def test_a_tab_that_is_not_built_yet_gets_the_keyboard_once_it_is() -> None:
    """Going to the reply in the turn in which its tab is opened for the first time ends in that tab."""
    app = Alone(done(b'{"id":7}'))
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: bool(app.query(BodyView)))
        app.viewer.open_tab("sent")
        app.viewer.focus_reply()
        await until(pilot, lambda: app.focused is not None and app.focused in app.query("#page-sent BodyView"))
