"""A Postman collection of version 2: its tree of folders and requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from tui_client.formats._format import FormatError
from tui_client.formats._found import FoundCollection, FoundFolder, FoundRequest, Report, Script
from tui_client.formats._postman.auth import read_auth
from tui_client.formats._postman.bodies import headers_of, read_body
from tui_client.formats._postman.place import Place
from tui_client.formats._postman.scripts import note_variables_of, read_scripts
from tui_client.formats._postman.settings import note_transport, read_options
from tui_client.formats._postman.urls import raw_of, read_url
from tui_client.formats._postman.values import MOST_DEEP, Table, description, items, table, text
from tui_client.formats._postman.variables import SECRETS, Variables, note_hosts, read_variables, without_secrets
from tui_client.model.collection import Environment, Folder
from tui_client.model.request import Request

_UNTITLED: Final = "Untitled"


class _Around(msgspec.Struct, frozen=True):
    """What a folder hands down that ours don't. prunes: whether the body of a GET is left out."""

    path: tuple[str, ...] = ()
    prunes: bool = True


class _Shared(msgspec.Struct, frozen=True):
    folder: Folder
    scripts: tuple[Script, ...]
    variables: Variables


def read_collection(document: Table, name: str, report: Report) -> FoundCollection:
    """The collection, and a line for each thing that is not in it as it was."""
    info = table(document.get("info"))
    title = text(info.get("name")).strip() or name or _UNTITLED
    place = Place(report, "")
    at = msgspec.structs.replace(place, origin=title)
    shared = _shared(document, title, description(info.get("description")), at)
    variables, environment = without_secrets(shared.variables, at)
    reader = _Reader([], [])
    around = _Around((), _prunes(document, True))
    reader.read(items(document.get("item")), around, msgspec.structs.replace(place, values=variables.written))
    return FoundCollection(
        title=title,
        shared=msgspec.structs.replace(shared.folder, variables=variables.values),
        folders=tuple(reader.folders),
        requests=tuple(reader.requests),
        environments=(environment,) if environment else (),
        secrets={SECRETS: dict(variables.secrets)} if environment else {},
        scripts=shared.scripts,
    )


def read_environment(document: Table, name: str, report: Report) -> FoundCollection:
    """An environment, or the globals, as a collection without requests."""
    is_globals = document.get("_postman_variable_scope") == "globals"
    title = text(document.get("name")).strip() or ("Globals" if is_globals else name) or _UNTITLED
    place = Place(report, title)
    found = read_variables(document.get("values"), place)
    note_hosts(found, place)
    if is_globals:
        place.imported("globals", "are an environment: choose it when you send")
    return FoundCollection(
        title=title,
        environments=(Environment(name=title, variables=found.values),),
        secrets={title: dict(found.secrets)} if found.secrets else {},
    )


def _shared(item: Table, title: str, words: str, place: Place) -> _Shared:
    """What a folder or the collection shares."""
    auth, said = read_auth(item.get("auth"), place)
    scripts, _ = read_scripts(item.get("event"), place, translate=False)
    variables = read_variables(item.get("variable"), place)
    folder = Folder(
        name=title,
        description=_paragraphs(words, said),
        auth=auth,
        options=read_options(item.get("protocolProfileBehavior"), place),
        variables=variables.values,
    )
    return _Shared(folder, scripts, variables)


def _prunes(item: Table, inherited: bool) -> bool:
    told = table(item.get("protocolProfileBehavior")).get("disableBodyPruning")
    return not told if isinstance(told, bool) else inherited


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(filter(None, texts))


class _Reader(msgspec.Struct):
    folders: list[FoundFolder]
    requests: list[FoundRequest]

    def read(self, found: list[Any], around: _Around, place: Place) -> None:
        """All folders and requests of one folder, in their order."""
        if len(around.path) > MOST_DEEP:
            raise FormatError(f"has folders deeper than {MOST_DEEP}")
        taken: dict[str, int] = {}
        for number, each in enumerate(found, start=1):
            item = table(each)
            if isinstance(item.get("item"), list):
                self._folder(item, around, place, taken)
            elif item.get("request"):
                self._request(item, around, place)
            else:
                place.below(text(item.get("name")) or f"item {number}").dropped("item", "is neither request nor folder")

    def _folder(self, item: Table, around: _Around, place: Place, taken: dict[str, int]) -> None:
        title = _title_among(text(item.get("name")).strip() or _UNTITLED, taken)
        at = place.below(title)
        if title != text(item.get("name")).strip():
            at.imported("folder", f"is named {title!r}: it had no name, or that of the one before")
        shared = _shared(item, title, description(item.get("description")), at)
        folder = shared.folder
        for name in shared.variables.secrets:
            at.dropped(f"value of the secret variable {name}", "a folder has no place for it; give it one")
        path = (*around.path, title)
        self.folders.append(FoundFolder(path=path, shared=folder, scripts=shared.scripts))
        values: Mapping[str, str] = {**at.values, **shared.variables.written} if shared.variables.written else at.values
        below = _Around(path, _prunes(item, around.prunes))
        self.read(items(item.get("item")), below, msgspec.structs.replace(at, values=values))

    def _request(self, item: Table, around: _Around, place: Place) -> None:
        request = table(item.get("request")) or {"url": item.get("request")}
        title = text(item.get("name")).strip() or raw_of(request.get("url")) or _UNTITLED
        self.requests.append(_found_request(item, request, title, around, place.below(title)))


def _title_among(title: str, taken: dict[str, int]) -> str:
    """A title that no folder beside it has."""
    made = title
    while made in taken:
        taken[title] += 1
        made = f"{title} ({taken[title]})"
    taken[made] = 1
    return made


def _found_request(item: Table, request: Table, title: str, around: _Around, place: Place) -> FoundRequest:
    auth, said = read_auth(request.get("auth"), place)
    url = read_url(request.get("url"), place)
    body = read_body(request, sent_always=not _prunes(item, around.prunes), place=place)
    scripts, checks = read_scripts(item.get("event"), place, translate=True)
    note_variables_of(item, place)
    note_transport(request, place)
    if examples := items(item.get("response")):
        place.dropped("saved examples", f"{len(examples)} of them {'is' if len(examples) == 1 else 'are'} left out")
    notes = "\n".join(f"- {note}" for note in url.notes)
    made = Request(
        name=title,
        method=_method(request, place),
        url=url.url,
        description=_paragraphs(description(request.get("description")) or _words(item), said, notes),
        path=url.path,
        params=url.params,
        headers=headers_of(request.get("header"), place),
        body=body.body,
        auth=auth,
        options=read_options(item.get("protocolProfileBehavior"), place),
        captures=checks.captures,
        asserts=checks.asserts,
    )
    return FoundRequest(request=made, folder=around.path, scripts=scripts, extensions=body.extensions)


def _words(item: Table) -> str:
    return description(item.get("description"))


def _method(request: Table, place: Place) -> str:
    written = text(request.get("method")).strip() or "GET"
    return place.template(written) if "{{" in written else written.upper()
