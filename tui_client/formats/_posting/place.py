"""A place in a Posting collection: `$name` and `${name}` become our templates there, `$$` is a `$`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import msgspec

from tui_client.formats._found import Report
from tui_client.formats._spot import Spot
from tui_client.formats._templates import converted, json_converted, variable
from tui_client.formats._values import Table, text

# As Python's string.Template, which Posting uses; any other $ stays as it is.
HOLE: Final = re.compile(r"\$(?:(\$)|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})")
_ENCODED: Final = str.maketrans({sign: f"%{ord(sign):02X}" for sign in '{}<>"`'})
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

    def url_template(self, written: str) -> str:
        """The same for a part of a URL, with what Posting encodes there: braces would name a path parameter here."""
        out, at = [], 0
        for match in HOLE.finditer(written):
            out += [_encoded(written[at : match.start()]), hole(match)]
            at = match.end()
        return "".join([*out, _encoded(written[at:])])

    def is_json(self, name: str) -> bool:
        """Whether each value that is known of a variable is JSON."""
        return all(map(is_json, self.known.get(name, ())))

    def flag(self, value: object, name: str, *, default: bool) -> bool:
        """A switch; one that is neither on nor off is told, and stands as it does by default."""
        word = text(value).lower()
        if word and word not in _TRUE and word not in _FALSE:
            self.dropped(f"{name}: {word[:40]}", "is neither true nor false")
        return word in _TRUE if word in _TRUE or word in _FALSE else default

    def note_unknown(self, given: Table, known: Collection[str], around: str = "") -> None:
        """A line for each name that Posting doesn't know."""
        for name in given:
            if name not in known:
                self.dropped(f"{around}{name[:100]}", "is not known to Posting")


def is_json(written: str) -> bool:
    """Whether a text is JSON."""
    try:
        msgspec.json.decode(written.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _encoded(written: str) -> str:
    return written.translate(_ENCODED)


def without_holes(written: str) -> str:
    """What is text in it."""
    return HOLE.sub(lambda match: "$" if match[1] else "", written)


def hole(match: re.Match[str]) -> str:
    """One variable as ours, or the `$` that was escaped."""
    return "$" if match[1] else variable(match[2] or match[3])
