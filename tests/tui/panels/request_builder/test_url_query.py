"""The query of a URL as rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.model.request import NameValue
from tui_client.tui.panels.request_builder.url_query import query_rows, with_query_rows

pieces = st.sampled_from(
    ["a", "b", "=", "==", "&", "&&", "?", "#", "/", "+", "%2F", "%2f", "%20", "%", "%zz", "%FF", "{{x}}", "{{url(a)}}",
     "{{'?&='}}", "{{", "}}", "{{ a", "é", " ", "\n", ":id", "{id}", "https://h", "|", "\ud800"]
)  # fmt: skip
urls = st.lists(pieces, max_size=14).map("".join)
plain = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{"), max_size=8)
rows = st.lists(st.builds(NameValue, plain, plain).filter(lambda row: bool(row.name or row.value)), max_size=4)


@given(urls)
def test_rows_that_are_not_edited_leave_every_byte(url: str) -> None:
    """Looking at the parameters never changes the URL."""
    assert with_query_rows(url, query_rows(url)) == url


@given(urls, rows.map(tuple))
def test_rows_put_into_a_url_are_the_rows_read_from_it(url: str, wanted: tuple[NameValue, ...]) -> None:
    """What is typed into the rows stands in the URL, encoded, and reads back."""
    changed = with_query_rows(url, wanted)
    if "{{" not in url and "\ud800" not in url:
        assert query_rows(changed) == wanted


@given(urls, rows.map(tuple))
def test_the_rest_of_the_url_stays(url: str, wanted: tuple[NameValue, ...]) -> None:
    """Path and fragment are not touched by edits of the query."""
    if "{{" in url:
        return
    changed = with_query_rows(url, wanted)
    assert changed.partition("#")[0].partition("?")[0] == url.partition("#")[0].partition("?")[0]
    assert changed.partition("#")[2] == url.partition("#")[2]


@given(st.integers(0, 3), plain)
def test_editing_one_row_leaves_the_bytes_of_the_others(index: int, value: str) -> None:
    """%2F, + and odd escapes of other pairs stay as they were written."""
    pairs = ["a=%2f+x", "b=%zz", "c", "a=1"]
    url = f"/p?{'&'.join(pairs)}#f"
    old = query_rows(url)
    changed = with_query_rows(url, (*old[:index], NameValue(old[index].name, value), *old[index + 1 :]))
    kept = changed.removeprefix("/p?").removesuffix("#f").split("&")
    assert [*kept[:index], *kept[index + 1 :]] == [*pairs[:index], *pairs[index + 1 :]]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/users", []),
        ("/users?", []),
        ("/users?a=1&b", [("a", "1"), ("b", "")]),
        ("?a=1=2", [("a", "1=2")]),
        ("/x?=v", [("", "v")]),
        ("/x?a=b+c%26d", [("a", "b c&d")]),
        ("/x?&&a=1&", [("a", "1")]),
        ("/x?a=1&a=2#?b=3", [("a", "1"), ("a", "2")]),
        ("{{base}}/x?q={{url(q)}}&n={{n}}%20m", [("q", "{{url(q)}}"), ("n", "{{n}} m")]),
        ("/x?{{'?&'}}=1", [("{{'?&'}}", "1")]),
    ],
)
def test_rows_of_a_url(url: str, expected: list[tuple[str, str]]) -> None:
    """Decoded, in order, repeats kept; templates as they stand."""
    assert [(row.name, row.value) for row in query_rows(url)] == expected


@pytest.mark.parametrize(
    ("url", "new", "expected"),
    [
        ("/x?a=1&b=2", [("a", "1")], "/x?a=1"),
        ("/x?a=1#f", [], "/x#f"),
        ("/x#f", [("q", "tea & cake")], "/x?q=tea%20%26%20cake#f"),
        ("/x?", [("q", "1")], "/x?q=1"),
        ("/x?a=%2F&b=1", [("a", "/"), ("b", "2")], "/x?a=%2F&b=2"),
        ("/x?%61=1", [("a", "2")], "/x?%61=2"),
        ("/x?a=1&&b=2", [("a", "1"), ("b", "3")], "/x?a=1&&b=3"),
        ("/x?a=1", [("a", "{{v}} é")], "/x?a={{v}}%20%C3%A9"),
        ("/x?a=1", [("a", "1"), ("a", "1+1")], "/x?a=1&a=1%2B1"),
        ("/x?a=1&b=2&c=3", [("a", "1"), ("c", "3")], "/x?a=1&c=3"),
        ("/x?a=", [("b", "")], "/x?b="),
        ("/x?a", [("b", "")], "/x?b"),
    ],
)
def test_a_url_with_other_rows(url: str, new: list[tuple[str, str]], expected: str) -> None:
    """Only what was edited is written anew."""
    assert with_query_rows(url, tuple(NameValue(*pair) for pair in new)) == expected
