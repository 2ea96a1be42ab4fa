"""Profiles, recipes and folders as environments, requests and folders."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from tui_client.formats._data import MAX_DEPTH
from tui_client.formats._format import FormatError
from tui_client.formats._found import FoundCollection, FoundFolder, FoundRequest, Report
from tui_client.formats._slumber.bodies import fields_of, pairs, read_body
from tui_client.formats._slumber.chains import chains_of, is_command, told
from tui_client.formats._slumber.place import Place
from tui_client.formats._slumber.tagged import tag_of, untagged
from tui_client.formats._slumber.wanted import Wanted
from tui_client.formats._templates import variable_name
from tui_client.formats._values import Table, is_true, rows, table, text
from tui_client.formats._yaml import Tagged
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.model.collection import Environment, Folder
from tui_client.model.kinds import Auth
from tui_client.model.request import NameValue, Request
from tui_client.model.variables import Constant, Variable

_SHAPE: Final = ("$ref", "type", "id", "name", "method", "url", "query", "headers", "authentication", "body")
_KNOWN: Final = frozenset((*_SHAPE, "persist", "requests", "description"))
_PROFILE: Final = frozenset(("$ref", "id", "name", "data", "default"))
_FOLDER: Final = frozenset(("$ref", "type", "id", "name", "requests"))
_TOP: Final = frozenset(("name", "profiles", "environments", "chains", "requests"))
_MAX_HOPS: Final = 32


class Builder:
    """Puts a collection together."""

    def __init__(self, root: Table, report: Report) -> None:
        self._root = root
        self._report = report
        self._wanted = Wanted(chains_of(root.get("chains")))
        self._found: list[tuple[str, FoundRequest]] = []
        self._folders: list[FoundFolder] = []
        self._wholes: dict[int, Table] = {}  # by the identity of what stands in the document

    def collection(self, title: str) -> FoundCollection:
        """All of it."""
        title = text(self._root.get("name")) or title
        place = self._place(title or "collection")
        self._titles(self._root.get("requests"), 0)
        environments = self._environments()
        self._walk(self._root.get("requests"), (), 0)
        self._unused(place)
        self._others(place)
        requests = (
            replace(found, request=replace(found.request, captures=self._wanted.captures_of(recipe)))
            for recipe, found in self._found
        )
        return FoundCollection(
            title=title,
            shared=Folder(variables=self._wanted.variables),
            folders=tuple(self._folders),
            requests=tuple(requests),
            environments=environments,
        )

    def _unused(self, place: Place) -> None:
        for name, chain in self._wanted.chains.items():
            if name not in self._wanted.used:
                tell = place.kept if is_command(chain) else place.dropped
                tell(f"chains.{name}: {told(chain)}", "nothing that is imported uses it")

    def _others(self, place: Place) -> None:
        for name, value in self._root.items():
            if name in _TOP or name.startswith((".", "$")):
                continue
            if isinstance(value, dict):
                # Before version 4, parts to be merged stood under names of their own.
                place.approximated(f"{name}: {text(value)}", "counts only where it is merged or referred to")
            else:
                place.dropped(f"{name}: {text(untagged(value))}", "is not known here")

    def _place(self, origin: str) -> Place:
        return Place(self._report, origin, self._wanted)

    def _whole(self, value: object) -> Table:
        """A table with what it refers to, `$ref: "#/.base"`; its own members go before."""
        value = untagged(value)
        if id(value) not in self._wholes:
            self._wholes[id(value)] = self._put_together(table(value))
        return self._wholes[id(value)]

    def _put_together(self, found: Table) -> Table:
        for _ in range(_MAX_HOPS):
            reference = found.get("$ref")
            if not isinstance(reference, str):
                return found
            own = {name: each for name, each in found.items() if name != "$ref"}
            target = self._referred(reference)
            if target is None:
                self._report.dropped(reference[:200], "$ref", "there is no such place in this file")
                return own
            found = {**target, **own}
        raise FormatError("has a $ref that leads to itself")

    def _referred(self, reference: str) -> Table | None:
        if not reference.startswith("#/"):
            return None
        value: object = self._root
        for part in reference[2:].split("/"):
            value = table(untagged(value)).get(part.replace("~1", "/").replace("~0", "~"))
        return table(untagged(value)) if isinstance(untagged(value), dict) else None

    def _named(self, value: object) -> list[tuple[str, object]]:
        """Recipes or profiles by their id; long ago they stood in a list."""
        if isinstance(value, list):
            return [(text(table(untagged(each)).get("id")), each) for each in value]
        return list(table(untagged(value)).items())

    def _titles(self, value: object, depth: int) -> None:
        for key, each in self._named(value):
            whole = self._whole(each)
            if self._is_folder(each, whole) and depth < MAX_DEPTH:
                self._titles(whole.get("requests"), depth + 1)
            else:
                self._wanted.titles.setdefault(key, text(whole.get("name")) or key)

    def _is_folder(self, value: object, whole: Table) -> bool:
        tag = tag_of(value)[0] if isinstance(value, Tagged) else text(whole.get("type"))
        return tag == "folder" or (tag != "request" and "requests" in whole and "url" not in whole)

    def _environments(self) -> tuple[Environment, ...]:
        made: list[tuple[bool, Environment]] = []
        given = self._root.get("profiles", self._root.get("environments"))
        profiles = [(key, self._whole(each)) for key, each in self._named(given)]
        for _, profile in profiles:
            self._wanted.reserved.update(map(variable_name, self._whole(profile.get("data"))))
        for key, profile in profiles:
            title = text(profile.get("name")) or key
            place = self._place(f"profile {title}")
            self._unknown(profile, _PROFILE, place)
            variables: dict[str, Variable] = {}
            for name, value in self._whole(profile.get("data")).items():
                if variable_name(name) in variables:
                    place.dropped(f"{name}: {text(untagged(value))}", "another field has the same name here")
                else:
                    variables[variable_name(name)] = self._value(value, place)
            made.append((not is_true(profile.get("default")), Environment(name=title, variables=variables)))
        made.sort(key=lambda pair: pair[0])
        return tuple(environment for _, environment in made)

    def _unknown(self, whole: Table, known: frozenset[str], place: Place) -> None:
        for name in whole:
            if name not in known:
                place.dropped(f"{name}: {text(untagged(whole[name]))}", "is not known here")

    def _value(self, value: object, place: Place) -> Variable:
        value = untagged(value)
        return Constant(value) if isinstance(value, bool | int | float) else Constant(place.template(value))

    def _walk(self, value: object, path: tuple[str, ...], depth: int) -> None:
        if depth > MAX_DEPTH:
            raise FormatError("is nested too deep")
        for key, each in self._named(value):
            whole = self._whole(each)
            title = text(whole.get("name")) or key
            if self._is_folder(each, whole):
                self._unknown(whole, _FOLDER, self._place(" / ".join((*path, title))))
                self._folders.append(FoundFolder(path=(*path, title)))
                self._walk(whole.get("requests"), (*path, title), depth + 1)
            elif text(whole.get("url")) or text(whole.get("method")):
                self._request(key, title, whole, path)
            else:
                self._place(" / ".join((*path, title))).dropped("recipe", "it has neither a method nor a URL")

    def _request(self, key: str, title: str, whole: Table, path: tuple[str, ...]) -> None:
        place = self._place(" / ".join((*path, title)))
        self._unknown(whole, _KNOWN, place)
        if whole.get("persist") is False:
            place.dropped("persist: false", "the history is switched off as a whole, in the settings")
        request = Request(
            name=title,
            method=place.template(whole.get("method")) or "GET",
            url=place.template(whole.get("url")),
            description=text(whole.get("description")),
            params=self._rows(whole.get("query"), place),
            headers=self._rows(whole.get("headers"), place),
            auth=_auth(self._referring(whole.get("authentication")), place),
            body=read_body(self._referring(whole.get("body")), place),
        )
        self._found.append((key, FoundRequest(request=request, folder=path)))

    def _referring(self, value: object) -> object:
        return self._whole(value) if isinstance(value, dict) else value

    def _rows(self, value: object, place: Place) -> tuple[NameValue, ...]:
        given = value if isinstance(value, list) else self._whole(value)
        return tuple(NameValue(name, place.template(each)) for name, each in pairs(given, place))


def _auth(value: object, place: Place) -> Auth | None:
    """`{type: basic, …}` or, in version 3, `!basic {…}` and `!bearer token`."""
    if value is None:
        return None
    fields = fields_of(value)
    kind = tag_of(value)[0] if isinstance(value, Tagged) else text(fields.get("type"))
    match kind:
        case "basic":
            return Basic(place.template(fields.get("username")), place.template(fields.get("password")))
        case "bearer":
            return Bearer(place.template(fields.get("token", untagged(value) if not fields else "")))
        case _:
            place.dropped(f"auth: {kind or 'without a type'}", "there is no such auth here")
            return None


def is_collection(root: Table) -> bool:
    """Whether it has recipes of Slumber's, or at least profiles or chains."""
    given = root.get("requests")
    if isinstance(given, list):
        return any("method" in each and "url" in each and "id" in each for each in rows(given))
    return isinstance(given, dict) or isinstance(root.get("profiles"), dict) or isinstance(root.get("chains"), dict)
