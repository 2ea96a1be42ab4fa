"""Completes one of a few words, which may change, and else what another suggester completes."""

from __future__ import annotations

from textual.suggester import Suggester

from tui_client.text import safe_line


class WordSuggester(Suggester):
    """words: outside text, best first; one that would be drawn as another word is never offered.

    exact: whether capitals count.
    """

    def __init__(self, other: Suggester | None = None, *, exact: bool = True) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.words: tuple[str, ...] = ()
        self._other = other
        self._exact = exact

    async def get_suggestion(self, value: str) -> str | None:
        """The whole word; None where none begins so."""
        begun = value if self._exact else value.lower()
        for word in self.words:
            known = word if self._exact else word.lower()
            if len(word) > len(value) and known.startswith(begun) and safe_line(word) == word:
                return value + word[len(value) :]
        if self._other is None:
            return None
        return await self._other.get_suggestion(value if self._other.case_sensitive else value.casefold())
