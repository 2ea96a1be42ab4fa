"""Ways to prove who sends a request, one file each; `kinds()` lists them by their TOML name."""

from __future__ import annotations

from tui_client.kinds.auth._kind import AuthContext, AuthKind, TokenStore
from tui_client.registry import load_kinds


def kinds() -> dict[str, type[AuthKind]]:
    """Every auth kind by its tag: {"basic": Basic, "bearer": Bearer, ...}."""
    return load_kinds(__name__, AuthKind)


__all__ = ["AuthContext", "AuthKind", "TokenStore", "kinds"]
