"""A place in a Posting collection: `$name` and `${name}` become our templates there, `$$` is a `$`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tui_client.formats._found import Report
from tui_client.formats._spot import Spot
from tui_client.formats._templates import converted, json_converted, variable
from tui_client.formats._values import Table, text

# As Python's string.Template, which Posting uses; any other $ stays as it is.
HOLE: Final = re.compile(r"\$(?:(\$)|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})")
_TRUE: Final = frozenset(["true", "yes", "on", "y"])
_FALSE: Final = frozenset(["false", "no", "off", "n"])


class Place(Spot):
    """A request, or the collection. known: the values that the environments have for a name."""

    def __init__(self, report: Report, origin: str, known: Mapping[str, Sequence[str]]) -> None:
        self.report = report
        self.origin = origin
        self.known = known

    def template(self, value: object) -> str:
        """Text with its variables as ours."""
        return converted(text(value), HOLE, hole)

    def json_template(self, value: object) -> str:
        """The same for JSON text."""
        return json_converted(text(value), HOLE, hole)

    def flag(self, value: object, name: str, *, default: bool) -> bool:
        """A switch; one that is neither on nor off is told, and stands as it does by default."""
        word = text(value).lower()
        if word and word not in _TRUE and word not in _FALSE:
            self.dropped(f"{name}: {word[:40]}", "is neither true nor false")
        return word in _TRUE if word in _TRUE or word in _FALSE else default

    def note_unknown(self, given: Table, known: Iterable[str], around: str = "") -> None:
        """A line for each name that Posting doesn't know."""
        for name in given.keys() - set(known):
            self.dropped(f"{around}{name}", "is not known to Posting")


def hole(match: re.Match[str]) -> str:
    """One variable as ours, or the `$` that was escaped."""
    return "$" if match[1] else variable(match[2] or match[3])
