"""Searching a body in pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.model.exchange import BytesBody
from tui_client.tui.widgets.find_bytes import LIMIT, Finder, pattern_for


def _found(data: bytes, query: str, charset: str = "utf-8") -> list[bytes]:
    pattern = pattern_for(query, charset)
    assert pattern is not None
    finder = Finder(BytesBody(data), pattern)
    while not finder.complete:
        finder.extend()
    return [data[start:end] for start, end in zip(finder.starts, finder.ends, strict=True)]


@given(st.integers(65_520, 65_545), st.integers(0, 3))
def test_a_match_across_pieces_is_found_once(at: int, repeats: int) -> None:
    """Pieces overlap by as much as a query can be long."""
    data = b"." * at + b"needle" * (repeats + 1) + b"." * 70_000
    assert _found(data, "needle") == [b"needle"] * (repeats + 1)


@pytest.mark.parametrize(
    ("query", "found"),
    [("äb", ["Äb", "äB", "äb"]), ("ÄB", []), ("Äb", ["Äb"]), ("a.c", ["a.c"])],
)
def test_a_query_without_capitals_finds_them_too(query: str, found: list[str]) -> None:
    """Smart case, also beyond ASCII; nothing in a query is a pattern."""
    text = "Äb äB äb abc a.c"
    assert _found(text.encode(), query) == [word.encode() for word in found]
    assert _found(text.encode("latin-1"), query, "latin-1") == [word.encode("latin-1") for word in found]


@pytest.mark.parametrize("query", ["", "x" * 600, "Ω"])
def test_what_can_not_be_looked_for_is_nothing(query: str) -> None:
    """Empty, endless, or not in the charset."""
    assert pattern_for(query, "latin-1") is None


def test_matches_are_kept_up_to_a_limit() -> None:
    """A search for one letter of a huge body ends."""
    assert len(_found(b"a" * (LIMIT + 5000), "a")) == LIMIT
