"""An import as JSON: documented in docs/import.md, so that other programs can read foreign formats through us."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from tui_client.formats._found import Found, FoundCollection, FoundRequest
from tui_client.interop.placing import Placed, PlacedRequest
from tui_client.model.kinds import Auth
from tui_client.model.request import NameValue
from tui_client.storage.forms import asserts_tree, captures_tree
from tui_client.storage.variables import write_variable


def as_json(found: Found, placed: Placed) -> dict[str, Any]:
    """{format, collections, folders, requests, report}: everything that an import found, and where it goes."""
    return {
        "format": found.format,
        "collections": [_collection(collection) for collection in found.collections],
        "folders": list(placed.folders),
        "requests": [_request(request) for request in placed.requests],
        "report": [msgspec.to_builtins(line) for line in placed.report],
    }


def _collection(collection: FoundCollection) -> dict[str, Any]:
    return {
        "title": collection.title,
        "base_url": collection.base_url,
        "description": collection.shared.description,
        "auth": _kind(collection.shared.auth),
        "headers": _rows(collection.shared.headers),
        "variables": {name: write_variable(value) for name, value in collection.shared.variables.items()},
        "environments": [
            {
                "name": environment.name,
                "base_url": environment.base_url,
                "variables": {name: write_variable(value) for name, value in environment.variables.items()},
            }
            for environment in collection.environments
        ],
        "scripts": [msgspec.to_builtins(script) for script in collection.scripts],
    }


def _request(placed: PlacedRequest) -> dict[str, Any]:
    found, request = placed.found, placed.found.request
    auth, origin = _auth(found, placed.collection)
    return {
        "key": placed.key,
        "name": request.name,
        "folder": list(found.folder),
        "method": request.method,
        "url": request.url,
        "query": [*_own_query(request.url), *_rows(request.params)],
        "headers": _rows(request.headers),
        "path_params": _rows(request.path),
        "auth": _kind(auth),
        "auth_origin": origin,
        "body": {"kind": "none"} if request.body is None else _kind(request.body),
        "options": _given(msgspec.to_builtins(request.options)),
        "asserts": asserts_tree(request.asserts, {}, type(request)()),
        "captures": captures_tree(request.captures, {}, type(request)()),
        "description": request.description,
        "tags": list(request.tags),
        "scripts": [msgspec.to_builtins(script) for script in found.scripts],
    }


def _auth(found: FoundRequest, collection: FoundCollection) -> tuple[Auth | None, str]:
    """The auth in force, and where it stands: "request", a folder's path, "collection", or "" where there is none."""
    if found.request.auth is not None:
        return found.request.auth, "request"
    shared = {folder.path: folder.shared.auth for folder in collection.folders}
    for depth in range(len(found.folder), 0, -1):
        if (auth := shared.get(found.folder[:depth])) is not None:
            return auth, " / ".join(found.folder[:depth])
    return (collection.shared.auth, "collection") if collection.shared.auth is not None else (None, "")


def _kind(value: msgspec.Struct | None) -> dict[str, Any]:
    return {"kind": "none"} if value is None else msgspec.to_builtins(value)


def _rows(rows: Sequence[NameValue]) -> list[list[Any]]:
    return [[row.name, row.value, row.enabled] for row in rows]


def _own_query(url: str) -> list[list[Any]]:
    """The rows that stand in the URL itself, decoded."""
    query = url.partition("#")[0].partition("?")[2]
    pairs = (part.partition("=") for part in query.split("&") if part)
    return [[unquote_plus(name), unquote_plus(value), True] for name, _, value in pairs]


def _given(options: dict[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in options.items() if value not in (None, {})}
    timeout = {key: value for key, value in given.get("timeout", {}).items() if value is not None}
    return {
        **{key: value for key, value in given.items() if key != "timeout"},
        **({"timeout": timeout} if timeout else {}),
    }
