"""File names from what people call things: safe everywhere, never empty, never equal to another."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import Final

MAX_CHARACTERS: Final = 80
MAX_BYTES: Final = 200  # a file name may have 255, suffixes included

_DEVICES: Final = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}
_OURS: Final = {"folder", "collection", "environments", "batches"}
_RESERVED: Final = frozenset(_DEVICES | _OURS)


def slug(title: str, taken: Collection[str] = (), *, fallback: str = "request") -> str:
    """Letters and digits of any script in lower case, anything else a hyphen; at most 80 characters.

    `taken`: names that are there already, in any case and normal form; a number tells the new one apart.
    """
    base = _cut(_letters(title)) or fallback
    used = {_folded(name) for name in taken}
    name, number = base, 1
    while name in _RESERVED or _folded(name) in used:
        number += 1
        name = f"{base}-{number}"
    return name


def _letters(title: str) -> str:
    lowered = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", title).lower())
    signs = (sign if sign.isalnum() or unicodedata.category(sign) in ("Mn", "Mc") else " " for sign in lowered)
    return "-".join("".join(signs).split())


def _cut(name: str) -> str:
    name = name[:MAX_CHARACTERS]
    cut = name.encode("utf-8", "ignore")[:MAX_BYTES].decode("utf-8", "ignore").strip("-")
    # Marks alone would be drawn on what stands before them, a slash.
    return cut if any(sign.isalnum() for sign in cut) else ""


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
