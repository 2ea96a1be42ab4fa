"""See, change and remove the cookies of the environment that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_client.tui.screens._errands import ErrandsScreen


async def look_at_cookies(screen: ErrandsScreen) -> None:
    """See, change and remove the cookies of the environment that is shown."""
