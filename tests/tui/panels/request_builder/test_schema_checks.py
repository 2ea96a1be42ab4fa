"""Checks against a schema in the request builder."""

from __future__ import annotations

from builder_host import Host, type_into

from tui_client.kinds.query.schema import Schema
from tui_client.model.request import Assertion, Request
from tui_client.tui.state import Section


async def test_a_check_against_a_schema_is_typed_as_a_line() -> None:
    """Without more it is the operation's; with a file, that one."""
    app = Host(Request())
    async with app.run_test() as pilot:
        app.section(Section.CHECKS)
        await pilot.pause()
        await type_into(pilot, app.field("#asserts TemplateInput"), *"schema isEmpty")
        assert app.draft.asserts == (Assertion(Schema(), "isEmpty"),)
        await type_into(pilot, app.field("#asserts TemplateInput"), "ctrl+u", *'schema file "a b.json" isEmpty')
        assert app.draft.asserts == (Assertion(Schema("a b.json"), "isEmpty"),)


async def test_a_schema_of_the_file_is_shown_whole() -> None:
    """What the line does not say would be lost with the first edit."""
    start = Request(asserts=(Assertion(Schema(text='{"a":\n 1}'), "isEmpty"), Assertion(Schema("s.json"), "isEmpty")))
    app = Host(start)
    async with app.run_test() as pilot:
        app.section(Section.CHECKS)
        await pilot.pause()
        await type_into(pilot, app.field("#asserts TemplateInput"), "home", "#")
        first, second = app.draft.asserts
        assert first == Assertion(Schema(text='{"a":\n 1}'), "isEmpty", enabled=False)
        assert second == start.asserts[1]
