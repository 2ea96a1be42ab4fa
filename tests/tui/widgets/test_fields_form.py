"""Forms drawn from what kinds declare."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from textual.app import App, ComposeResult

from tui_client.kinds import auth, body
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.declared import empty_value
from tui_client.model.request import NameValue
from tui_client.tui.widgets.fields_form import FieldsForm
from tui_client.tui.widgets.template_area import TemplateArea
from tui_client.tui.widgets.template_input import TemplateInput


class Host(App[None]):
    """A form and what it told."""

    def __init__(self, value: msgspec.Struct) -> None:
        super().__init__()
        self.told: list[Any] = []
        self.form = FieldsForm(value, self.told.append)

    def compose(self) -> ComposeResult:
        yield self.form


@pytest.mark.parametrize("kind", [*auth.kinds().values(), *body.kinds().values()], ids=lambda kind: kind.__name__)
async def test_every_kind_has_a_form_that_tells_nothing_by_itself(kind: type[msgspec.Struct]) -> None:
    """Drawing a form, and showing a value in it, is no edit."""
    app = Host(empty_value(kind))
    async with app.run_test() as pilot:
        app.form.show(empty_value(kind))
        await pilot.pause()
        assert app.told == []


async def test_text_is_told_with_the_rest_as_it_was() -> None:
    """One field changes, the others stay."""
    app = Host(Basic("ada", "secret"))
    async with app.run_test() as pilot:
        app.form.query_one("#field-username", TemplateInput).focus()
        await pilot.press("!")
        assert app.told == [Basic("ada!", "secret")]


async def test_secrets_are_masked() -> None:
    """A field that is declared secret shows dots."""
    app = Host(Basic("ada", "secret"))
    async with app.run_test():
        assert app.form.query_one("#field-password TemplateInput", TemplateInput).password
        assert not app.form.query_one("#field-username", TemplateInput).password


async def test_a_choice_is_made_with_the_arrows() -> None:
    """A few words in a row; the chosen one is told."""
    app = Host(ApiKey("k", "v"))
    async with app.run_test() as pilot:
        app.form.query_one("#field-place").focus()
        await pilot.press("right")
        assert app.told == [ApiKey("k", "v", "query")]


async def test_a_value_outside_the_choices_is_shown() -> None:
    """A file may say what this version does not know; it stays until another is chosen."""
    odd = msgspec.structs.replace(ApiKey("k", "v"), place="trailer")  # type: ignore[arg-type]  # what a file can't say
    app = Host(odd)
    async with app.run_test() as pilot:
        place = app.form.query_one("#field-place")
        assert [tab.id for tab in place.tabs] == ["header", "query", "cookie", "trailer"]  # type: ignore[attr-defined]  # a Choice
        place.focus()
        await pilot.press("left")
        assert app.told == [ApiKey("k", "v", "cookie")]


async def test_text_of_many_lines_and_switches() -> None:
    """A body's text is typed in an area; templates are a yes or a no."""
    app = Host(Json("{"))
    async with app.run_test() as pilot:
        app.form.query_one("#field-content", TemplateArea).focus()
        await pilot.press("end", "}")
        app.form.query_one("#field-template").focus()
        await pilot.press("right")
        assert app.told == [Json("{}"), Json("{}", template=False)]


async def test_rows_and_parts() -> None:
    """Fields of a form, parts of a multipart body."""
    app = Host(Form((NameValue("a", "1"),)))
    async with app.run_test() as pilot:
        app.form.query("#field-fields TemplateInput").first(TemplateInput).focus()
        await pilot.press("b")
        assert app.told == [Form((NameValue("ab", "1"),))]
    app = Host(Multipart((Part("a"),)))
    async with app.run_test() as pilot:
        app.form.query("#field-parts TemplateInput").first(TemplateInput).focus()
        await pilot.press("b")
        assert app.told == [Multipart((Part("ab"),))]
