"""Python files that Posting runs around a request: kept as text."""

from __future__ import annotations

from typing import ClassVar, Final

from tui_client.formats._data import text_of
from tui_client.formats._format import Beside, FormatError
from tui_client.formats._found import Script
from tui_client.formats._posting.place import Place

# A file that all requests name is not copied into a million of them.
_MOST_IN_ALL: Final = 4 * 1024 * 1024


class Scripts:
    """The files of a collection, each read once."""

    PHASES: ClassVar = ("setup", "on_request", "on_response")

    def __init__(self, beside: Beside) -> None:
        self._beside = beside
        self._left = _MOST_IN_ALL
        self._texts: dict[str, str | None] = {}

    def script(self, phase: str, written: str, place: Place) -> Script:
        """What `path/file.py:function` names: the file's text under a line that says so, or that line alone."""
        path, _, _ = written.strip().partition(":")
        code = self._text(path.removeprefix("./"))
        head = f"# {' '.join(written.split())}"
        if code is None:
            place.kept(f"scripts.{phase}: {path[:200]}", "its file can't be read; only its name is kept")
        elif len(code) > self._left:
            place.kept(f"scripts.{phase}: {path[:200]}", "is too long to be kept with each request; its name is")
        else:
            self._left -= len(code)
            place.kept(f"scripts.{phase}: {path[:200]}", "is kept as text")
            return Script(phase, "python", f"{head}\n{code}")
        return Script(phase, "python", head)

    def used(self) -> set[str]:
        """The files that requests name."""
        return set(self._texts)

    def _text(self, path: str) -> str | None:
        if path not in self._texts:
            try:
                self._texts[path] = text_of(self._beside.read(path))
            except FormatError:
                self._texts[path] = None
        return self._texts[path]
