"""The paths that comparisons leave out, asked for one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui_client.tui.modals.ask_text import AskText
from tui_client.tui.modals.pick import Pick, PickItem

if TYPE_CHECKING:
    from tui_client.tui.screens.compare import CompareScreen

_ADD: Final = "add"
_HINT: Final = "A JSONPath, such as $..id or $.items[*].price; what it leads to is shown, and not counted."


async def edit_paths(screen: CompareScreen) -> None:
    """Add a path, or take one away."""
    items = (
        PickItem(_ADD, "Add a path…"),
        *(PickItem(path, path, "ignored; Enter takes it away") for path in screen.paths),
    )
    chosen = await screen.app.push_screen_wait(Pick("Ignored paths", items))
    if chosen == _ADD:
        path = await screen.app.push_screen_wait(AskText("Ignore", _HINT, "$.", problem=_problem))
        if path and path not in screen.paths:
            screen.leave_out((*screen.paths, path))
    elif chosen:
        screen.leave_out(tuple(path for path in screen.paths if path != chosen))


def _problem(path: str) -> str:
    from tui_client.kinds.jsonpath import expression_problem  # only those who leave something out pay for the import

    return expression_problem(path)
