"""The sections of the request builder, one by one."""

from __future__ import annotations

import pytest
from builder_host import DEMO, Host, type_into

from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.body.json import Json
from tui_client.model.kinds import Body
from tui_client.model.options import Options, TimeoutOptions
from tui_client.model.request import NameValue, Request
from tui_client.storage.library import Library
from tui_client.tui.state import Section
from tui_client.tui.widgets.choice import Choice
from tui_client.tui.widgets.lines_editor import LineRow
from tui_client.tui.widgets.tab_strip import TabStrip
from tui_client.tui.widgets.template_area import TemplateArea


async def test_the_url_and_its_rows_are_in_step() -> None:
    """A parameter typed into the URL has a row, and editing the row edits the URL."""
    app = Host(Request(url="/u?a=%2F", params=(NameValue("p", "1"),)))
    async with app.run_test() as pilot:
        await type_into(pilot, app.field("#url"), *"&b=2")
        assert [app.field("#params .name", index).value for index in range(3)] == ["a", "b", "p"]
        await type_into(pilot, app.field("#params .value", 1), "end", "space", "3")
        assert app.draft == Request(url="/u?a=%2F&b=2%203", params=(NameValue("p", "1"),))
        assert app.field("#url").value == "/u?a=%2F&b=2%203"
        await type_into(pilot, app.builder.query("#params RowSwitch").first(), "space")
        assert app.draft == Request(url="/u?b=2%203", params=(NameValue("a", "/", enabled=False), NameValue("p", "1")))


async def test_a_new_row_becomes_a_parameter_of_the_file() -> None:
    """What is added stands in [params], not in the URL."""
    app = Host(Request(url="/u?a=1"))
    async with app.run_test() as pilot:
        await type_into(pilot, app.field("#params .name", 1), *"q", "tab", "v")
        assert app.draft == Request(url="/u?a=1", params=(NameValue("q", "v"),))


async def test_path_rows_come_from_the_url() -> None:
    """{id} and :id have a row each; a value without a place stays and says so."""
    app = Host(Request(url="/{team}/:id?x=:no", path=(NameValue("old", "1"), NameValue("id", "7"))))
    async with app.run_test() as pilot:
        app.section(Section.PATH)
        await pilot.pause()
        assert [app.field("#path .name", index).value for index in range(3)] == ["team", "id", "old"]
        assert "not in the URL" in app.says(Section.PATH)
        await type_into(pilot, app.field("#path .value"), "a")
        assert app.draft.path == (NameValue("team", "a"), NameValue("id", "7"), NameValue("old", "1"))


async def test_inherited_headers_say_where_they_stand() -> None:
    """The nearer replaces the farther; one's own replaces them all."""
    app = Host(Request())
    async with app.run_test() as pilot:
        app.section(Section.HEADERS)
        await pilot.pause()
        said = app.says(Section.HEADERS)
        assert "X-Trace: 1   collection" in said
        assert "accept: application/json   folder users" in said
        assert "X-Env: local   env local" in said
        assert "text/plain" not in said
        await type_into(pilot, app.field("#headers .name"), *"X-Env", "tab", *"mine")
        assert app.draft.headers == (NameValue("X-Env", "mine"),)
        assert "X-Env: local   replaced above" in app.says(Section.HEADERS)


async def test_inherited_auth_says_where_it_stands() -> None:
    """Until the request gets its own."""
    app = Host(Request())
    async with app.run_test() as pilot:
        view = app.section(Section.AUTH)
        await pilot.pause()
        assert "bearer, from shop" in app.says(Section.AUTH)
        strip = app.builder.query_one("#sections", TabStrip)
        assert next(tab.note for tab in strip.tabs if tab.id == "auth") == "bearer ↑shop"
        kinds = view.query_one("#kind", Choice)
        kinds.choose("none")
        await pilot.pause()
        assert app.draft.auth is not None
        kinds.choose("inherit")
        await pilot.pause()
        assert app.draft == Request()


async def test_what_was_typed_for_a_kind_is_there_again() -> None:
    """Trying another kind loses nothing, and shows nothing of another request."""
    app = Host(Request(auth=Basic("ada", "love")), Request())
    async with app.run_test() as pilot:
        view = app.section(Section.AUTH)
        await pilot.pause()
        kinds = view.query_one("#kind", Choice)
        kinds.choose("bearer")
        await pilot.pause()
        await type_into(pilot, app.field("#auth TemplateInput"), "t")
        kinds.choose("basic")
        await pilot.pause()
        assert app.draft.auth == Basic("ada", "love")
        kinds.choose("bearer")
        await pilot.pause()
        assert app.draft.auth == Bearer("t")
        app.put("1")
        kinds.choose("basic")
        await pilot.pause()
        assert app.draft.auth == Basic("", "")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (Json('{"a": {{x}}}'), "✓ JSON"),
        (Json('{\n"a" 1}'), "! line 2, column 5: expecting ':' delimiter"),
        (None, "No body is sent."),
    ],
)
async def test_json_says_what_is_wrong_with_it(body: Body | None, said: str) -> None:
    """A hint, with the line; nothing is kept from being sent."""
    app = Host(Request(body=body))
    async with app.run_test() as pilot:
        app.section(Section.BODY)
        await pilot.pause()
        assert said in app.says(Section.BODY)


async def test_a_body_is_typed_and_formatted() -> None:
    """Enter is a line break there, and Format indents what can be read."""
    app = Host(Request(body=Json("")))
    async with app.run_test() as pilot:
        view = app.section(Section.BODY)
        await pilot.pause()
        area = view.query_one(TemplateArea)
        await type_into(pilot, area, *'{"a":{{x}}', "enter", "}")
        assert app.draft.body == Json('{"a":{{x}}\n}')
        await pilot.click("#format")
        await pilot.pause()
        assert app.draft.body == Json('{\n  "a": {{x}}\n}')
        assert area.text == '{\n  "a": {{x}}\n}'


async def test_checks_are_lines() -> None:
    """An edited line is an edited assert; one that can't be read leaves the assert as it was, and says why."""
    start = Library(DEMO).load("auth/login").request
    app = Host(start, Request())
    async with app.run_test() as pilot:
        app.section(Section.CHECKS)
        await pilot.pause()
        await type_into(pilot, app.field("#asserts TemplateInput"), "backspace", "1")
        assert app.draft.asserts[0].value == 201
        await type_into(pilot, app.field("#asserts TemplateInput"), "space", "x")
        assert app.draft.asserts[0].value == 201
        assert "Nothing is expected after this: x" in app.says(Section.CHECKS)
        await type_into(pilot, app.field("#captures TemplateInput"), "home", "m")
        assert app.draft.captures[0].name == "mtoken"
        assert app.draft.asserts[1:] == start.asserts[1:]
        app.put("1")
        await pilot.pause()
        assert all(not row.problem for row in app.builder.query(LineRow))
        assert app.draft == Request()


async def test_a_line_stays_as_it_was_typed() -> None:
    """Blanks and quotes that say the same are not rewritten under the cursor."""
    app = Host(Request())
    async with app.run_test() as pilot:
        app.section(Section.CHECKS)
        await pilot.pause()
        await type_into(pilot, app.field("#asserts TemplateInput"), *"status  ==  20")
        assert app.draft.asserts[0].value == 20
        assert app.field("#asserts TemplateInput").value == "status  ==  20"


async def test_an_empty_option_is_inherited_and_shows_what_is_in_force() -> None:
    """The value of the collection stands in its place until there is one of one's own."""
    app = Host(Request())
    async with app.run_test() as pilot:
        app.section(Section.OPTIONS)
        await pilot.pause()
        read = app.field("#timeout-read")
        assert (read.value, read.placeholder) == ("", "7.5")
        http2 = app.builder.query_one("#http2", Choice)
        assert [tab.label for tab in http2.tabs] == ["inherited: yes", "yes", "no"]
        await type_into(pilot, read, "0", ".", "5")
        http2.choose("no")
        await pilot.pause()
        assert app.draft.options == Options(timeout=TimeoutOptions(read=0.5), http2=False)
        await type_into(pilot, read, "ctrl+u")
        http2.choose("inherit")
        await pilot.pause()
        assert app.draft == Request()


async def test_a_number_that_is_none_is_marked_and_changes_nothing() -> None:
    """Neither words nor negative numbers are a timeout."""
    app = Host(Request())
    async with app.run_test() as pilot:
        app.section(Section.OPTIONS)
        await pilot.pause()
        field = app.field("#timeout-total")
        await type_into(pilot, field, "-", "5")
        assert app.edits == []
        assert field.has_class("-wrong")
        await type_into(pilot, field, "home", "delete")
        assert app.draft.options.timeout.total == 5.0
        assert not field.has_class("-wrong")


async def test_notes() -> None:
    """Name, tags and description."""
    app = Host(Request())
    async with app.run_test() as pilot:
        view = app.section(Section.NOTES)
        await pilot.pause()
        await type_into(pilot, app.field("#name"), "N")
        await type_into(pilot, app.field("#tags"), *"a, b,")
        await type_into(pilot, view.query_one(TemplateArea), "D", "enter")
        assert app.draft == Request(name="N", tags=("a", "b"), description="D\n")
        assert app.field("#tags").value == "a, b,"


async def test_the_preview_says_what_has_no_value() -> None:
    """Before anything is sent, by name; secrets and what is fetched later never show."""
    app = Host(Request(url="/{{nobody}}/{{user}}"))
    async with app.run_test() as pilot:
        await pilot.pause()
        said = str(app.builder.query_one("#preview").render())
        assert said == "! no value for nobody   http://127.0.0.1:8000/{{nobody}}/ada"


async def test_variables_are_completed_in_the_url_and_in_values() -> None:
    """Two braces and a letter, then the right arrow."""
    app = Host(Request())
    async with app.run_test() as pilot:
        await type_into(pilot, app.field("#url"), *"/{{us", "right")
        assert app.draft.url == "/{{user}}"
        await type_into(pilot, app.field("#params .name"), *"q", "tab", *"{{user_", "right")
        assert app.draft.params == (NameValue("q", "{{user_id}}"),)


async def test_down_leads_from_the_url_into_the_section() -> None:
    """The rows are two keys away from the URL."""
    app = Host(Request(params=(NameValue("a", "1"),)))
    async with app.run_test() as pilot:
        app.builder.focus_url()
        await pilot.press("down", "down")
        assert app.focused is app.field("#params .name")


async def test_up_and_down_walk_through_forms_and_out_of_rows() -> None:
    """From field to field, at last back to the URL; never out of the builder at its end."""
    app = Host(Request(auth=Basic("a", "b"), params=(NameValue("a", "1"),)))
    async with app.run_test() as pilot:
        await type_into(pilot, app.field("#params .value", 1), "down")
        assert app.focused is app.field("#params .value", 1)
        await pilot.press("up", "up", "up")
        assert app.focused is app.field("#url")
        app.section(Section.AUTH)
        await pilot.pause()
        await pilot.press("down", "down", "down")
        assert app.focused is app.field("#field-username")
        await pilot.press("down", "up")
        assert app.focused is app.field("#field-username")


async def test_without_a_method_it_is_get() -> None:
    """An empty field says so, and is not filled while one is typed."""
    app = Host(Request(method="POST"))
    async with app.run_test() as pilot:
        await type_into(pilot, app.field("#method"), "ctrl+u")
        assert app.draft.method == "GET"
        assert app.field("#method").value == ""


async def test_a_body_with_mixed_line_breaks_is_left_alone() -> None:
    """It says why it can't be edited here."""
    app = Host(Request(body=Json("{\r\n}\n")))
    async with app.run_test() as pilot:
        app.section(Section.BODY)
        await pilot.pause()
        assert "Edit it in its file." in app.says(Section.BODY)


async def test_sections_are_chosen_with_the_arrows() -> None:
    """Left and right in their row."""
    app = Host(Request())
    async with app.run_test() as pilot:
        app.builder.query_one("#sections").focus()
        await pilot.press("right", "right")
        await pilot.pause()
        assert [view.id for view in app.builder.query("SectionView") if view.display] == ["headers"]
