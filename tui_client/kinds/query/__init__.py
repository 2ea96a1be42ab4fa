"""What can be asked of a reply, one file a kind; captures and asserts share them."""

from __future__ import annotations

from tui_client.kinds.query._kind import QueryKind
from tui_client.registry import load_kinds


def kinds() -> dict[str, type[QueryKind]]:
    """Every query by its name: {"status": Status, "json": Json, ...}."""
    return load_kinds(__name__, QueryKind)


__all__ = ["QueryKind", "kinds"]
