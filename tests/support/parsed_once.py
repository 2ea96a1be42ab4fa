"""Style sheets that are parsed once in a process, not once for each app."""

from __future__ import annotations

from typing import Any, Final

from textual.css.stylesheet import Stylesheet

# By the variables that stood in the sheets.
_PARSED: Final[dict[frozenset[tuple[str, str]], dict[Any, Any]]] = {}
_begin, _set_variables = Stylesheet.__init__, Stylesheet.set_variables


def use_parsed_once() -> None:
    """Let all apps share what was parsed: Textual keeps 64 sheets of one app, fewer than it has, so in vain."""
    Stylesheet.__init__ = _init  # type: ignore[method-assign]
    Stylesheet.set_variables = _set  # type: ignore[method-assign]


def _init(self: Stylesheet, *, variables: dict[str, str] | None = None) -> None:
    _begin(self, variables=variables)
    _share(self)


def _set(self: Stylesheet, variables: dict[str, str]) -> None:
    # What Textual clears then is nobody else's.
    self._parse_cache = {}  # type: ignore[assignment]
    _set_variables(self, variables)
    _share(self)


def _share(sheet: Stylesheet) -> None:
    sheet._parse_cache = _PARSED.setdefault(frozenset(sheet._variables.items()), {})  # type: ignore[assignment]
