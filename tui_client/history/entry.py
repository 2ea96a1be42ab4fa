"""One exchange of the past: as lists show it, and whole."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tui_client.model.exchange import Exchange
from tui_client.model.request import Request


class Entry(msgspec.Struct, frozen=True):
    """A row of the history; its texts are masked and not yet safe to print.

    id: from 1, rising. root: the collection's real directory, "" for a request of no collection. key: of the request in
    the workspace, "" if it was never saved. status: None without a reply. failure: the kind of the failure, "" without
    one. body_bytes: what the reply's body had, kept or not. verified: False where TLS was not checked.
    """

    id: int
    when: datetime
    method: str
    url: str
    key: str = ""
    root: str = ""
    environment: str = ""
    status: int | None = None
    failure: str = ""
    total_ms: float = 0.0
    body_bytes: int = 0
    verified: bool = True


class Kept(msgspec.Struct, frozen=True):
    """An entry with all that was kept of it.

    exchange: secrets masked; a body that was not kept whole is not complete, and its note says so.
    request: as it was written, templates and all, to be sent again.
    """

    entry: Entry
    exchange: Exchange
    request: Request
