"""Paths as people type, paste and drop them, and the next part of one while it is typed."""

from __future__ import annotations

import asyncio
import os
import shlex
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from textual.suggester import Suggester

from tui_client.text import safe_line

_TEXT_BEGINS: Final = ("{", "[", "curl ", "$ curl ", "<", "openapi:", "swagger:", "#!", "%YAML")
_MOST_ENTRIES: Final = 5_000


def is_text(pasted: str) -> bool:
    """Whether it is a document or a command, and no name of one."""
    text = pasted.strip()
    return "\n" in text or "\r" in text or text.startswith(_TEXT_BEGINS)


def path_of(word: str) -> str:
    """The path that a word means: without file://, quotes around it and a shell's backslashes, `~` as the home."""
    word = word.strip()
    if word.lower().startswith("file://"):
        parts = urlsplit(word)
        return unquote(parts.path)
    if len(word) > 1 and word[0] == word[-1] and word[0] in "\"'":
        word = word[1:-1]
    elif "\\" in word and not os.path.lexists(word):
        try:
            # Terminals write a dropped file so: My\ API.json
            words = shlex.split(word)
        except ValueError:
            words = []
        word = words[0] if len(words) == 1 else word
    try:
        return str(Path(word).expanduser()) if word.startswith("~") else word
    except RuntimeError:
        return word  # there is no user of that name


class PathSuggester(Suggester):
    """Offers the rest of a name in a folder."""

    def __init__(self) -> None:
        # What is in a folder changes while one types.
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The typed path with the first name that goes on as it does; of names with controls, none."""
        if "://" in value or is_text(value):
            return None
        return await asyncio.to_thread(_next, value)


def _next(value: str) -> str | None:
    folder, slash, begin = value.rpartition("/")
    try:
        place = Path(f"{folder}{slash}" or ".").expanduser()
        with os.scandir(place) as entries:
            names = sorted(
                f"{entry.name}/" if entry.is_dir() else entry.name
                for _, entry in zip(range(_MOST_ENTRIES), entries, strict=False)
                if entry.name.startswith(begin) and (begin or not entry.name.startswith("."))
            )
    except (OSError, RuntimeError, ValueError):
        return None
    found = next((name for name in names if safe_line(name) == name), None)
    return None if found is None or not begin else f"{folder}{slash}{found}"
