"""Some of the requests of a document, without what only the others need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Final

import msgspec
from msgspec.structs import replace

from tui_client.errors import UsageError
from tui_client.formats._found import Found, FoundCollection, FoundRequest, Line, Outcome
from tui_client.model.collection import Environment
from tui_client.model.variables import Constant, Secret

_AUTHORITY: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://(?:[^/?#]*@)?([^/?#]*)")
_VARIABLE: Final = re.compile(r"\{\{\s*([\w.\-]+)\s*\}\}")
_PORT: Final = re.compile(r":[0-9]*\Z")
_WORD: Final = re.compile(r"[\w.\-]+")


class Wanted(msgspec.Struct, frozen=True):
    """Which requests are wanted: each that fits one of every kind; none of a kind leaves all.

    hosts: globs, "*.example.com", with or without a port. methods: in any case.
    types: of what came back, as a recording says: "xhr", "json", "application/json", "image/*".
    """

    hosts: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.hosts or self.methods or self.types)

    def __str__(self) -> str:
        flags = (("--host", self.hosts), ("--method", self.methods), ("--type", self.types))
        return " ".join(f"{flag} {value}" for flag, values in flags for value in values)


def filtered(found: Found, wanted: Wanted) -> tuple[Found, str]:
    """What is wanted of it, and a sentence that says how much that is; a line of the report says it too.

    Raises UsageError where nothing is left.
    """
    total = sum(len(collection.requests) for collection in found.collections)
    if wanted.types and not any(request.media for each in found.collections for request in each.requests):
        raise UsageError("--type is for recordings: nothing here says what came back with a request.")
    collections = [_collection(each, wanted) for each in found.collections]
    left = sum(len(collection.requests) for collection in collections)
    if not left:
        raise UsageError(f"None of the {total} requests is left with {wanted}.")
    said = f"{left:,} of {total:,} requests are imported, the others left out: {wanted}"
    report = (*_report(found, collections), Line("filter", "requests", Outcome.IMPORTED, said))
    kept = tuple(each for each, before in zip(collections, found.collections, strict=True) if _stays(each, before))
    return replace(found, collections=kept, report=report), f"{said}."


def _stays(after: FoundCollection, before: FoundCollection) -> bool:
    return bool(after.requests) or not before.requests


def _collection(collection: FoundCollection, wanted: Wanted) -> FoundCollection:
    kept = tuple(request for request in collection.requests if _fits(request, collection, wanted))
    if len(kept) == len(collection.requests):
        return collection
    emptied = _folders(collection.requests) - _folders(kept)
    folders = tuple(folder for folder in collection.folders if folder.path not in emptied)
    smaller = replace(collection, requests=kept, folders=folders)
    unused = _needed(collection.requests) - _needed((kept, folders, collection.environments, collection.shared))
    variables = {
        name: value
        for name, value in collection.shared.variables.items()
        if not (isinstance(value, Secret) and name in unused)
    }
    return replace(smaller, shared=replace(collection.shared, variables=variables))


def _folders(requests: Iterable[FoundRequest]) -> set[tuple[str, ...]]:
    """All folders with a request in them or below."""
    return {request.folder[:depth] for request in requests for depth in range(1, len(request.folder) + 1)}


def _needed(value: object) -> set[str]:
    """The words that may be names of variables. What a folder declares is no use of it."""
    text = msgspec.json.encode(value, enc_hook=str).decode("utf-8", "replace")
    return {word for part in text.split("{{")[1:] for word in _WORD.findall(part.partition("}}")[0])}


def _report(found: Found, collections: list[FoundCollection]) -> Iterable[Line]:
    """Without what was said of requests and variables that are not there."""
    gone = _origins(found.collections) - _origins(collections)
    return (line for line in found.report if line.origin not in gone)


def _origins(collections: Iterable[FoundCollection]) -> set[str]:
    requests = {" / ".join((*one.folder, one.request.name)) for each in collections for one in each.requests}
    return requests | {f"variable {name}" for each in collections for name in each.shared.variables}


def _fits(found: FoundRequest, collection: FoundCollection, wanted: Wanted) -> bool:
    if wanted.methods and found.request.method.upper() not in {method.upper() for method in wanted.methods}:
        return False
    if wanted.types and not any(_is_of_type(media, one.lower()) for media in found.media for one in wanted.types):
        return False
    return not wanted.hosts or any(
        _is_host(host, glob.lower()) for host in _hosts(found.request.url, collection) for glob in wanted.hosts
    )


def _is_of_type(media: str, wanted: str) -> bool:
    return fnmatchcase(media, wanted) or ("/" not in wanted and re.split(r"[/+]", media)[-1] == wanted)


def _is_host(host: str, glob: str) -> bool:
    return fnmatchcase(host, glob) or fnmatchcase(_PORT.sub("", host), glob)


def _hosts(url: str, collection: FoundCollection) -> set[str]:
    """The hosts that a request may go to, in lower case: a base URL may be another in each environment."""
    if not _AUTHORITY.match(url):
        begin = _VARIABLE.match(url.strip())
        name = "base_url" if begin is None else begin[1]
        rest = url.strip()[begin.end() :] if begin else "/"
        urls = [f"{base}{rest}" for base in _values(name, collection)]
    else:
        urls = [url]
    whole = [_VARIABLE.sub(lambda match: next(iter(_values(match[1], collection)), match[0]), each) for each in urls]
    return {match[1].lower() for each in whole if (match := _AUTHORITY.match(each))}


def _values(name: str, collection: FoundCollection) -> list[str]:
    places: tuple[Environment | FoundCollection, ...] = (*collection.environments, collection)
    found = [place.base_url for place in places] if name == "base_url" else []
    tables = [collection.shared.variables, *(each.variables for each in collection.environments)]
    found += [str(value.value) for each in tables if isinstance(value := each.get(name), Constant)]
    return [each.rstrip("/") for each in found if each]
