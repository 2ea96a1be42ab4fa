"""Where what was found will stand: files with their texts, thought out whole before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from tui_client.errors import SaveFailed
from tui_client.formats._found import Found, FoundCollection, FoundRequest, Line, Outcome, Script
from tui_client.kinds.auth.none import NoAuth
from tui_client.model.collection import Collection, Environment, Folder
from tui_client.model.variables import Constant, FromRequest
from tui_client.storage.changes import GITIGNORE
from tui_client.storage.new_files import collection_text, folder_text, request_text
from tui_client.storage.saving import environment_text
from tui_client.storage.slugs import slug

DOCUMENTS: Final = ".openapi"  # what requests came from, in the folder of their collection
_MOST_DEEP: Final = 12  # folders; what lies deeper is put into the last of them


class NewFile(msgspec.Struct, frozen=True):
    """A file to be written. path: with slashes, relative to where it goes. private: only its owner may read it.

    replaces: it may stand there already, left by what was removed since.
    """

    path: str
    text: str
    private: bool = False
    replaces: bool = False


class PlacedRequest(msgspec.Struct, frozen=True):
    """A request and its key where it will stand: "users/create"."""

    key: str
    found: FoundRequest
    collection: FoundCollection


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """What an import will write.

    collections: the folders of new collections in the workspace, [] where all goes into one that is there.
    """

    files: tuple[NewFile, ...]
    requests: tuple[PlacedRequest, ...]
    collections: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    report: tuple[Line, ...] = ()


class _Placing:
    """Gives every title a name that is free, and every file a text."""

    def __init__(self, taken: Mapping[str, set[str]]) -> None:
        self.taken: dict[str, set[str]] = {folder: set(names) for folder, names in taken.items()}
        self.files: list[NewFile] = []
        self.requests: list[PlacedRequest] = []
        self.folders: list[str] = []
        self.report: list[Line] = []
        self.keys: dict[str, str] = {}  # of the present collection: by a request's title its key in there

    def name(self, folder: str, title: str, fallback: str) -> str:
        used = self.taken.setdefault(folder, set())
        name = slug(title, used, fallback=fallback)
        used.add(name)
        return name

    def shared(self, folder: Folder) -> Folder:
        """What a folder shares; `from` names requests by their title until they have a key."""
        keyed = {
            name: replace(value, key=self.keys.get(value.key, value.key)) if isinstance(value, FromRequest) else value
            for name, value in folder.variables.items()
        }
        return replace(folder, variables=keyed) if keyed else folder

    def add(self, path: str, text: str, *, private: bool = False) -> None:
        self.files.append(NewFile(path, text, private))


def place_collections(found: Found, taken: set[str]) -> Placed:
    """Each collection becomes a folder of the workspace. taken: the names that are there. Raises SaveFailed."""
    placing = _Placing({"": taken})
    roots: list[str] = []
    for collection in found.collections:
        root = placing.name("", collection.title, "collection")
        roots.append(root)
        order = _place_requests(placing, _with_documents(placing, collection, f"{root}/", ""), f"{root}/", f"{root}/")
        own = placing.shared(collection.shared)
        shared = replace(own, name=own.name or collection.title, order=order, path="")
        made = Collection(id=root, root=shared, base_url=collection.base_url)
        placing.add(f"{root}/.gitignore", GITIGNORE)
        path = f"{root}/collection.toml"
        placing.add(path, collection_text(Path(path), made, _scripts(collection.scripts)))
        _place_environments(placing, collection, f"{root}/", set())
    return _placed(placing, found, tuple(roots))


def place_inside(
    found: Found, folder: str, taken: Mapping[str, set[str]], environments: set[str], *, has_auth: bool
) -> Placed:
    """All goes into a collection that is there, below `folder` ("" for its top). Raises SaveFailed.

    taken: the names in its folders by their path. Loose requests stand there themselves, a collection in a folder of
    its own, which keeps what its requests share. environments: the names of those there are. has_auth: whether there is
    an auth that would be inherited; nothing of it does, since its hosts were never meant to get that.
    """
    placing = _Placing(taken)
    for collection in found.collections:
        if found.loose:
            own = _without_inheriting(collection) if has_auth else collection
            _place_requests(placing, own, f"{folder}/" if folder else "")
        else:
            _place_folder(placing, collection, folder)
        _place_environments(placing, collection, "", environments)
    return _placed(placing, found, ())


def _with_documents(placing: _Placing, collection: FoundCollection, prefix: str, folder: str) -> FoundCollection:
    """The collection with its documents placed, each request saying where its own is: relative to the collection.

    They stand in a hidden folder, as they are no requests; folder: of the collection, that all this goes into.
    """
    if not collection.documents:
        return collection
    place = "/".join(filter(None, (DOCUMENTS, folder)))
    for document in collection.documents:
        placing.files.append(NewFile(f"{prefix}{place}/{document.path}", document.text, replaces=True))
    main = f"{place}/{collection.documents[0].path}"
    requests = (
        replace(found, extensions={name: _kept_at(table, main) for name, table in found.extensions.items()})
        for found in collection.requests
    )
    return replace(collection, requests=tuple(requests))


def _kept_at(table: Any, path: str) -> Any:
    return {**table, "document": path} if isinstance(table, dict) and "document" in table else table


def _without_inheriting(collection: FoundCollection) -> FoundCollection:
    requests = (
        replace(found, request=replace(found.request, auth=found.request.auth or NoAuth()))
        for found in collection.requests
    )
    return replace(collection, requests=tuple(requests))


def _place_folder(placing: _Placing, collection: FoundCollection, above: str) -> None:
    name = placing.name(above, collection.title, "imported")
    path = f"{above}/{name}" if above else name
    placing.folders.append(path)
    order = _place_requests(placing, _with_documents(placing, collection, "", path), f"{path}/")
    shared = replace(collection.shared, auth=collection.shared.auth or NoAuth())
    if collection.base_url:
        # A folder has no base_url of its own; as a variable it is found before that of the collection.
        variables = {"base_url": Constant(collection.base_url), **shared.variables}
        shared = replace(shared, variables=variables)
    _add_folder(placing, path, shared, collection.title, order, collection.scripts)


def _add_folder(
    placing: _Placing, path: str, shared: Folder, title: str, order: Sequence[str], scripts: Sequence[Script]
) -> None:
    made = replace(placing.shared(shared), path=path, name=shared.name or title, order=tuple(order))
    file = f"{path}/folder.toml"
    placing.add(file, folder_text(Path(file), made, _scripts(scripts)))


def _place_requests(placing: _Placing, collection: FoundCollection, prefix: str, root: str = "") -> tuple[str, ...]:
    """Requests and folders below a path that ends with a slash, or ""; gives the order of its top.

    root: what of the path is not in their keys: the folder of a new collection.
    """
    paths: dict[tuple[str, ...], str] = {(): prefix.rstrip("/")}
    orders: dict[tuple[str, ...], list[str]] = {(): []}
    placing.keys = {}
    shared = {folder.path: folder for folder in collection.folders}

    def folder_at(titles: tuple[str, ...]) -> str:
        if titles not in paths:
            above = folder_at(titles[:-1])
            if len(titles) > _MOST_DEEP:
                paths[titles], orders[titles] = above, orders[titles[:-1]]
                return above
            name = placing.name(above, titles[-1], "new-folder")
            orders[titles[:-1]].append(f"{name}/")
            paths[titles], orders[titles] = f"{above}/{name}".lstrip("/"), []
            placing.folders.append(paths[titles])
        return paths[titles]

    for found in collection.requests:
        folder = folder_at(found.folder)
        name = placing.name(folder, found.request.name, "request")
        key = f"{folder}/{name}".lstrip("/")
        if _add_request(placing, key, found, collection):
            orders[found.folder].append(name)
            placing.keys.setdefault(found.request.name, key.removeprefix(root))
    for titles in shared:  # those without a request
        folder_at(titles)
    for titles, order in orders.items():
        if titles and len(titles) <= _MOST_DEEP:
            own = shared.get(titles)
            _add_folder(
                placing, paths[titles], own.shared if own else Folder(), titles[-1], order, own.scripts if own else ()
            )
    return tuple(orders[()])


def _add_request(placing: _Placing, key: str, found: FoundRequest, collection: FoundCollection) -> bool:
    """Whether a file can say it: one request that none can is no reason to lose all others."""
    request = found.request
    # A name that the file's says already is not said again.
    written = replace(request, name="" if request.name == key.rpartition("/")[2] else request.name)
    extensions = {**found.extensions, **_scripts(found.scripts)}
    try:
        text = request_text(Path(f"{key}.toml"), written, extensions)
    except SaveFailed as error:
        origin = " / ".join((*found.folder, request.name))
        placing.report.append(Line(origin, "request", Outcome.DROPPED, f"no file can hold it: {error.reason}"))
        return False
    placing.add(f"{key}.toml", text)
    placing.requests.append(PlacedRequest(key, found, collection))
    return True


def _place_environments(placing: _Placing, collection: FoundCollection, prefix: str, taken: set[str]) -> None:
    used = set(taken)
    for environment in collection.environments:
        name = slug(environment.name, used, fallback="environment")
        used.add(name)
        if name != environment.name.lower():
            why = f"it stands in environments/{name}.toml"
            placing.report.append(Line("environments", environment.name, Outcome.IMPORTED, why))
        _add_environment(placing, f"{prefix}environments/{name}", replace(environment, name=name))
        if secrets := collection.secrets.get(environment.name):
            text = "".join(f"{_pair(key, value)}\n" for key, value in secrets.items())
            placing.add(f"{prefix}environments/{name}.secret.toml", text, private=True)


def _add_environment(placing: _Placing, path: str, environment: Environment) -> None:
    placing.add(f"{path}.toml", environment_text(Path(f"{path}.toml"), "", environment))


def _pair(name: str, value: str) -> str:
    import tomli_w

    return tomli_w.dumps({name: value}).rstrip("\n")


def _scripts(scripts: Sequence[Script]) -> dict[str, Any]:
    return {"x-scripts": [msgspec.to_builtins(script) for script in scripts]} if scripts else {}


def _placed(placing: _Placing, found: Found, roots: tuple[str, ...]) -> Placed:
    return Placed(
        files=tuple(placing.files),
        requests=tuple(placing.requests),
        collections=roots,
        folders=tuple(placing.folders),
        report=(*found.report, *placing.report),
    )
