"""A single send for the history: the request as it was written, and where it stands."""

from __future__ import annotations

from tui_client.errors import TuiClientError
from tui_client.history.store import History
from tui_client.model.effective import EffectiveRequest, merge_headers
from tui_client.model.request import Request
from tui_client.model.step import StepResult
from tui_client.storage.library import Library
from tui_client.storage.schema_files import unbound


def is_kept(library: Library, key: str) -> bool:
    """Whether the collection of this request lets its sends be kept; so does no collection."""
    try:
        return not key or library.split(key)[0].collection().history
    except TuiClientError:
        return True  # the send itself says what is wrong


def keep(
    history: History,
    library: Library,
    result: StepResult,
    environment: str,
    draft: EffectiveRequest | None,
    written: Request | None,
) -> None:
    """Record what was sent, if it was. draft: what was sent in place of the file; written: that, as it was written."""
    exchange, key = result.exchange, result.step.key
    if exchange is None:
        return
    request = written or as_written(library, key, environment, draft)
    root, saved = "", False
    if key:
        shelf, inside = library.split(key)
        # However the workspace was named: its entries belong together.
        root, saved = str(shelf.root.resolve()), shelf.has(inside)
    history.record(exchange, request, key=key if saved else "", root=root, environment=environment)


def as_written(library: Library, key: str, environment: str, draft: EffectiveRequest | None) -> Request:
    """The request that says what a draft says, where it stands; without a draft, that of the file."""
    file, inherited = _surroundings(library, key, environment)
    if draft is None:
        return file
    auth = draft.auth if not draft.auth_origin else None
    return Request(
        name=draft.name,
        method=draft.method,
        url=draft.url,
        description=file.description,
        tags=draft.tags,
        path=draft.path,
        params=draft.params,
        headers=tuple(row for row in draft.headers if row not in inherited.headers),
        body=draft.body,
        auth=auth,
        options=file.options,
        captures=tuple(map(unbound, draft.captures)),
        asserts=tuple(map(unbound, draft.asserts)),
    )


def _surroundings(library: Library, key: str, environment: str) -> tuple[Request, Request]:
    """The request of the file, and one with the headers that it inherits; empty ones where there is nothing."""
    try:
        shelf, inside = library.split(key)
        around = shelf.surroundings(inside, environment) if key else None
        file = library.load(key).request if key and shelf.has(inside) else Request()
    except TuiClientError:
        return Request(), Request()
    if around is None:
        return file, Request()
    groups = (folder.headers for folder in (around.collection.root, *around.folders))
    return file, Request(headers=merge_headers(*groups, around.environment.headers))
