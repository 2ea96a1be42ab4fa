"""Places in a JSON document as JSONPaths (RFC 9535), short where names allow it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tui_client.replay.diff.values import quoted, shortened

PLACE_CHARS: Final = 1000
_PLAIN: Final = re.compile("[A-Za-z_][A-Za-z0-9_]*")
_INDEX_OR_QUOTED: Final = re.compile(r"'(?:[^'\\]|\\.)*'|\[\d+\]", re.DOTALL)


def path_text(location: Iterable[int | str]) -> str:
    """The one path to a place: "$.items[0].price", "$['odd name']"; cut with "…" at 1,000 characters."""
    return shortened("$" + "".join(map(_step, location)), PLACE_CHARS)


def _step(key: int | str) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    # RFC 9535 allows more names without quotes, but not every reader of paths does.
    return f".{key}" if _PLAIN.fullmatch(key) else f"['{_escaped(key)}']"


def _escaped(name: str) -> str:
    return quoted(name)[1:-1].replace('\\"', '"').replace("'", "\\'")


def generalised(where: str) -> str:
    """The place with every index as [*]: "$.items[*].price"; what is no path stays."""
    if not where.startswith("$"):
        return where
    return _INDEX_OR_QUOTED.sub(lambda found: "[*]" if found[0].startswith("[") else found[0], where)
