"""What surrounds a draft: the environments it can be sent in, what it inherits, what its URL will be."""

from __future__ import annotations

from tui_client.errors import TuiClientError
from tui_client.model.collection import Collection, Surroundings
from tui_client.model.effective import EffectiveRequest, inherit
from tui_client.model.request import NameValue
from tui_client.storage.library import Library
from tui_client.template import preview_url
from tui_client.tui.state import BuilderContext, OpenRequest
from tui_client.workspace import Workspace


def environments_of(library: Library, collection: str) -> tuple[str, ...]:
    """The environments of a collection; () where there is none."""
    try:
        return library.environments(collection) if collection else ()
    except TuiClientError:
        return ()


def draft_key(library: Library, item: OpenRequest) -> str:
    """The key a draft is sent under: its own, or that of a new request in its folder; "" without a collection."""
    if item.key:
        return item.key
    return library.key_of(item.collection, f"{item.folder}/new request".lstrip("/")) if item.collection else ""


def inherited_headers(around: Surroundings) -> tuple[tuple[NameValue, str], ...]:
    """The headers that requests inherit and where each stands; a nearer one replaces those of its name."""
    folders = (around.collection.root, *around.folders)
    groups = [(folder.headers, f"folder {folder.path}" if folder.path else "collection") for folder in folders]
    groups.append((around.environment.headers, f"env {around.environment.name}"))
    found: list[tuple[NameValue, str]] = []
    for rows, origin in groups:
        enabled = [row for row in rows if row.enabled]
        names = {row.name.lower() for row in enabled}
        found = [(row, where) for row, where in found if row.name.lower() not in names]
        found += [(row, origin) for row in enabled]
    return tuple(found)


def effective_draft(library: Library, item: OpenRequest, environment: str) -> EffectiveRequest:
    """The draft with what it inherits. Raises BrokenFile or NotFound where its surroundings can't be read."""
    key = draft_key(library, item)
    if not key:
        return inherit("", item.draft, Surroundings(Collection(id="")), library.defaults)
    return library.effective_of(item.draft, key, environment)


def builder_context(workspace: Workspace, item: OpenRequest, environment: str) -> BuilderContext:
    """What the builder shows around a draft; never fails, sends or asks."""
    try:
        effective = effective_draft(workspace.library, item, environment)
        key = effective.key
        inherited = inherited_headers(workspace.library.surroundings(key, environment)) if key else ()
        scope = workspace.scope(effective, environment)
    except TuiClientError:
        return BuilderContext(request_id=item.id)
    names = tuple(dict.fromkeys(name for layer in scope.layers for name in layer.values))
    return BuilderContext(effective, preview_url(effective, scope), names, request_id=item.id, inherited=inherited)
