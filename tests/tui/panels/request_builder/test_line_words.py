"""Words of asserts and captures, completed."""

from __future__ import annotations

import pytest

from tui_client.tui.panels.request_builder.line_words import LineSuggester


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("st", "status"),
        ("# he", "# header"),
        ("token: js", "token: json"),
        ('json "$.tags" cou', 'json "$.tags" count'),
        ('json "$.tags" count is', 'json "$.tags" count isNull'),
        ("status ", None),
        ("status == 2", None),
        ('json "$.st', None),
        ("json '$.st", None),
        ("status", None),
        ("nothing", None),
        ("", None),
    ],
)
def test_the_last_word_is_completed(typed: str, completed: str | None) -> None:
    """A query at the beginning, a filter or an operator later, nothing inside quotes."""
    assert LineSuggester().complete(typed) == completed
