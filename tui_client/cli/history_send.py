"""`tui-client history send`: the request of an entry, once more."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tui_client.cli import output
from tui_client.cli.asking import make_asker
from tui_client.cli.exit_codes import for_error
from tui_client.cli.history_entries import loaded
from tui_client.cli.send import Wanted, report, say_unkept
from tui_client.cli.send_json import error_json
from tui_client.errors import TuiClientError, UsageError
from tui_client.history.masked import masked_places, same_but_masked
from tui_client.model.collection import Collection, Surroundings
from tui_client.model.effective import EffectiveRequest, inherit
from tui_client.model.request import NameValue, Request
from tui_client.storage.inside import is_there
from tui_client.storage.tree import COLLECTION_FILE
from tui_client.workspace import Workspace

if TYPE_CHECKING:
    from tui_client.history.entry import Entry, Kept


async def send_again(number: int, wanted: Wanted) -> int:
    """Send it, and print what came of it as `send` does. Gives the exit code. Raises NotFound, UsageError."""
    effective: EffectiveRequest | None = None
    try:
        kept = await asyncio.to_thread(loaded, number)
        entry, root = kept.entry, _root(kept.entry)
        async with Workspace.open(root, asker=make_asker(), grants=wanted.grants) as workspace:
            request = _request(workspace, kept)
            effective = _effective(workspace, entry, request)
            result = await workspace.send(
                effective.key, entry.environment, given=wanted.given, draft=effective, written=request
            )
    except TuiClientError as error:
        if not wanted.as_json:
            raise
        with output.for_who_reads():
            output.out_json(error_json(error, effective))
        return for_error(error)
    say_unkept(workspace)
    return report(wanted, effective, result)


def _root(entry: Entry) -> Path | None:
    root = Path(entry.root) if entry.root else None
    if root is not None and not is_there(root / COLLECTION_FILE):
        raise UsageError(f"The collection of entry {entry.id}, {root}, is gone: what it inherited is not known.")
    return root


def _request(workspace: Workspace, kept: Kept) -> Request:
    """What is to be sent: that of the file where it says the same, since that has the secrets; else as it was kept."""
    entry = kept.entry
    try:
        now = workspace.library.load(entry.key).request if entry.key else None
    except TuiClientError:
        now = None  # its file is gone, or can't be read any more
    if now is not None and same_but_masked(kept.request, now):
        return now
    if places := masked_places(_sent(kept.request)):
        raise UsageError(
            f"Entry {entry.id} can't be sent as it was: the history keeps no secrets. What is missing: "
            f"{', '.join(places)}. Open it in the workbench, and put that in again."
        )
    return kept.request


def _sent(request: Request) -> Request:
    """Without what is never sent."""
    return msgspec.structs.replace(
        request,
        name="",
        description="",
        tags=(),
        path=_rows(request.path),
        params=_rows(request.params),
        headers=_rows(request.headers),
        asserts=(),
        captures=(),
    )


def _rows(rows: tuple[NameValue, ...]) -> tuple[NameValue, ...]:
    return tuple(msgspec.structs.replace(row, description="") for row in rows if row.enabled)


def _effective(workspace: Workspace, entry: Entry, request: Request) -> EffectiveRequest:
    library = workspace.library
    if not entry.root:
        return inherit("", request, Surroundings(Collection(id="")), library.defaults)
    (shelf,) = library.collections()
    # A request that was never saved is sent where a new one would stand.
    return library.effective_of(request, entry.key or library.key_of(shelf.id, "new request"), entry.environment)
