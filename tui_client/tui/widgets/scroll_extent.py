"""How much a view has to scroll, where that changes many times a second."""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.widget import Widget


def set_extent(view: ScrollView, extent: Size) -> None:
    """Set a view's `virtual_size` without laying out the whole screen anew: nothing in it moves but the scrollbar.

    A layout takes some 30 ms; it is made where a scrollbar appears or goes.
    """
    if extent != view.virtual_size:
        view.set_reactive(Widget.virtual_size, extent)
        view._scroll_update(extent)
