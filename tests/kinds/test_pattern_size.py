"""How large patterns are."""

from __future__ import annotations

import pytest

from tui_client.kinds.pattern_size import MOST, written_out


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("", 0),
        ("abc", 3),
        (r"\d[a-z(){}]", 2),
        ("a{3}", 3),
        ("a{2,5}b{4,}", 9),
        ("(ab){3}", 9),
        ("((a{10}){10}){10}", 1110),
        ("(a{999999999}){999999999}", MOST),
        (")" * 9, 9),
        ("(" * 9, 9),
        ("{3}x", 1),
    ],
)
def test_repeats_are_written_out(pattern: str, parts: int) -> None:
    """Groups within each other multiply; what no engine would read is counted somehow."""
    assert written_out(pattern) == parts
