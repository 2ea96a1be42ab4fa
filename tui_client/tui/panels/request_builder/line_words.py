"""Completes the words of asserts and captures: queries, filters, operators."""

from __future__ import annotations

import re
from typing import Final

from textual.suggester import Suggester

from tui_client.kinds import query
from tui_client.kinds.filters import FILTERS
from tui_client.kinds.operators import OPERATORS

_LAST_WORD: Final = re.compile(r"(?P<before>.*?)(?P<word>[A-Za-z]\w*)$", re.DOTALL)
_BEGIN: Final = re.compile(r"#?\s*|[\w.-]+:\s*")


class LineSuggester(Suggester):
    """A query as the first word, filters and operators later; nothing inside quotes."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The line with its last word complete; None where nothing fits."""
        return self.complete(value)

    def complete(self, value: str) -> str | None:
        """The same, at once."""
        match = _LAST_WORD.fullmatch(value)
        if match is None:
            return None
        before, word = match["before"], match["word"]
        if before.count('"') % 2 or before.count("'") % 2:
            return None
        first = _BEGIN.fullmatch(before) is not None
        names = tuple(query.kinds()) if first else ("not", *(op for op in OPERATORS if op[0].isalpha()), *FILTERS)
        if not first and before and not before[-1].isspace():
            return None
        found = next((name for name in names if name.startswith(word) and name != word), None)
        return before + found if found else None
