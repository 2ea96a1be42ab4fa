"""JSON with {{variables}} in it: what is wrong with it, and the same indented; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from tui_client.template.parse import Call, Variable, scan

# Longer text is not looked at while it is typed: that would hold up the keys.
MAX_CHECKED: Final = 200_000
_TOKEN: Final = re.compile(r"9071(\d{9})1709")


def json_problem(text: str, *, templates: bool = True) -> str:
    """Where and why it would not be JSON whatever the variables hold, "" if it may be; "" for no text at all."""
    if not text.strip() or len(text) > MAX_CHECKED:
        return ""
    try:
        # Numbers stay text: a long one is no problem here, and Python refuses to read it.
        json.loads(_blanked(text) if templates else text, parse_int=str, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        return f"line {error.lineno}, column {error.colno}: {error.msg[:1].lower()}{error.msg[1:]}"
    except ValueError as error:
        return str(error)
    except RecursionError:
        return "nested too deeply"
    return ""


def format_template(text: str, *, templates: bool = True) -> str | None:
    """The same JSON indented by two, its variables where they were; None if it can't be read."""
    sources = list(_holes(text)) if templates else []
    if _TOKEN.search(text):
        return None
    marked = _replaced(text, lambda index, _: f"9071{index:09}1709") if sources else text
    try:
        done = msgspec.json.format(marked, indent=2)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return None
    restored = _TOKEN.sub(lambda match: sources[int(match[1])], done)
    return restored + ("\n" if text.endswith("\n") else "")


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def _holes(text: str) -> Iterator[str]:
    return (part.source for part in scan(text) if _is_hole(part.segment, part.source))


def _is_hole(segment: object, source: str) -> bool:
    return isinstance(segment, Variable | Call) or source.startswith("{{'") or source.startswith('{{"')


def _blanked(text: str) -> str:
    """Digits in place of the variables: right inside a string, and a number outside."""
    return _replaced(text, lambda _, source: "1" * len(source))


def _replaced(text: str, by: Callable[[int, str], str]) -> str:
    out, index = [], 0
    for part in scan(text):
        if _is_hole(part.segment, part.source):
            out.append(by(index, part.source))
            index += 1
        else:
            out.append(part.source)
    return "".join(out)
