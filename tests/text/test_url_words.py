"""URLs as people type them."""

from __future__ import annotations

import pytest

from tui_client.text.url_words import as_url


@pytest.mark.parametrize(
    ("word", "url"),
    [
        ("http://a/b", "http://a/b"),
        ("https://a", "https://a"),
        ("ftp://a", "ftp://a"),
        ("localhost", "http://localhost"),
        ("localhost:8000/x?y", "http://localhost:8000/x?y"),
        ("localhost/x", "http://localhost/x"),
        ("localhost?x", "http://localhost?x"),
        (":8000", "http://localhost:8000"),
        (":8000/users", "http://localhost:8000/users"),
        ("users/list", None),
        ("shop:users/list", None),
        ("localhosts/x", None),
        ("example.com/x", None),
        (":users", None),
        (":80x", None),
        ("", None),
    ],
)
def test_a_url_is_known_by_its_form(word: str, url: str | None) -> None:
    """Only "://", localhost and :port make one; nothing else is guessed."""
    assert as_url(word) == url
