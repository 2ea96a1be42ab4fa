"""What a request can carry, one file a kind; `kinds()` lists them by their TOML name."""

from __future__ import annotations

from tui_client.kinds.body._kind import BodyKind
from tui_client.registry import load_kinds


def kinds() -> dict[str, type[BodyKind]]:
    """Every body kind by its tag: {"json": Json, "text": Text, ...}."""
    return load_kinds(__name__, BodyKind)


__all__ = ["BodyKind", "kinds"]
