"""The request builder: a draft comes down, edits go up."""

from __future__ import annotations

from functools import cache

import pytest
from builder_host import DEMO, Host, context, type_into

from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.model.request import NameValue, Request
from tui_client.storage.library import Library
from tui_client.tui.state import BuilderContext, Section


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
