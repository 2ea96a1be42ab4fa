"""What the user wants of a reply beyond looking at it: save, open elsewhere, compare, checks and captures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_client.tui.panels.response_viewer import (
    CaptureWanted,
    CharsetWanted,
    CheckWanted,
    CompareWanted,
    OpenWanted,
    ReplyWish,
    SaveWanted,
)
from tui_client.tui.screens._from_reply import Added, with_capture, with_check

if TYPE_CHECKING:
    from tui_client.tui.screens.workbench import WorkbenchScreen


class ReplyDesk:
    """Does what the reply's panel asks for. What asks the user something runs as the screen's dialog."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen
        self.ignored: dict[str, tuple[str, ...]] = {}  # by request, the JSONPaths that comparisons leave out

    def do(self, wish: ReplyWish) -> None:
        """Do what is wanted; the rarer ones are imported when they are."""
        screen, item = self._screen, self._screen.current
        match wish:
            case SaveWanted():
                from tui_client.tui.screens._bodies import save_body

                screen.dialog(save_body(screen, wish.exchange, wish.shown))
            case OpenWanted():
                from tui_client.tui.screens._outside import open_outside

                screen.dialog(open_outside(screen, wish.content, wish.media_type))
            case CharsetWanted():
                from tui_client.tui.screens._charset import pick_charset

                screen.dialog(pick_charset(screen, wish.current))
            case CheckWanted() if item:
                self._add(with_check(item.draft, wish.path, wish.value), "Checks")
            case CaptureWanted() if item:
                self._add(with_capture(item.draft, wish.path), "Captures")
            case CompareWanted():
                from tui_client.tui.screens._compare_desk import compare

                screen.dialog(compare(screen, wish.exchange))
            case _:
                pass

    def _add(self, added: Added, where: str) -> None:
        self._screen.edit(added.draft)
        self._screen.tell(f"{where}: {added.line}")
