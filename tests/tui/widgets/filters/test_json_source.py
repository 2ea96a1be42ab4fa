"""JSON that is filtered, without the process."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import QueryError
from tui_client.tui.widgets.filters.json_source import JsonSource, Unusable, without_mark
from tui_client.tui.widgets.filters.messages import Tool

SENT = rb'{"n": 1.10, "big": 123456789012345678901234567890, "k": [{"a": 1, "a": 2.00}, {"b": "\u00e9\/"}], "n": 1e400}'


def _found(text: bytes, expr: str, *, lines: bool = False) -> tuple[int, bytes]:
    result = JsonSource(text, lines=lines).evaluate(expr, Tool.JSONPATH)
    return result.nodes, b"".join(line.strip() for line in result.document.split(b"\n"))


@pytest.mark.parametrize(
    ("expr", "nodes", "shown"),
    [
        ("$.k[0]", 1, b'{"a": 1,"a": 2.00}'),
        ("$.big", 1, b"123456789012345678901234567890"),
        ("$.k[*]", 2, rb'[{"a": 1,"a": 2.00},{"b": "\u00e9\/"}]'),
        ("$.n", 1, b"1e400"),
        ("$.k[*].a", 1, b"2.00"),
        ("$.nothing", 0, b"[]"),
    ],
)
def test_what_is_found_is_shown_as_it_was_sent(expr: str, nodes: int, shown: bytes) -> None:
    """Numbers, escapes and repeated keys; of a repeated key an expression sees the last."""
    assert _found(SENT, expr) == (nodes, shown)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(st.text("ab[]", max_size=3), children, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
def test_every_node_is_cut_out_where_it_stands(value: object) -> None:
    """Whatever the order in which nodes are found, the text of each is its own."""
    found = JsonSource(json.dumps(value).encode(), lines=False).evaluate("$..*", Tool.JSONPATH)
    document = json.loads(found.document)
    shown = [document] if found.nodes == 1 else document

    def inside(node: object) -> list[object]:
        members = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
        return [each for member in members for each in [member, *inside(member)]]

    assert sorted(map(json.dumps, shown)) == sorted(map(json.dumps, inside(value)))
    assert len(found.roots) == found.nodes


def test_where_a_node_was_found_is_known() -> None:
    """As JSONPaths of the whole body, for asserts and captures of what a filter shows."""
    source = JsonSource(b'{"users": [{"id": 1}, {"id": 2}], "a b": {"id": 3}}', lines=False)
    assert source.evaluate("$..id", Tool.JSONPATH).roots == ("$.users[0].id", "$.users[1].id", '$["a b"].id')


@pytest.mark.parametrize("lines", [True, False])
def test_lines_of_json_are_documents_of_their_own(lines: bool) -> None:
    """Also where a server calls them JSON; the root of an expression is the line."""
    text = b'{"a": 1}\r\n\n{"a": 2.0, "b": 2}\n'
    assert _found(text, "$.a", lines=lines) == (2, b"[1,2.0]")
    assert _found(text, "$[?@ == $.b]", lines=lines) == (2, b"[2.0,2]")


@pytest.mark.parametrize(
    ("text", "lines", "reason"),
    [
        (b'{"a": 1', False, "not valid JSON: Input data was truncated"),
        (b'{"a": 1}\n{"a":\n', True, "line 2: not valid JSON"),
        (b"  ", False, "the body is empty"),
        (b"[" * 30_000, False, "the JSON is too deeply nested"),
    ],
)
def test_what_is_no_json_says_why(text: bytes, lines: bool, reason: str) -> None:
    """Cut, empty, too deep; in lines, which one."""
    with pytest.raises(Unusable, match=reason):
        JsonSource(text, lines=lines)


def test_what_is_nearly_json_can_be_filtered() -> None:
    """NaN, and half of a surrogate pair; then numbers are as Python writes them."""
    assert _found(b'{"a": [NaN, 1.10]}', "$.a") == (1, b"[NaN,1.1]")
    assert _found(rb'{"a": ["\ud83d", 1.10]}', "$.a") == (1, rb'["\ud83d",1.1]')


def test_a_wrong_expression_says_what_is_wrong() -> None:
    """On lines too, in terms of what was typed."""
    with pytest.raises(QueryError, match="unbalanced brackets"):
        _found(b"{}\n{}", "$[", lines=True)


def test_a_text_of_another_charset_is_read_in_it() -> None:
    """Without its mark; bytes that mean nothing are replaced."""
    assert without_mark('"ä"'.encode("utf-16"), "utf-16") == '"ä"'.encode()
    assert without_mark(b'\xef\xbb\xbf"\xff"', "utf-8") == '"�"'.encode()
