"""A curl command that is pasted into the URL."""

from __future__ import annotations

import pytest
from builder_host import Host
from textual.events import Paste

from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.body.json import Json
from tui_client.kinds.query.status import Status
from tui_client.model.request import Assertion, NameValue, Request
from tui_client.tui.panels.request_builder import RequestBuilder
from tui_client.tui.widgets.template_input import TemplateInput

COMMAND = """$ curl -X PUT 'http://127.0.0.1:9/users/7' \\
  -H 'X-A: 1' --json '{"a": 1}'
"""
DRAFT = Request(name="mine", url="/old", asserts=(Assertion(Status(), "==", 200),))


async def test_it_becomes_the_draft_and_its_checks_stay() -> None:
    """Method, URL, headers and body are the command's; it is said, with the key that takes it back."""
    host = Host(DRAFT)
    async with host.run_test() as pilot:
        host.screen.query_one("#url", TemplateInput).post_message(Paste(COMMAND))
        await pilot.pause()
        draft = host.screen.query_one(RequestBuilder).draft
        said = " ".join(note.message for note in host._notifications)
    assert (draft.method, draft.url) == ("PUT", "http://127.0.0.1:9/users/7")
    assert NameValue("X-A", "1") in draft.headers
    assert isinstance(draft.body, Json) and draft.body.content == '{"a": 1}'
    assert (draft.name, draft.asserts) == ("mine", DRAFT.asserts)
    assert draft.auth == NoAuth()  # the collection's own is for others
    assert "^z" in said


async def test_what_is_no_command_is_pasted_as_ever() -> None:
    """A URL, and words that only begin like it."""
    host = Host(Request())
    async with host.run_test() as pilot:
        field = host.screen.query_one("#url", TemplateInput)
        host.screen.set_focus(field)
        await pilot.pause()
        field.post_message(Paste("http://127.0.0.1/curly"))
        await pilot.pause()
        assert field.text == "http://127.0.0.1/curly"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("curl --head", "names no URL"),
        ("curl http://127.0.0.1/ -d " + "a" * 300_000, "too long"),
        ("curl 'http://127.0.0.1/", "can't be read"),
    ],
    ids=["no URL", "long", "no end"],
)
async def test_what_can_not_be_read_changes_nothing(command: str, said: str) -> None:
    """It is said why, and the command does not stand in the URL either."""
    host = Host(DRAFT)
    async with host.run_test() as pilot:
        field = host.screen.query_one("#url", TemplateInput)
        field.post_message(Paste(command))
        await pilot.pause()
        assert host.screen.query_one(RequestBuilder).draft == DRAFT and field.text == DRAFT.url
        (note,) = host._notifications
        assert note.severity == "warning" and said in note.message
