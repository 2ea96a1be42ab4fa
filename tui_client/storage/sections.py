"""How tables are laid out in a file: which become sections of their own, and their text."""

from __future__ import annotations

from typing import Any, Final

from tui_client.storage.literals import dotted_literal, key_literal, literal
from tui_client.storage.positions import Place

# The order of the documented examples; keys that are not named come last.
ORDER: Final = (
    *("format", "name", "method", "url", "base_url", "history", "description", "tags", "order", "requests", "setup"),
    *("path", "params", "headers", "body", "auth", "options", "variables", "capture", "assert"),
)
_ROW_LISTS: Final = ("path", "params", "headers", "fields", "parts")


def rank(key: str) -> int:
    """Where a top-level key stands in a new file."""
    return ORDER.index(key) if key in ORDER else len(ORDER)


def is_section(place: Place, value: Any) -> bool:
    """Whether a value is written as `[place]` or `[[place]]` rather than behind an equals sign."""
    names = tuple(part for part in place if isinstance(part, str))
    if isinstance(value, dict):
        return len(names) == 1 or names[0] == "capture" or (names[0] == "body" and len(names) == 2)
    return names == ("assert",) and isinstance(value, list)


def pair_text(key: str, value: Any, indent: str = "", place: Place = ()) -> str:
    """A line `key = value`; rows in the list form stand one a line."""
    return f"{indent}{key_literal(key)} = {value_text(value, (*place, key))}\n"


def value_text(value: Any, place: Place) -> str:
    """A value as it is written anew."""
    if isinstance(value, list) and value and place and place[-1] in _ROW_LISTS:
        return "[\n" + "".join(f"  {literal(item)},\n" for item in value) + "]"
    return literal(value, lines=True)


def section_text(place: Place, value: Any) -> str:
    """A whole section, its sub-sections after it, each but the first after an empty line."""
    if isinstance(value, list):
        return "\n".join(_table(place, item, f"[[{dotted_literal(place)}]]\n") for item in value)
    if place == ("capture",):
        return "\n".join(section_text((*place, key), item) for key, item in value.items())
    return _table(place, value, f"[{dotted_literal(place)}]\n")


def _table(place: Place, value: dict[str, Any], head: str) -> str:
    own = {key: item for key, item in value.items() if not is_section((*place, key), item)}
    text = head + "".join(pair_text(key, item, place=place) for key, item in own.items())
    below = (section_text((*place, key), item) for key, item in value.items() if key not in own)
    return "\n".join((text, *below))


def file_text(tree: dict[str, Any]) -> str:
    """A whole new file: single values first, then the sections."""
    ordered = sorted(tree.items(), key=lambda item: rank(item[0]))
    pairs = "".join(pair_text(key, value) for key, value in ordered if not is_section((key,), value))
    sections = (section_text((key,), value) for key, value in ordered if is_section((key,), value))
    return "\n".join(part for part in (pairs, *sections) if part)
