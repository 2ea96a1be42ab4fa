"""Comments in what an edit has to write in another form: nobody asked to remove them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tui_client.kinds.query.status import Status
from tui_client.model.request import Filter, NameValue, Request
from tui_client.storage.document import Document
from tui_client.storage.request_file import read_request
from tui_client.storage.saving import edited_request_text

PATH = Path("r.toml")
ROWS = "[params] # 1\npage = 1 # 2\n# 3\nlimit = 20 # 4\n"
DOTTED = "params.page = 1 # 1\nparams.limit = '20' # 2\n"
NESTED = "[params.page] # 1\nvalue = '1' # 2\n# 3\n[params.limit]\nvalue = '20' # 4\n"
TABLES = "[[params]] # 1\nname = 'page' # 2\n# 3\n[[params]] # 4\nname = 'limit'\n"
CHECK = (
    "[[assert]] # 1\nquery = 'json'\nexpr = '$'\nfilters = [ # 2\n  'count', ['nth', 0] ] # 3\nop = '>='\nvalue = 1\n"
)
CAPTURE = "[capture.a] # 1\nquery = 'url' # 2\n# 3\n[capture.b] # 4\nquery = 'url'\n"


def _again(request: Request) -> dict[str, Any]:
    """A name that stands there already, behind others: a table can't say that."""
    return {"params": (*request.params, NameValue("page", "2"))}


def _between(request: Request) -> dict[str, Any]:
    return {"params": (request.params[0], NameValue("new", "2"), *request.params[1:])}


def _renamed_row(request: Request) -> dict[str, Any]:
    return {"params": (request.params[0], replace(request.params[1], name="most"))}


def _filtered(request: Request) -> dict[str, Any]:
    return {"asserts": (replace(request.asserts[0], filters=(*request.asserts[0].filters, Filter("count"))),)}


def _renamed_capture(request: Request) -> dict[str, Any]:
    return {"captures": (request.captures[0], replace(request.captures[1], name="c"))}


def _other_query(request: Request) -> dict[str, Any]:
    return {"captures": (replace(request.captures[0], query=Status()), request.captures[1])}


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        (ROWS, _again),
        (ROWS, _between),
        (ROWS, _renamed_row),
        (DOTTED, _again),
        (DOTTED, _between),
        (DOTTED, _renamed_row),
        (NESTED, _again),
        (NESTED, _between),
        (NESTED, _renamed_row),
        (TABLES, _again),
        (TABLES, _between),
        (CHECK, _filtered),
        (CAPTURE, _renamed_capture),
        (CAPTURE, _other_query),
    ],
)
def test_no_comment_goes_with_the_form_it_stood_in(text: str, edit: Any) -> None:
    """Beside the row it was about where that still has a line, else above all of them."""
    whole = f"# top\n{text}\n[x-mine] # end\n"
    old = read_request(Document(PATH, whole))
    new = replace(old, **edit(old))
    after = edited_request_text(PATH, whole, new)
    assert read_request(Document(PATH, after)) == new
    assert sorted(re.findall("# .*", after)) == sorted(re.findall("# .*", whole))


def test_a_comment_goes_with_the_row_that_was_removed() -> None:
    """It would be about nothing."""
    old = read_request(Document(PATH, ROWS))
    after = edited_request_text(PATH, ROWS, replace(old, params=old.params[:1]))
    assert after == "[params] # 1\npage = 1 # 2\n# 3\n"


def test_what_looks_like_a_comment_in_a_text_is_none() -> None:
    """A sign in a value stays there alone."""
    text = "[params]\npage = '''\n# no''' # yes\nlimit = '#no'\n"
    old = read_request(Document(PATH, text))
    after = edited_request_text(PATH, text, replace(old, **_again(old)))
    assert read_request(Document(PATH, after)).params[:2] == old.params
    assert after.count("# yes") == 1 and after.count("no") == 2
