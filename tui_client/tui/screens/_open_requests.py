"""The requests that are open, as a value: opening, editing, closing, moving between them; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Final

import msgspec

from tui_client.model.request import Request
from tui_client.storage.library import LoadedRequest
from tui_client.tui.state import Disk, OpenRequest
from tui_client.tui.widgets.tab_strip import Tab

_DISK: Final = {Disk.SAME: "", Disk.CHANGED: "≠ disk", Disk.DELETED: "✗ disk"}


class OpenRequests(msgspec.Struct, frozen=True):
    """Open requests from left to right; `active` is the id of one of them, "" if there is none."""

    items: tuple[OpenRequest, ...] = ()
    active: str = ""
    opened: int = 0

    @property
    def current(self) -> OpenRequest | None:
        """The one that is shown."""
        return next((item for item in self.items if item.id == self.active), None)

    @property
    def dirty(self) -> tuple[OpenRequest, ...]:
        """Those with an edit that is not saved."""
        return tuple(item for item in self.items if item.dirty)

    def get(self, id_: str) -> OpenRequest | None:
        """The one with this id, if it is still open."""
        return next((item for item in self.items if item.id == id_), None)

    def by_key(self, key: str) -> OpenRequest | None:
        """The one that was read from this file."""
        return next((item for item in self.items if item.loaded and item.key == key), None)

    def below(self, folder: str) -> tuple[OpenRequest, ...]:
        """Those whose file is in this folder, by its key, or in one inside it."""
        return tuple(item for item in self.items if item.key.startswith(f"{folder.rstrip('/')}/"))

    def open(
        self, loaded: LoadedRequest | None, collection: str, draft: Request | None = None, folder: str = ""
    ) -> OpenRequests:
        """Show a request. An untouched one that was never saved gives way to it. folder: of a new one."""
        if loaded and (already := self.by_key(loaded.key)):
            return self.show(already.id)
        id_ = f"request-{self.opened + 1}"
        item = OpenRequest(id_, draft or (loaded.request if loaded else Request()), collection, loaded, folder=folder)
        kept = tuple(i for i in self.items if i.dirty or i.loaded or i.id != self.active)
        return OpenRequests((*kept, item), id_, self.opened + 1)

    def show(self, id_: str) -> OpenRequests:
        """Make another one the active one."""
        return msgspec.structs.replace(self, active=id_)

    def step(self, by: int) -> OpenRequests:
        """Make a neighbour the active one."""
        ids = [item.id for item in self.items]
        return self.show(ids[(ids.index(self.active) + by) % len(ids)]) if self.active in ids else self

    def replace(self, item: OpenRequest) -> OpenRequests:
        """The same, with another value for one of them."""
        return msgspec.structs.replace(self, items=tuple(item if i.id == item.id else i for i in self.items))

    def close(self, id_: str) -> OpenRequests:
        """Without this one; its neighbour becomes the active one."""
        ids = [item.id for item in self.items]
        if id_ not in ids:
            return self
        kept = tuple(item for item in self.items if item.id != id_)
        neighbour = kept[min(ids.index(id_), len(kept) - 1)].id if kept else ""
        return OpenRequests(kept, neighbour if self.active == id_ else self.active, self.opened)

    def tabs(self, sending: Collection[str]) -> tuple[Tab, ...]:
        """What the row of tabs shows: "create*", a dot while it is sent, a sign where the file is another one now.

        Where two would read the same, the folder tells them apart.
        """
        titles = Counter(item.title for item in self.items)
        return tuple(
            Tab(
                item.id,
                (item.title if titles[item.title] == 1 else item.key or item.title) + ("*" if item.dirty else ""),
                " ".join(sign for sign in ("●" if item.id in sending else "", _DISK[item.disk]) if sign),
            )
            for item in self.items
        )
