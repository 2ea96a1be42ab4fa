"""A button of one row."""

from __future__ import annotations

from textual.app import App, ComposeResult

from tui_client.tui.widgets.push import Push


class _Host(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.pushes = 0

    def compose(self) -> ComposeResult:
        yield Push("[Send]", self.pushed, id="send")

    def pushed(self) -> None:
        self.pushes += 1


async def test_it_is_pushed_by_mouse_and_keys() -> None:
    """A click, Enter and the space bar; its label is no markup."""
    app = _Host()
    async with app.run_test(size=(20, 3)) as pilot:
        await pilot.click("#send")
        app.query_one(Push).focus()
        await pilot.press("enter", "space")
        assert app.pushes == 3
        assert app.query_one(Push).size.width == len("[Send]")
