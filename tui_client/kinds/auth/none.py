"""No authentication; switches off what would be inherited."""

from __future__ import annotations

from typing import ClassVar

from tui_client.kinds.auth._kind import AuthKind


class NoAuth(AuthKind, frozen=True, tag="none"):
    """Nothing is added to the request."""

    title: ClassVar[str] = "None"


KIND = NoAuth
