"""Control signs that no line of a request may hold, in words."""

from __future__ import annotations

import pytest

from tui_client.text import control_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\rb", "a carriage return"),
        ("a\r\nb", "a carriage return"),
        ("\n", "a line feed"),
        ("a\0", "a NUL"),
        ("a\x1b[31m", "the control character U+001B"),
        ("\x7f", "the control character U+007F"),
        ("tab\tand ünïcödé \x85", ""),
        ("", ""),
    ],
)
def test_the_first_control_sign_is_named(text: str, words: str) -> None:
    """A tab is allowed in a value, and so is what is no ASCII."""
    assert control_in(text) == words
