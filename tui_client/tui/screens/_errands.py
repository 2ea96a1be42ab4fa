"""Actions of the workbench that lead to a dialog about what lies beside its files; each imported when it is used."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from textual import work

from tui_client.tui.screens._operation_desk import Operations
from tui_client.tui.screens._room_screen import RoomScreen

if TYPE_CHECKING:
    from tui_client.interop.offered import Written
    from tui_client.tui.screens._history_desk import HistoryDesk
    from tui_client.tui.screens._open_requests import OpenRequests
    from tui_client.tui.screens.workbench import WorkbenchScreen
    from tui_client.tui.state import BuilderContext, OpenRequest
    from tui_client.workspace import Workspace


class ErrandsScreen(RoomScreen):
    """What the workbench offers besides requests and replies."""

    workspace: Workspace
    requests: OpenRequests
    past: HistoryDesk
    imports: tuple[Written, ...] = ()  # what was imported since it was opened
    copied_as = "curl"  # the format that was chosen last; at first, the one that most people read

    @cached_property
    def _operations(self) -> Operations:
        return Operations(self.workspace)

    def context_of(self, item: OpenRequest) -> BuilderContext:
        """What surrounds a draft; what its document says comes a moment later."""
        if self._operations.wanted(item):
            self._read_operation(item)
        return self._operations.context(item, self.environment)

    @work(group="operations", exit_on_error=False)
    async def _read_operation(self, item: OpenRequest) -> None:
        await self._operations.read(item)
        self.change(self.requests)

    def change(self, requests: OpenRequests) -> None:
        """Take a new state of the open requests and show it."""
        raise NotImplementedError

    @property
    def current(self) -> OpenRequest | None:
        """The request that is shown."""
        raise NotImplementedError

    @property
    def collection(self) -> str:
        """The id of the collection of the request that is shown; "" if there is none."""
        raise NotImplementedError

    @property
    def environment(self) -> str:
        """The environment that the request that is shown is sent in; "" is none."""
        raise NotImplementedError

    def action_history(self) -> None:
        """Look through what was sent."""
        self.past.search()

    def action_copy_as(self) -> None:
        """Copy the open request as code, or for another tool."""
        from tui_client.tui.screens._copy_as import copy_as

        self.dialog(copy_as(self))

    def action_cookies(self) -> None:
        """See, change and remove the cookies of this environment."""
        from tui_client.tui.screens._cookie_desk import look_at_cookies

        self.dialog(look_at_cookies(self))

    def tell_of_cookies(self) -> None:
        """Say, once, why cookies can't be read or kept."""
        from tui_client.tui.screens._cookie_desk import tell_of_cookies

        tell_of_cookies(self)

    def action_trust(self) -> None:
        """See what this collection may reach, and take it back."""
        from tui_client.tui.screens._trust_desk import look_at_grants

        self.dialog(look_at_grants(self))

    def action_import(self) -> None:
        """Bring requests of other tools."""
        from tui_client.tui.screens._import_desk import import_requests

        self.dialog(import_requests(cast("WorkbenchScreen", self)))

    def action_undo_import(self) -> None:
        """Take back what was imported last."""
        from tui_client.tui.screens._import_desk import undo_import

        self.dialog(undo_import(cast("WorkbenchScreen", self)))
