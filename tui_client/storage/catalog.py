"""The words by which requests are found, beside their paths: URL, name and tags, read while the app goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from tui_client.errors import TuiClientError
from tui_client.storage.reader import Reader, Summary
from tui_client.text import format_count

# Parsing holds Python's lock: in slices this short, with pauses as long, it is not felt at the keyboard.
_SLICE_S: Final = 0.001


class Catalog:
    """One thread reads it, others look at it meanwhile.

    What it reads stays; a second reading asks the disk only whether a file is still as it was.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._words: dict[str, str] = {}
        self._total = 0
        self._read = 0
        self.complete = False

    def words(self, key: str) -> str:
        """The URL of a request, its name and its tags: "/users List users tag:smoke"; "" where it is not read yet."""
        return self._words.get(key, "")

    def progress(self) -> str:
        """How far the reading is: "4,100 of 10,000 read"; "" where it is done, or not begun."""
        if self.complete or not self._total:
            return ""
        return f"{format_count(self._read)} of {format_count(self._total)} read"

    def read(self, wanted: Callable[[], bool], pause: Callable[[float], None] = time.sleep) -> None:
        """Read every request, in a thread, until nobody wants it any more; files that are broken have no words."""
        self.complete = False
        keys = self._reader.keys()
        self._read, self._total = 0, len(keys)
        words: dict[str, str] = {}
        began_s = time.perf_counter()
        for key in keys:
            words[key] = self._words[key] = self._words_of(key)
            self._read += 1
            if time.perf_counter() - began_s > _SLICE_S:
                if not wanted():
                    return
                pause(_SLICE_S)
                began_s = time.perf_counter()
        self._words = words
        self.complete = True

    def _words_of(self, key: str) -> str:
        try:
            return searched_words(self._reader.summary(key))
        except TuiClientError:
            return ""


def searched_words(summary: Summary) -> str:
    """What a request is found by, beside its path."""
    return " ".join((summary.url, summary.name, *(f"tag:{tag}" for tag in summary.tags)))


def found_by(words: list[str], path: str, more: str) -> bool:
    """Whether each of these words, in lower case, stands in the path or in what is known beside it."""
    text = f"{path}\n{more}".lower()
    return all(word in text for word in words)
