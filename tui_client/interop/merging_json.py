"""JSON bodies member by member, where the user's stands as an import writes it; another layout is left alone."""

from __future__ import annotations

import json
from typing import Final

_MISSING: Final = object()


def merged_json(base: str, theirs: str, mine: str) -> tuple[str, bool] | None:
    """The user's text with what only the document changed, and whether anything of the document was left out.

    None where one of the three is no object, or the user's has a layout of its own.
    """
    try:
        sides = [json.loads(text) for text in (base, theirs, mine)]
        if not all(isinstance(side, dict) for side in sides) or _text(sides[2]) != mine:
            return None
        left: list[str] = []
        return _text(_merged(sides[0], sides[1], sides[2], left)), bool(left)
    except (ValueError, RecursionError):
        return None


def _text(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)


def _alike(one: object, two: object) -> bool:
    # To Python 1 is true and 1.0; in a body they differ.
    return one is two or (one is not _MISSING and two is not _MISSING and json.dumps(one) == json.dumps(two))


def _merged(base: object, theirs: object, mine: object, left: list[str]) -> object:
    if _alike(base, theirs) or _alike(mine, theirs):
        return mine
    if _alike(mine, base):
        return theirs
    if not (isinstance(base, dict) and isinstance(theirs, dict) and isinstance(mine, dict)):
        left.append("")
        return mine
    out: dict[str, object] = {}
    for key in dict.fromkeys((*mine, *theirs)):
        sides = (base.get(key, _MISSING), theirs.get(key, _MISSING), mine.get(key, _MISSING))
        if (value := _merged(*sides, left)) is not _MISSING:
            out[key] = value
    return out
