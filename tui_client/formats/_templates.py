"""Foreign text with its variables as our templates; everything else in it stays literal."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_OPEN: Final = "{{"
_NAME: Final = re.compile(r"[\w.\-]+")
_NOT_IN_NAMES: Final = re.compile(r"[^\w.\-]+")


def literal(text: str) -> str:
    """Text that means itself, whatever braces are in it."""
    return text.replace(_OPEN, "{{'{{'}}") if _OPEN in text else text


def variable(name: str) -> str:
    """A variable of ours, its name made one that we can have: "base url" is {{base_url}}."""
    return f"{{{{{variable_name(name)}}}}}"


def variable_name(name: str) -> str:
    """The name of a variable: letters, digits, `_`, `-` and `.`; all else becomes `_`."""
    return _NOT_IN_NAMES.sub("_", name.strip()) or "_"


def converted(text: str, hole: re.Pattern[str], template: Callable[[re.Match[str]], str | None]) -> str:
    """Text with each match of `hole` as the template that is given for it; None leaves the match as literal text."""
    out: list[str] = []
    at = 0
    for match in hole.finditer(text):
        made = template(match)
        if made is not None:
            out += [literal(text[at : match.start()]), made]
            at = match.end()
    return "".join([*out, literal(text[at:])])


def is_name(name: str) -> bool:
    """Whether we can have a variable of this name as it is."""
    return _NAME.fullmatch(name) is not None
