"""Edits of any document: what was edited is read back, and what wasn't stays byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec
from fuzzing import TEXT, bad_inputs
from hypothesis import strategies as st

from tui_client.errors import BrokenFile, SaveFailed
from tui_client.model.request import NameValue, Request
from tui_client.storage.document import Document
from tui_client.storage.request_file import read_request
from tui_client.storage.saving import edited_request_text, order_text

PATH: Final = Path("r.toml")
SECTIONS: Final = (
    "[params]\na = 1   # first\n\n'b c' = \"2\"\nd = { value = 1.10, enabled = false }\n",
    "[headers]\nAccept = '*/*'\n",
    "headers = [['A', '1'], [\"B\", \"2\"]] # rows\n",
    "params = [\n  ['a', 'b'], # one\n  ['c', ''],\n]\n",
    "[body]\nkind = 'json'\ncontent = '''\n{\n  \"a\": 1\n}\n'''\n",
    "body = { kind = 'text', content = \"a\" }\n",
    "[auth]\nkind = 'basic'\nusername = 'u' # who\n",
    "[options]\ntimeout.connect = 1.50\nhttp2 = true\n",
    "[[assert]]\nquery = 'status'\nop = '=='\nvalue = 200\n# between\n[[assert]]\nquery = 'url'\nop = 'exists'\n",
    "[capture.a]\nquery = 'header'\nexpr = 'X'\n",
    "[x-tool]\nkept = [1, 2.50, 0x1F] # as it is\n",
)
TOPS: Final = (
    "url = '/a' # u\n",
    'name="n"\n',
    "method   =   'POST'\n",
    "tags = ['a','b'] # t\n",
    "\n",
    "# top\n",
    "description = '''\nlong\n  text\n'''\n",
    "x-note = 1.0\n",
)

documents = st.builds(
    lambda tops, sections, end: "".join([*tops, *sections]).replace("\n", end),
    st.lists(st.sampled_from(TOPS), max_size=4, unique=True),
    st.lists(st.sampled_from(SECTIONS), max_size=4, unique=True),
    st.sampled_from(["\n", "\n", "\r\n"]),
)
rows = st.lists(st.builds(NameValue, TEXT, TEXT, st.booleans()), max_size=3).map(tuple)
edits = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXT,
        "url": TEXT,
        "method": st.sampled_from(["GET", "PUT", "", "a b", "{{m}}"]),
        "description": TEXT,
        "tags": st.lists(TEXT, max_size=3).map(tuple),
        "params": rows,
        "headers": rows,
    },
)


def edited(text: str, fields: dict[str, Any]) -> tuple[Request, str] | None:
    """The edited request and its document; None where the document is broken, or can't say it."""
    try:
        old = read_request(Document(PATH, text.replace("\r\n", "\n")))
        new = msgspec.structs.replace(old, **fields)
        return new, edited_request_text(PATH, text, new)
    except (BrokenFile, SaveFailed):
        return None


@bad_inputs(400, documents, edits)
def test_what_was_edited_is_read_back(text: str, fields: dict[str, Any]) -> None:
    """Whatever is typed into whatever document: the request is read back as it is, or is not saved at all."""
    done = edited(text, fields)
    if done is not None:
        new, after = done
        assert read_request(Document(PATH, after.replace("\r\n", "\n"))) == new
        assert edited_request_text(PATH, after, new) == after


@bad_inputs(430, documents, st.sampled_from(["url", "name", "description"]), st.text("ab'\"\\{}#=[]é ", max_size=9))
def test_what_was_not_edited_stays_byte_for_byte(text: str, field: str, value: str) -> None:
    """Every line but those of the edited key is there as it was, in the same order, with its end."""
    done = edited(text, {field: value})
    if done is None:
        return
    lines = [line for line in text.splitlines(keepends=True) if line.strip() and "long" not in line]
    kept = [line for line in lines if not line.startswith(field) and line.strip() not in ("text", "'''")]
    rest = iter(done[1].splitlines(keepends=True))
    assert all(line in rest for line in kept)


@bad_inputs(90, documents, st.lists(TEXT, max_size=4))
def test_an_order_changes_nothing_else(text: str, order: list[str]) -> None:
    """Dragging a request in the tree writes one key."""
    try:
        after = order_text(PATH, text, order)
    except (BrokenFile, SaveFailed):
        return
    table = Document(PATH, after.replace("\r\n", "\n")).table
    assert table.pop("order") == order
    before = Document(PATH, text.replace("\r\n", "\n")).table
    before.pop("order", None)
    assert repr(table) == repr(before)
