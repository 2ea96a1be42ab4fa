"""Rows in every form that people write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_client.kinds.body.form import Form
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.model.request import NameValue, Request
from tui_client.storage.document import Document
from tui_client.storage.forms import rows_tree
from tui_client.storage.request_file import read_request
from tui_client.storage.saving import new_request_text


def read(text: str) -> Request:
    return read_request(Document(Path("r.toml"), text))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a = 1", ["1"]),
        ("a = 1.10", ["1.10"]),
        ("a = 1e400", ["1e400"]),
        ("a = -0.0", ["-0.0"]),
        ("a = 1_000.5", ["1000.5"]),
        ("a = 0x1F", ["31"]),
        ("a = true", ["true"]),
        ("a = inf", ["inf"]),
        ("a = 2020-01-02", ["2020-01-02"]),
        ("a = 2020-01-02T03:04:05Z", ["2020-01-02T03:04:05Z"]),
        ('a = "x"', ["x"]),
        ("a = ['x', 2, 3.50, false]", ["x", "2", "3.50", "false"]),
        ("a = []", []),
    ],
)
def test_scalars_become_their_text(text: str, values: list[str]) -> None:
    """Numbers as they were written, booleans in words; a list repeats the key."""
    assert read(f"[params]\n{text}").params == tuple(NameValue("a", value) for value in values)


@pytest.mark.parametrize(
    "text",
    [
        "[headers]\nA = { value = 1, enabled = false, description = 'd' }",
        "[headers.A]\nvalue = '1'\nenabled = false\ndescription = 'd'",
        "headers = [{ name = 'A', value = 1, enabled = false, description = 'd' }]",
    ],
)
def test_a_row_may_be_off_and_described(text: str) -> None:
    """As a table in every notation that TOML has."""
    assert read(text).headers == (NameValue("A", "1", enabled=False, description="d"),)


def test_a_list_keeps_order_across_repeats() -> None:
    """Pairs and tables may be mixed."""
    assert read("headers = [['X-B', 1], { name = 'X-b', value = '2' }, ['X-B', '3']]").headers == (
        NameValue("X-B", "1"),
        NameValue("X-b", "2"),
        NameValue("X-B", "3"),
    )


BODIES = [
    (
        '[body]\nkind = "form"\n\n[body.fields]\na = "1"\nb = ["2", "3"]\n',
        Form(fields=(NameValue("a", "1"), NameValue("b", "2"), NameValue("b", "3"))),
    ),
    (
        '[body]\nkind = "form"\nfields = [\n  ["a", "1"],\n  ["b", "2"],\n  ["a", "3"],\n]\n',
        Form(fields=(NameValue("a", "1"), NameValue("b", "2"), NameValue("a", "3"))),
    ),
    (
        '[body]\nkind = "multipart"\n\n[body.parts]\na = "1"\nphoto = { file = "a.png", type = "image/png" }\n',
        Multipart(parts=(Part("a", "1"), Part("photo", file="a.png", type="image/png"))),
    ),
]


@pytest.mark.parametrize(("text", "body"), BODIES)
def test_fields_of_bodies_are_rows_too(text: str, body: Form | Multipart) -> None:
    """Read and written in the same forms."""
    assert read(text).body == body
    assert new_request_text(Path("r.toml"), Request(body=body)).endswith(text)


class Counted(str):
    """A name that counts how often it is compared."""

    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)


def test_very_many_rows_are_written_in_one_pass() -> None:
    """Not each name compared with all before it: 20,000 headers took three seconds in the history."""
    rows = tuple(NameValue(Counted(f"n{number}"), "v") for number in range(1000))
    assert rows_tree(rows, None) == {f"n{number}": "v" for number in range(1000)}
    assert Counted.compared < 10_000
