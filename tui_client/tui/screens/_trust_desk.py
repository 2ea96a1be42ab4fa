"""See what the collection that is shown may reach, and take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_client.tui.screens._errands import ErrandsScreen


async def look_at_grants(screen: ErrandsScreen) -> None:
    """See what the collection that is shown may reach, and take it back."""
