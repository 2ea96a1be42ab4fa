"""Completion of a few words."""

from __future__ import annotations

from textual.suggester import SuggestFromList

from tui_client.tui.widgets.word_suggester import WordSuggester


async def test_the_words_come_before_what_another_completes() -> None:
    """Its own words first, then those of the other one, which may want small letters."""
    words = WordSuggester(SuggestFromList(("Accept", "Host"), case_sensitive=False), exact=False)
    words.words = ("accept-version", "limit")
    assert await words.get_suggestion("Acc") == "Accept-version"
    assert await words.get_suggestion("ho") == "Host"
    assert await words.get_suggestion("limit") is None
    assert await words.get_suggestion("x") is None


async def test_a_word_that_is_drawn_as_another_is_not_offered() -> None:
    """What a document says must not reach a terminal, nor a request, as something that nobody saw."""
    words = WordSuggester()
    words.words = ("a\x1b[31m", "ab\u202ec", "abc")
    assert await words.get_suggestion("a") == "abc"
    assert await words.get_suggestion("A") is None
