"""Open requests and the disk: what a change of a file means for a request that is open; nothing is ever lost."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from tui_client.errors import Conflict, SaveFailed, TuiClientError
from tui_client.model.wording import describe_error
from tui_client.storage.library import Library, LoadedRequest
from tui_client.storage.saving import check_unchanged
from tui_client.tui.screens._open_requests import OpenRequests
from tui_client.tui.state import Disk, OpenRequest

_SAID = {
    Disk.CHANGED: "{name} changed on disk. Your edit stays; saving asks which one to keep.",
    Disk.DELETED: "{name} was deleted on disk. It stays open here; ^s writes it again.",
}


class Looked(msgspec.Struct, frozen=True):
    """An open request after a look at its file, and what to tell the user ("" for nothing)."""

    item: OpenRequest
    say: str = ""


def look_again(library: Library, item: OpenRequest) -> Looked:
    """Compare an open request with its file: an untouched one is read again, an edited one gets a mark."""
    if item.loaded is None:
        return Looked(item)
    try:
        check_unchanged(item.loaded.path, _root(library, item.loaded), item.loaded.fingerprint)
    except Conflict as conflict:
        if conflict.theirs is not None and not item.dirty:
            return _read_again(library, item)
        return _marked(item, Disk.DELETED if conflict.theirs is None else Disk.CHANGED)
    except SaveFailed as error:
        return Looked(msgspec.structs.replace(item, disk=Disk.CHANGED), describe_error(error))
    return Looked(msgspec.structs.replace(item, disk=Disk.SAME))


def _root(library: Library, loaded: LoadedRequest) -> Path:
    try:
        return library.collection_root(loaded.key)
    except TuiClientError:
        # The whole collection is gone.
        return loaded.path.parent


def looked_at(
    library: Library, requests: OpenRequests, items: Iterable[OpenRequest]
) -> tuple[OpenRequests, tuple[str, ...]]:
    """The open requests after a look at the files of some of them, and what to tell the user."""
    looks = [look_again(library, item) for item in items]
    for look in looks:
        requests = requests.replace(look.item)
    return requests, tuple(look.say for look in looks if look.say)


def _read_again(library: Library, item: OpenRequest) -> Looked:
    try:
        loaded = library.load(item.key)
    except TuiClientError as error:
        return Looked(msgspec.structs.replace(item, disk=Disk.CHANGED), describe_error(error))
    return Looked(msgspec.structs.replace(item, loaded=loaded, draft=loaded.request, disk=Disk.SAME))


def _marked(item: OpenRequest, disk: Disk) -> Looked:
    said = "" if item.disk is disk else _SAID[disk].format(name=item.key)
    return Looked(msgspec.structs.replace(item, disk=disk), said)
