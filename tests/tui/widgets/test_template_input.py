"""One line of text with variables."""

from __future__ import annotations

import pytest
from rich.style import Style
from rich.text import Text
from textual.app import App, ComposeResult
from textual.events import Paste

from tui_client.tui.widgets.secret_field import SecretField
from tui_client.tui.widgets.template_area import TemplateArea
from tui_client.tui.widgets.template_input import TemplateInput, TemplateSuggester


class Host(App[None]):
    """Both fields, an area, and what they told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.suggester = TemplateSuggester()
        self.suggester.variables = ("base_url", "user_id", "user")
        self.line = TemplateInput(self.told.append, suggester=self.suggester)
        self.secret = SecretField(self.told.append, "", self.suggester)
        self.area = TemplateArea(self.told.append)

    def compose(self) -> ComposeResult:
        yield self.line
        yield self.secret
        yield self.area


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("{{", "{{base_url}}"),
        ("/users/{{us", "/users/{{user_id}}"),
        ("{{user", "{{user_id}}"),
        ("{{ ba", "{{ base_url}}"),
        ("{{uu", "{{uuid()"),
        ("{{base6", "{{base64("),
        ("{{base64(us", "{{base64(user_id"),
        ("{{default(user_id, ba", "{{default(user_id, base_url"),
        ("{{user_id}}", None),
        ("{{user_id}} and", None),
        ("{{nothing", None),
        ("{{two wor", None),
        ("", None),
        ("us", None),
    ],
)
def test_a_name_is_completed_after_two_braces(typed: str, completed: str | None) -> None:
    """Variables first, then functions; nowhere else."""
    assert Host().suggester.complete(typed) == completed


def test_a_long_pasted_text_is_completed_and_coloured_in_one_pass() -> None:
    """The work grows with the length of what is pasted, not with its square: this would take minutes."""
    line = Host().line
    line.get_component_rich_style = lambda *_names, **_how: Style(bold=True)  # type: ignore[method-assign]  # needs no screen
    assert Host().suggester.complete("{{" + "a" * 200_000 + "!") is None
    text = Text("{{x}}" + "{{" * 200_000)
    assert line.highlighter is not None
    line.highlighter.highlight(text)
    assert [(span.start, span.end) for span in text.spans] == [(0, 5)]


async def test_each_key_is_told_at_once_and_showing_tells_nothing() -> None:
    """An edit is known when the key was handled, and only edits are told."""
    app = Host()
    async with app.run_test() as pilot:
        app.line.show("ab")
        assert app.told == []
        app.line.focus()
        await pilot.press("c", "home", "x")
        assert app.told == ["abc", "xabc"]
        app.line.show("xabc")
        assert app.line.cursor_position == 1


async def test_right_takes_the_completion() -> None:
    """What is offered in grey becomes text with one key."""
    app = Host()
    async with app.run_test() as pilot:
        app.line.focus()
        await pilot.press(*"/{{us")
        await pilot.pause()
        await pilot.press("right")
        assert app.told[-1] == app.line.value == "/{{user_id}}"


async def test_the_first_key_does_not_replace_everything() -> None:
    """Focus puts the cursor at the end and selects nothing."""
    app = Host()
    async with app.run_test() as pilot:
        app.line.show("/users")
        app.area.focus()
        await pilot.pause()
        app.line.focus()
        await pilot.press("/")
        assert app.line.value == "/users/"


async def test_a_secret_is_dots_until_it_is_revealed() -> None:
    """A variable in its place is no secret; another value hides it again."""
    app = Host()
    async with app.run_test() as pilot:
        app.secret.show("hunter2")
        assert app.secret.field.password
        app.secret.switch.focus()
        await pilot.press("space")
        assert not app.secret.field.password
        app.secret.show("other")
        assert app.secret.field.password
        app.secret.show("{{api_key}}")
        assert not app.secret.field.password
        app.secret.show("{{user}}:hunter2")
        assert app.secret.field.password
        assert app.told == []


async def test_no_control_code_is_rendered() -> None:
    """Fields and areas show hostile text as signs."""
    app = Host()
    async with app.run_test(size=(60, 12)) as pilot:
        app.line.show("a\x1b]0;x\x07b")
        app.area.show("c\x1b[2Jd {{x}}")
        await pilot.pause()
        assert "\x1b" not in app.line.render_line(0).text
        assert "a␛]0;x␇b" in app.line.render_line(0).text
        assert "\x1b" not in app.area.render_line(0).text


async def test_a_line_that_is_cut_has_a_sign() -> None:
    """The beginning is shown, with an ellipsis at its end, while it has no focus."""
    app = Host()
    async with app.run_test(size=(20, 12)) as pilot:
        app.area.focus()
        app.line.show("0123456789" * 4)
        await pilot.pause()
        assert app.line.render_line(0).text.startswith("0123456789012345678…")


async def test_an_area_tells_edits_undo_and_redo() -> None:
    """Whatever changes the text is told; loading one is not."""
    app = Host()
    async with app.run_test() as pilot:
        app.area.show("a")
        app.area.focus()
        await pilot.press("ctrl+e", "b", "ctrl+z", "ctrl+y")
        assert app.told == ["ab", "a", "ab"]
        await pilot.press("tab")
        assert not app.area.has_focus


async def test_text_with_mixed_line_breaks_can_not_be_edited() -> None:
    """An area knows one kind of line break; it must not change the others."""
    app = Host()
    async with app.run_test():
        app.area.show("a\r\nb\nc")
        assert app.area.read_only
        app.area.show("a\r\nb")
        assert not app.area.read_only


async def test_a_field_keeps_the_first_of_several_pasted_lines() -> None:
    """As every one-line field does, where nobody wants more."""
    app = Host()
    async with app.run_test() as pilot:
        app.line.focus()
        await pilot.pause()
        app.line.post_message(Paste("one\ntwo"))
        await pilot.pause()
        assert app.line.value == "one"


def test_a_hostile_name_of_a_variable_is_not_completed() -> None:
    """It would be drawn as it is; the names beside it are offered."""
    suggester = TemplateSuggester()
    suggester.variables = ("to\x1b[2Jken", "token")
    assert suggester.complete("{{to") == "{{token}}"


async def test_what_is_in_force_stands_in_an_empty_field_as_signs() -> None:
    """An option that a file gives is the field's placeholder."""
    app = Host()
    async with app.run_test(size=(60, 12)) as pilot:
        app.line.show("")
        app.line.placeholder = "a\x1b]0;x\x07\u202e"
        await pilot.pause()
        assert "a␛]0;x␇<U+202E>" in app.line.render_line(0).text
