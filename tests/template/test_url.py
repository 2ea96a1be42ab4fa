"""A URL is put together from base, path parameters and params, and otherwise left as it was written."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.template.url import Marked, is_absolute, marked, put_together, under_base, with_params, with_path


@pytest.mark.parametrize(
    ("base", "url", "whole"),
    [
        ("http://h/api", "/users", "http://h/api/users"),
        ("http://h/api/", "/users", "http://h/api/users"),
        ("http://h/api", "users", "http://h/api/users"),
        ("http://h", "/users", "http://h/users"),
        ("http://h/api", "", "http://h/api"),
        ("http://h/api/", "", "http://h/api/"),
        ("http://h/api", "?a=1", "http://h/api?a=1"),
        ("http://h/api?key=k", "/users?a=1", "http://h/api/users?key=k&a=1"),
        ("http://h/api?key=k", "/users", "http://h/api/users?key=k"),
        ("http://h/api?", "?", "http://h/api?"),
        ("http://h/api#x", "/users#y", "http://h/api/users#y"),
        ("http://h/api", "//users", "http://h/api//users"),
        ("http://h", "/a%2Fb/ü?q=a+b", "http://h/a%2Fb/ü?q=a+b"),
        ("http://h", "/re?next=http://other/x", "http://h/re?next=http://other/x"),
    ],
)
def test_a_url_is_appended_to_the_base_path(base: str, url: str, whole: str) -> None:
    """As written, byte for byte; two queries become one."""
    assert under_base(marked(base), marked(url)).text == whole


@pytest.mark.parametrize(
    ("url", "absolute"),
    [("http://h", True), ("h2+x://h", True), ("/a?u=http://h", False), ("urn:x", False), ("//h", False), ("", False)],
)
def test_a_url_is_absolute_with_a_scheme(url: str, absolute: bool) -> None:
    """Only at its beginning."""
    assert is_absolute(url) is absolute


@pytest.mark.parametrize(
    ("url", "filled"),
    [
        ("http://h/users/{id}", "http://h/users/V"),
        ("http://h/users/:id/x", "http://h/users/V/x"),
        ("http://h:8080/{id}/{id}?q={id}#:id", "http://h:8080/V/V?q={id}#:id"),
        ("http://h:id/x", "http://h:id/x"),
        ("http://h/urn:id/a{id}/{id}b/{other}/:other", "http://h/urn:id/a{id}/{id}b/{other}/:other"),
        ("http://{id}/", "http://{id}/"),
        ("http://h", "http://h"),
    ],
)
def test_path_parameters_fill_whole_segments_of_the_path(url: str, filled: str) -> None:
    """Never a port, a part of a segment, the query, or a name without a row."""
    assert with_path(marked(url), {"id": marked("V")}).text == filled


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("http://h/", "http://h/?a=1&b=2"),
        ("http://h/?", "http://h/?a=1&b=2"),
        ("http://h/?x=y", "http://h/?x=y&a=1&b=2"),
        ("http://h/?x=y&", "http://h/?x=y&a=1&b=2"),
        ("http://h/#f", "http://h/?a=1&b=2#f"),
    ],
)
def test_params_come_after_the_urls_own_query(url: str, whole: str) -> None:
    """In their order, before the fragment."""
    pairs = [(marked("a"), marked("1")), (marked("b"), marked("2"))]
    assert with_params(marked(url), pairs).text == whole
    assert with_params(marked(url), []).text == url


@given(st.text("{}:/?#&abé", max_size=20), st.text("{}:/?#&abé", max_size=20))
def test_every_character_keeps_its_mark(base: str, url: str) -> None:
    """A preview's colours stay with their text, whatever the text is."""
    whole = under_base(marked(base, 1), marked(url, 2))
    whole = with_path(whole, {"a": marked("V", 3)})
    whole = with_params(whole, [(marked("p", 4), marked("q", 5))])
    assert len(whole.text) == len(whole.marks)
    assert whole.text.count("V") == whole.marks.count(3)
    assert "V" not in put_together(*(whole.cut(i, i + 1) for i, mark in enumerate(whole.marks) if mark != 3)).text


@given(st.text(max_size=10))
def test_encoded_values_never_leave_their_segment(value: str) -> None:
    """A slash or a question mark in a value is part of the value."""
    url = with_path(Marked("http://h/a/{id}/b", bytes(17)), {"id": marked(quote(value, safe=""))})
    assert url.text.split("/")[3:] == ["a", quote(value, safe=""), "b"]
