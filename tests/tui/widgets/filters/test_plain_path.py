"""JSONPaths without filters, on text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.kinds import jsonpath
from tui_client.tui.widgets.filters.plain_path import is_plain, nodes

JSON = st.recursive(
    st.none() | st.integers(0, 9) | st.just("x[{"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=14,
)
PLAIN = (
    ".a",
    ".*",
    "[0]",
    "[-1]",
    "[-9]",
    "[1:]",
    "[::-1]",
    "[-2:3:2]",
    "[::0]",
    "['a','b',0]",
    "..a",
    "..*",
    "..[0]",
    "[*]",
)


@given(JSON, st.lists(st.sampled_from(PLAIN), max_size=3))
def test_the_same_nodes_are_found_as_in_the_values(value: object, segments: list[str]) -> None:
    """In the same order, each with its own text."""
    expr = "$" + "".join(segments)
    found = list(nodes(jsonpath.compiled(expr), json.dumps(value).encode(), lambda: None))
    assert [location for location, _ in found] == jsonpath.locate(expr, value)
    for location, text in found:
        expected = value
        for step in location:
            expected = expected[step]  # type: ignore[index]
        assert json.loads(bytes(text)) == expected


@pytest.mark.parametrize(("expr", "plain"), [("$.a[0]..b", True), ("$[?@.a]", False), ("$.a['b',?@.c]", False)])
def test_a_filter_is_not_plain(expr: str, plain: bool) -> None:
    """Filters compare values; those are left to who knows them."""
    assert is_plain(jsonpath.compiled(expr)) is plain
