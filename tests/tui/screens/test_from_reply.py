"""Asserts and captures made of a value in a reply."""

from __future__ import annotations

import pytest

from tui_client.kinds.lines import print_assertion, print_capture
from tui_client.model.request import Request
from tui_client.tui.screens._from_reply import with_capture, with_check


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("$.id", "7", 'json "$.id" == 7'),
        ("$.price", "1.10", 'json "$.price" == 1.1'),
        ("$.name", '"Ada \\"A\\" \\u00e9"', 'json "$.name" == \'Ada "A" é\''),
        ('$["a b"][0]', "true", "json '$[\"a b\"][0]' == true"),
        ("$.gone", "null", 'json "$.gone" isNull'),
        ("$.team", "{", 'json "$.team" isObject'),
        ("$.tags", "[", 'json "$.tags" isList'),
        ("$.text", "", 'json "$.text" exists'),
        ("$.text", '"' + "x" * 300 + '"', 'json "$.text" exists'),
        ("$.cut", '"half', 'json "$.cut" exists'),
    ],
)
def test_a_value_becomes_an_assert(path: str, value: str, line: str) -> None:
    """That it comes again; of what is no single value, or too long to compare, what can be said of it."""
    added = with_check(Request(), path, value)
    assert [print_assertion(one) for one in added.draft.asserts] == [line]


def test_the_same_assert_is_added_once() -> None:
    """Pressing the key twice changes nothing."""
    once = with_check(Request(), "$.id", "7").draft
    assert with_check(once, "$.id", "7").draft == once


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("$.token", 'token: json "$.token"'),
        ("$.items[3].id", 'id: json "$.items[3].id"'),
        ("$.tags[0]", 'tags: json "$.tags[0]"'),
        ('$["access token"]', "access_token: json '$[\"access token\"]'"),
        ("$", 'value: json "$"'),
        ("$[2]", 'value: json "$[2]"'),
    ],
)
def test_a_capture_is_called_by_the_last_name_of_its_path(path: str, line: str) -> None:
    """A name that a template can refer to."""
    assert [print_capture(one) for one in with_capture(Request(), path).draft.captures] == [line]


def test_a_name_that_is_taken_gets_a_number() -> None:
    """No capture takes the place of another."""
    draft = with_capture(with_capture(Request(), "$.a.id").draft, "$.b.id").draft
    assert [capture.name for capture in draft.captures] == ["id", "id_2"]
