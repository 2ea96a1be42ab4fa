"""The request builder: a draft comes down, edits go up."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget

from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.model.collection import Collection, Environment, Folder, Surroundings
from tui_client.model.effective import inherit
from tui_client.model.kinds import Body
from tui_client.model.options import Options, SendOptions, TimeoutOptions
from tui_client.model.request import NameValue, Request
from tui_client.model.variables import Constant
from tui_client.storage.library import Library
from tui_client.template import preview_url
from tui_client.tui.panels.request_builder import RequestBuilder
from tui_client.tui.screens._context import inherited_headers
from tui_client.tui.state import BuilderContext, Section
from tui_client.tui.widgets.choice import Choice
from tui_client.tui.widgets.lines_editor import LineRow
from tui_client.tui.widgets.tab_strip import TabStrip
from tui_client.tui.widgets.template_area import TemplateArea
from tui_client.tui.widgets.template_input import TemplateInput

DEMO = Path(__file__).parents[4] / "collections" / "demo"

AROUND = Surroundings(
    Collection(
        id="shop",
        root=Folder(
            headers=(NameValue("Accept", "text/plain"), NameValue("X-Trace", "1")),
            auth=Bearer("{{token}}"),
            options=Options(http2=True, timeout=TimeoutOptions(read=7.5)),
            variables={"user": Constant("ada"), "user_id": Constant(7)},
        ),
        base_url="http://127.0.0.1:8000",
    ),
    (Folder(path="users", headers=(NameValue("accept", "application/json"),)),),
    Environment(name="local", headers=(NameValue("X-Env", "local"),)),
)


def context(draft: Request, request_id: str = "1") -> BuilderContext:
    effective = inherit("users/get", draft, AROUND, SendOptions())
    names = tuple(dict.fromkeys(name for layer in effective.scope.layers for name in layer.values))
    return BuilderContext(
        effective,
        preview_url(effective, effective.scope),
        names,
        request_id=request_id,
        inherited=inherited_headers(AROUND),
    )


class Host(App[None]):
    """A screen as the workbench is one: it takes each edit and shows it again, unless `holds` it back."""

    def __init__(self, *drafts: Request) -> None:
        super().__init__()
        self.drafts = {str(index): draft for index, draft in enumerate(drafts)}
        self.at = "0"
        self.edits: list[tuple[str, Request]] = []
        self.sent = 0
        self.holds = False
        self.builder = RequestBuilder()

    def compose(self) -> ComposeResult:
        yield self.builder

    def on_mount(self) -> None:
        self.put()

    def put(self, at: str | None = None) -> None:
        self.at = at or self.at
        self.builder.show(self.drafts[self.at], context(self.drafts[self.at], self.at))

    @on(RequestBuilder.Edited)
    def _edited(self, message: RequestBuilder.Edited) -> None:
        self.edits.append((message.request_id, message.draft))
        self.drafts[message.request_id] = message.draft
        if not self.holds:
            self.put()

    @on(RequestBuilder.SendRequested)
    def _send(self) -> None:
        self.sent += 1

    @property
    def draft(self) -> Request:
        return self.drafts[self.at]

    def section(self, section: Section) -> Widget:
        self.builder.show_section(section)
        return self.builder.query_one(f"#{section.value}")

    def field(self, selector: str, index: int = 0) -> TemplateInput:
        fields = [field for field in self.builder.query(selector).results(TemplateInput) if _seen(field)]
        return fields[index]

    def says(self, section: Section) -> str:
        view = self.builder.query_one(f"#{section.value}")
        return " ".join(str(w.render()) for w in view.query("Static, Label") if _seen(w))


def _seen(widget: Widget) -> bool:
    return all(isinstance(node, Widget) and node.display for node in widget.ancestors_with_self[:-2])


async def type_into(pilot: Pilot[None], widget: Widget, *keys: str) -> None:
    widget.focus()
    await pilot.press(*keys)
    await pilot.pause()


@cache
def samples() -> tuple[Request, ...]:
    library = Library(DEMO)
    keys = library.keys()
    return tuple(library.load(key).request for key in keys)


@pytest.mark.parametrize("section", Section)
async def test_showing_any_sample_in_any_section_posts_nothing(section: Section) -> None:
    """Looking is no edit: what the files say passes through every widget unchanged."""
    app = Host(*samples())
    async with app.run_test() as pilot:
        app.section(section)
        for at in app.drafts:
            app.put(at)
        await pilot.pause()
        for at in list(app.drafts)[::7]:
            app.put(at)
            await pilot.pause()
        assert app.edits == []


async def test_method_and_url_are_told_as_they_are_typed() -> None:
    """Each key is one edit, with all else as it was, and the cursor stays."""
    app = Host(Request(name="n", url="/users"))
    async with app.run_test() as pilot:
        await type_into(pilot, app.field("#url"), "left", "X")
        assert app.draft == Request(name="n", url="/userXs")
        assert app.field("#url").cursor_position == 6
        await type_into(pilot, app.field("#method"), "ctrl+u", *"query")
        assert app.draft.method == "query"
        assert len(app.edits) == 6
        assert {request_id for request_id, _ in app.edits} == {"0"}


async def test_enter_and_the_button_send() -> None:
    """Enter in the URL is the shortest way."""
    app = Host(Request(url="/users"))
    async with app.run_test() as pilot:
        await type_into(pilot, app.field("#url"), "enter")
        await pilot.click("#send")
        assert app.sent == 2
        assert app.edits == []


async def test_an_older_draft_that_arrives_late_does_not_undo_what_was_typed() -> None:
    """Keys come faster than drafts go up and down; none is lost, and the cursor stays."""
    app = Host(Request(url="/"))
    async with app.run_test() as pilot:
        app.holds = True
        await type_into(pilot, app.field("#url"), *"abc")
        late = [draft for _, draft in app.edits]
        for draft in (Request(url="/"), late[0], late[1], late[2]):
            app.builder.show(draft, context(draft, "0"))
            assert app.field("#url").value == "/abc"
            assert app.builder.draft.url == "/abc"
        app.builder.show(Request(url="/other"), context(Request(url="/other"), "0"))
        assert app.field("#url").value == "/other"


async def test_an_edit_belongs_to_the_request_it_was_made_in() -> None:
    """Switching before the edit has arrived neither loses it nor gives it to the other request."""
    app = Host(Request(url="/a"), Request(url="/b"))
    async with app.run_test() as pilot:
        field = app.field("#url")
        field.focus()
        field.value = "/a1"
        app.put("1")
        assert field.value == "/b"
        await pilot.pause()
        assert app.drafts == {"0": Request(url="/a1"), "1": Request(url="/b")}


async def test_drafts_shown_one_after_the_other_end_in_the_last() -> None:
    """Kinds, rows and forms of several drafts in one turn leave those of the last one."""
    rows = tuple(NameValue(f"n{index}", str(index)) for index in range(5))
    drafts = [
        Request(params=rows, auth=Basic("ada", "x"), body=Json("{}")),
        Request(params=rows[:1], auth=Bearer("t"), body=Form(rows[:2])),
        Request(),
        Request(params=rows[2:4], auth=Basic("bob", "y"), body=Form(rows[2:])),
    ]
    app = Host(*drafts)
    async with app.run_test() as pilot:
        for section in (Section.PARAMS, Section.AUTH, Section.BODY):
            for at in ("1", "2", "0", "3"):
                app.section(section)
                app.put(at)
        app.section(Section.PARAMS)
        await pilot.pause()
        assert [app.field("#params .name", index).value for index in range(3)] == ["n2", "n3", ""]
        app.section(Section.AUTH)
        await pilot.pause()
        assert app.field("#auth TemplateInput").value == "bob"
        app.section(Section.BODY)
        await pilot.pause()
        assert [app.field("#body .name", index).value for index in range(4)] == ["n2", "n3", "n4", ""]
        assert app.edits == []


async def test_a_builder_shown_before_it_is_composed_shows_it() -> None:
    """`show` may come before any widget is there."""
    app = Host(Request(url="/first"))
    app.builder.show(Request(url="/early"), BuilderContext(request_id="9"))
    async with app.run_test():
        assert app.field("#url").value == "/first"


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
