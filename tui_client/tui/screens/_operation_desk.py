"""What OpenAPI documents say of the open requests: read beside the screen, shown once it is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

from tui_client.errors import TuiClientError
from tui_client.tui.screens._context import builder_context
from tui_client.tui.state import BuilderContext, OpenRequest
from tui_client.workspace import Workspace

if TYPE_CHECKING:
    from tui_client.interop.operation import OperationInfo

_TABLE: Final = "[x-openapi]"
_MOST: Final = 64

# The collection, the document in it, when that was changed, and the operation.
_Place: TypeAlias = tuple[Path, str, int, str]


class Operations:
    """Keeps what was read of the last few operations."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._links: dict[str, tuple[str, str] | None] = {}
        self._known: dict[_Place, OperationInfo | None] = {}
        self._asked: set[_Place] = set()

    def context(self, item: OpenRequest, environment: str) -> BuilderContext:
        """What the builder shows around a draft, with what is known of its operation by now."""
        context = builder_context(self._workspace, item, environment)
        place = self._place(item)
        if place is None or (place in self._known and self._known[place] is None):
            return context
        return msgspec.structs.replace(context, documented=True, operation=self._known.get(place))

    def wanted(self, item: OpenRequest) -> bool:
        """Whether there is something to be read for it, which nobody reads yet."""
        place = self._place(item)
        return place is not None and place not in self._known and place not in self._asked

    async def read(self, item: OpenRequest) -> None:
        """Read it, beside the screen."""
        from tui_client.interop.operation_reading import read_beside

        place = self._place(item)
        if place is None:
            return
        root, document, _, operation = place
        self._asked.add(place)
        try:
            found = await read_beside(root, (document, operation))
        finally:
            self._asked.discard(place)
        while len(self._known) >= _MOST:
            del self._known[next(iter(self._known))]
        self._known[place] = found

    def _place(self, item: OpenRequest) -> _Place | None:
        loaded = item.loaded
        if loaded is None or _TABLE not in loaded.text:
            return None
        link = self._link(loaded.text)
        if link is None:
            return None
        try:
            root = self._workspace.library.collection_root(loaded.key)
            changed = (root / link[0]).stat().st_mtime_ns
        except (TuiClientError, OSError, ValueError):
            return None
        return root, link[0], changed, link[1]

    def _link(self, text: str) -> tuple[str, str] | None:
        if text not in self._links:
            from tui_client.interop.operation import link_of

            while len(self._links) >= _MOST:
                del self._links[next(iter(self._links))]
            self._links[text] = link_of(text)
        return self._links[text]
