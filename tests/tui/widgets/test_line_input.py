"""A line that never holds a control character."""

from __future__ import annotations

from textual import events
from textual.app import App, ComposeResult

from tui_client.tui.widgets.line_input import LineInput


class Host(App[None]):
    """A line and a password."""

    def compose(self) -> ComposeResult:
        yield LineInput("a\x1b[31mb", id="line")
        yield LineInput(password=True, id="secret")


async def test_what_is_given_and_pasted_shows_as_signs() -> None:
    """No escape sequence gets into a field that is drawn."""
    app = Host()
    async with app.run_test() as pilot:
        line = app.query_one("#line", LineInput)
        assert line.value == "a␛[31mb"
        line.post_message(events.Paste("\x1b]52;c;x\x07"))
        await pilot.pause()
        assert "\x1b" not in line.value
        assert "␛]52;c;x␇" in line.value


async def test_a_paste_of_megabytes_is_refused_and_said() -> None:
    """A key in a line of 2 MB would take seconds, and what reads the line minutes; no part of it is kept."""
    app = Host()
    async with app.run_test() as pilot:
        line = app.query_one("#line", LineInput)
        before = line.value
        line.post_message(events.Paste("x" * 2_000_000))
        await pilot.pause()
        assert line.value == before
        assert "too long" in "".join(note.message for note in app._notifications)


async def test_a_password_stays_as_it_is() -> None:
    """It is dots on the screen, and must be what it was on the way."""
    app = Host()
    async with app.run_test() as pilot:
        secret = app.query_one("#secret", LineInput)
        secret.value = "a\x07b"
        await pilot.pause()
        assert secret.value == "a\x07b"


async def test_a_password_that_is_looked_at_shows_as_signs() -> None:
    """What was pasted into it stays as it is, and does nothing when it is drawn."""
    app = Host()
    async with app.run_test() as pilot:
        secret = app.query_one("#secret", LineInput)
        secret.value = "a\x1b[2J\u202eb"
        secret.password = False
        await pilot.pause()
        assert "a␛[2J�b" in secret.render_line(0).text
        assert secret.value == "a\x1b[2J\u202eb"
