"""The documentation of an operation beside the request that came from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tui_client.formats.openapi import read_openapi
from tui_client.interop import importing
from tui_client.storage.library import Library
from tui_client.tui.panels.request_builder.operation_words import plain
from tui_client.tui.state import Section
from tui_client.tui.widgets.rows_editor import NameValueRow

_STATE = {"name": "state", "in": "query", "schema": {"type": "string", "enum": ["open", "closed"]}, "required": True}
_LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1}, "description": "How many."}
_USER = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
_REPLY = {"description": "Fine", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}}}
_GET = {"summary": "List users", "description": "All **users**.", "parameters": [_STATE, _LIMIT],
        "responses": {"200": _REPLY}}  # fmt: skip
_DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "http://127.0.0.1:9"}],
    "paths": {"/users": {"get": _GET}, "/ping": {"get": {"summary": "Ping", "responses": {}}}},
    "components": {"schemas": {"User": _USER}},
}


@pytest.fixture
def shop(own_folders: None, tmp_path: Path) -> Path:
    """A workspace with an imported collection, and a request beside it that came from nowhere."""
    workspace = tmp_path / "ws"
    found = read_openapi(json.dumps(_DOCUMENT).encode(), name="shop.json")
    library = Library(workspace)
    target = importing.target_of(library, found)
    importing.write(importing.place(found, target), target)
    (workspace / "shop" / "own.toml").write_text('url = "/own"\n')
    return workspace


def tabs(b: Any) -> list[str]:
    """The sections that are offered."""
    return [tab.id for tab in b.screen.builder._strip.tabs]


def first_row(b: Any) -> NameValueRow:
    """The first of the parameters."""
    found: NameValueRow = b.screen.builder.query(NameValueRow).first()
    return found


async def test_the_operation_is_shown_beside_its_request(bench: Any, shop: Path) -> None:
    """Summary, parameters with their values, and the reply's outline; what is required and not sent is named."""
    async with bench(shop, first="shop:users/list-users", size=(120, 90)) as b:
        await b.until(lambda: "docs" in tabs(b) and b.screen.context_of(b.screen.current).operation)
        b.screen.builder.show_section(Section.DOCS)
        await b.until(lambda: "All users." in b.text)
        for words in ("GET /users", "state", "open | closed", "limit", "How many.", "Reply 200", "id"):
            assert words in b.text
        assert "Not sent, though required" not in b.text
        b.screen.builder.show_section(Section.PARAMS)
        await b.pilot.pause()
        first_row(b)._toggle()
        b.screen.builder.show_section(Section.DOCS)
        await b.until(lambda: "Not sent, though required: state" in b.text)


async def test_values_that_a_parameter_can_have_are_offered(bench: Any, shop: Path) -> None:
    """Beside the row, and one after the other by Alt+Down."""
    async with bench(shop, first="shop:users/list-users") as b:
        await b.until(lambda: "open | closed" in b.text)
        first_row(b).value_field.focus()
        await b.pilot.pause()
        before = first_row(b).value.row.value
        await b.press("alt+down")
        await b.until(lambda: b.screen.current.draft.params[0].value != before)
        assert {before, b.screen.current.draft.params[0].value} == {"open", "closed"}


async def test_a_request_from_nowhere_has_no_documentation(bench: Any, shop: Path) -> None:
    """The tab is there only where there is something to read; one that looked at it is led elsewhere."""
    async with bench(shop, first="shop:users/list-users") as b:
        await b.until(lambda: "docs" in tabs(b))
        b.screen.builder.show_section(Section.DOCS)
        b.screen.open_key("shop:own")
        await b.until(lambda: "docs" not in tabs(b))
        assert b.screen.builder._strip.active == "params"


async def test_a_document_that_is_gone_is_no_trouble(bench: Any, shop: Path) -> None:
    """The request can be edited and sent without it."""
    (shop / "shop" / ".openapi" / "openapi.json").write_text("{not json")
    async with bench(shop, first="shop:users/list-users") as b:
        await b.until(lambda: "docs" not in tabs(b))
        assert b.screen.current.draft.url == "/users"


def test_markdown_is_read_without_its_marks() -> None:
    """Headings, emphasis, code, links and the few HTML tags that descriptions have."""
    text = "# Title\nAll **users** of `x` <br>see [docs](https://h/) and [https://h/](https://h/) 2 ** 3"
    assert plain(text) == "Title\nAll users of x see docs (https://h/) and https://h/ 2 ** 3"
