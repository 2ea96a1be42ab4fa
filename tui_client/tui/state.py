"""What the workbench knows of each request that is open; frozen, replaced as a whole."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from tui_client.model.effective import EffectiveRequest
from tui_client.model.request import NameValue, Request
from tui_client.storage.library import LoadedRequest
from tui_client.template import PreviewSegment

if TYPE_CHECKING:
    from tui_client.interop.operation import OperationInfo


class Disk(StrEnum):
    """How the file of an open request stands to what was read of it."""

    SAME = ""
    CHANGED = "changed"
    DELETED = "deleted"


class OpenRequest(msgspec.Struct, frozen=True):
    """One tab: the draft, and the file it came from (None: never saved).

    collection: the id of the collection it belongs to, also before it is saved; folder: in it, "users/admin", of one
    that was never saved.
    disk: what became of the file meanwhile.
    """

    id: str
    draft: Request
    collection: str = ""
    loaded: LoadedRequest | None = None
    disk: Disk = Disk.SAME
    folder: str = ""

    @property
    def key(self) -> str:
        """Its key, "" before the first save."""
        return self.loaded.key if self.loaded else ""

    @property
    def dirty(self) -> bool:
        """Whether the draft differs from what was read or saved last."""
        return self.draft != (self.loaded.request if self.loaded else Request())

    @property
    def title(self) -> str:
        """What its tab says: the file's name, or "new"."""
        return self.key.rpartition("/")[2].rpartition(":")[2] or self.draft.name or "new"


class Section(StrEnum):
    """The tabs of the request builder."""

    PARAMS = "params"
    PATH = "path"
    HEADERS = "headers"
    AUTH = "auth"
    BODY = "body"
    CHECKS = "checks"
    OPTIONS = "options"
    NOTES = "notes"
    DOCS = "docs"


class BuilderContext(msgspec.Struct, frozen=True):
    """What the builder shows around the draft: what is inherited, and what the URL will really be.

    effective: the draft with what it inherits; None where its surroundings can't be read.
    url: the preview of the URL, segment by segment. variables: names to complete, best first.
    request_id: the open request it is; edits carry it. inherited: headers and where each stands, nearest last.
    documented: it came from an OpenAPI document; operation: what that says of it, None while it is read.
    """

    effective: EffectiveRequest | None = None
    url: tuple[PreviewSegment, ...] = ()
    variables: tuple[str, ...] = ()
    editable: bool = True
    request_id: str = ""
    inherited: tuple[tuple[NameValue, str], ...] = ()
    documented: bool = False
    operation: OperationInfo | None = None
