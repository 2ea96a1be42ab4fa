"""What is kept of a session: open requests, their drafts, environments, and how the room was shared out."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tui_client.model.request import Request
from tui_client.storage.document import Fingerprint


class Base(msgspec.Struct, frozen=True):
    """The file that a draft was made from, as it was read then."""

    path: str
    text: str
    fingerprint: Fingerprint


class SavedTab(msgspec.Struct, frozen=True):
    """One open request.

    key: "" if it was never saved. draft: None where it is what its file says. base: of a draft with a file.
    folder: of a draft without one.
    """

    key: str = ""
    collection: str = ""
    draft: Request | None = None
    base: Base | None = None
    folder: str = ""


class SessionState(msgspec.Struct, frozen=True):
    """active: which of the tabs was shown. environments: by the id of the collection. room: classes of the screen."""

    tabs: tuple[SavedTab, ...] = ()
    active: int = 0
    environments: Mapping[str, str] = {}
    room: tuple[str, ...] = ()
