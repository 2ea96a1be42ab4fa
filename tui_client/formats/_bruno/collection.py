"""Bruno's objects as our requests, folders and environments, whichever kind of file they come from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from tui_client.formats._bruno.auth import read_auth
from tui_client.formats._bruno.bodies import read_body, read_rows
from tui_client.formats._bruno.checks import read_asserts, read_captures
from tui_client.formats._bruno.place import HOLE, Place
from tui_client.formats._data import MAX_DEPTH
from tui_client.formats._format import FormatError
from tui_client.formats._found import FoundCollection, FoundFolder, FoundRequest, Report, Script
from tui_client.formats._templates import query_rows, variable_name
from tui_client.formats._values import Table, is_true, number, rows, table, text
from tui_client.kinds.auth.none import NoAuth
from tui_client.model.collection import Environment, Folder
from tui_client.model.options import Options, TimeoutOptions
from tui_client.model.request import NameValue, Request
from tui_client.model.variables import Constant, HostVariable, Secret, Variable

_REQUESTS: Final = ("http", "http-request", "graphql", "graphql-request", "")
_PHASES: Final = (("req", "pre-request"), ("res", "post-response"))
_PATH: Final = re.compile(r"[?#]")


class Item(msgspec.Struct):
    """A request or a folder: its meta, what is in it, and of a folder its items in their order."""

    meta: Table
    content: Table
    items: list[Item] | None = None


class Builder:
    """Puts a collection together."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.hosts: dict[str, str] = {}
        self.folders: list[FoundFolder] = []
        self.requests: list[FoundRequest] = []
        self.environments: dict[str, dict[str, Variable]] = {}
        self.hidden: set[str] = set()
        self.secrets: dict[str, dict[str, str]] = {}

    def environment(self, name: str, variables: list[Table]) -> None:
        """One environment; a name that is there again gets the variables of both."""
        place = Place(self.report, f"environment {name}", self.hosts)
        made = self.environments.setdefault(name, {})
        for row in variables:
            label = variable_name(text(row.get("name")))
            if row.get("enabled", True) is False or is_true(row.get("disabled")):
                place.dropped(f"~{label}", "a variable can't be switched off here")
            elif is_true(row.get("secret")):
                self._secret(name, label, text(row.get("value")), place)
                made[label] = Secret()
            else:
                made[label] = Constant(place.template(row.get("value")))
            self.hidden.add(label)

    def _secret(self, environment: str, label: str, value: str, place: Place) -> None:
        if value:
            self.secrets.setdefault(environment, {})[label] = value
        else:
            place.imported(f"secret {label}", "its value is not in the file; it is asked for")

    def collection(self, title: str, shared: Table, items: list[Item], *, inherits: bool = True) -> FoundCollection:
        """All of it, once the environments are there."""
        place = Place(self.report, title or "collection", self.hosts)
        root, scripts = self._shared(shared, place)
        if isinstance(root.auth, NoAuth):
            root = msgspec.structs.replace(root, auth=None)
        self._walk(items, (), inherits and (root.auth is not None or any(_has_auth(items))))
        hosts = {name: HostVariable(host) for name, host in self.hosts.items()}
        return FoundCollection(
            title=title,
            shared=msgspec.structs.replace(root, variables={**root.variables, **hosts}),
            folders=tuple(self.folders),
            requests=tuple(self.requests),
            environments=tuple(Environment(name=name, variables=each) for name, each in self.environments.items()),
            secrets=self.secrets,
            scripts=scripts,
        )

    def _walk(self, items: list[Item], path: tuple[str, ...], guarded: bool) -> None:
        if len(path) > MAX_DEPTH:
            raise FormatError("is nested too deep")
        for item in items:
            title = text(item.meta.get("name"))
            place = Place(self.report, " / ".join((*path, title)), self.hosts)
            if item.items is None:
                self._request(item, title, path, place, guarded)
                continue
            shared, scripts = self._shared(item.content, place)
            self._note_hidden(shared, place)
            self.folders.append(FoundFolder(path=(*path, title), shared=shared, scripts=scripts))
            self._walk(item.items, (*path, title), guarded)

    def _note_hidden(self, shared: Folder, place: Place) -> None:
        for name in sorted(self.hidden.intersection(shared.variables)):
            place.approximated(f"vars:pre-request {name}", "a variable of the environment goes before it here")

    def _shared(self, content: Table, place: Place) -> tuple[Folder, tuple[Script, ...]]:
        inner = table(content.get("request")) or content
        auth, words = read_auth(inner["auth"], place) if table(inner.get("auth")).get("mode") else (None, "")
        given = table(inner.get("vars"))
        variables: dict[str, Variable] = {}
        for row in rows(given.get("req")):
            if row.get("enabled", True) is False:
                place.dropped(f"~{text(row.get('name'))}", "a variable can't be switched off here")
            else:
                variables[variable_name(text(row.get("name")))] = Constant(place.template(row.get("value")))
        scripts = _scripts(inner, place)
        if lines := [f"{text(row.get('name'))}: {text(row.get('value'))}" for row in rows(given.get("res"))]:
            scripts += _kept_lines("vars:post-response", lines, place)
        _note_others(inner, place)
        docs = text(content.get("docs")) or text(inner.get("docs"))
        return Folder(
            name=text(content.get("title")),
            description="\n\n".join(filter(None, (docs, words))),
            headers=read_rows(rows(inner.get("headers")), place),
            auth=auth,
            options=_options(table(inner.get("settings")), place),
            variables=variables,
        ), scripts

    def _request(self, item: Item, title: str, path: tuple[str, ...], place: Place, guarded: bool) -> None:
        kind = text(item.meta.get("type"))
        if kind not in _REQUESTS:
            place.dropped(f"type: {kind}", "only requests over HTTP can be sent here")
            return
        content = item.content
        given = table(content.get("vars"))
        on = [row for row in rows(given.get("req")) if row.get("enabled", True) is not False]
        for row in rows(given.get("req")):
            if row.get("enabled", True) is False:
                place.dropped(f"~{text(row.get('name'))}", "a variable can't be switched off here")
        place.put_in({text(row.get("name")): text(row.get("value")) for row in on})
        url, params, segments = _url(content, place)
        auth, words = read_auth(content.get("auth"), place)
        asserts, left = read_asserts(rows(content.get("assertions")), place)
        captures, more = read_captures(rows(given.get("res")), place)
        scripts = _scripts(content, place)
        scripts += _kept_lines("assert", left, place) + _kept_lines("vars:post-response", more, place)
        _note_others(content, place)
        tags = item.meta.get("tags")
        request = Request(
            name=title,
            method=text(content.get("method")) or "GET",
            url=url,
            description="\n\n".join(filter(None, (text(content.get("docs")), words))),
            tags=tuple(text(tag) for tag in tags) if isinstance(tags, list) else (),
            path=segments,
            params=params,
            headers=read_rows(rows(content.get("headers")), place),
            body=read_body(content.get("body"), place),
            auth=auth if guarded or not isinstance(auth, NoAuth) else None,
            options=_options(table(content.get("settings")), place),
            captures=captures,
            asserts=asserts,
        )
        self.requests.append(FoundRequest(request=request, folder=path, scripts=scripts))


def _has_auth(items: list[Item]) -> Iterator[bool]:
    for item in items:
        if item.items is not None:
            inner = table(item.content.get("request")) or item.content
            yield text(table(inner.get("auth")).get("mode")) not in ("", "none", "inherit")
            yield from _has_auth(item.items)


def _url(content: Table, place: Place) -> tuple[str, tuple[NameValue, ...], tuple[NameValue, ...]]:
    """The query stands twice, in the URL and as rows; the rows alone know the disabled ones and the descriptions."""
    given = rows(content.get("params"))
    segments = read_rows([row for row in given if row.get("type") == "path"], place)
    asked = [row for row in given if row.get("type") != "path" and text(row.get("name"))]
    on = [row for row in asked if row.get("enabled", True) is not False]
    url, pairs = query_rows(text(content.get("url")), HOLE, place.hole)
    if on and not pairs and "?" not in url:
        return url, read_rows(asked, place), segments
    if len(on) != len(pairs):
        off = read_rows([row for row in asked if row.get("enabled", True) is False], place)
        return url, (*pairs, *off), segments
    made: list[NameValue] = []
    left = iter(pairs)
    for row in asked:
        if row.get("enabled", True) is False:
            made += read_rows([row], place)
        else:
            made.append(msgspec.structs.replace(next(left), description=text(row.get("description"))))
    return url, tuple(made), segments


def _scripts(content: Table, place: Place) -> tuple[Script, ...]:
    code = table(content.get("script"))
    found = [(phase, text(code.get(name))) for name, phase in _PHASES]
    found.append(("test", text(content.get("tests"))))
    for phase, source in found:
        if source.strip():
            place.kept(f"script: {phase}", "is kept as text")
    return tuple(Script(phase, "javascript", source) for phase, source in found if source.strip())


def _kept_lines(phase: str, lines: list[str], place: Place) -> tuple[Script, ...]:
    for line in lines:
        place.kept(f"{phase} {line}", "can't be said here; it is kept as text")
    return (Script(phase, "bruno", "\n".join(lines)),) if lines else ()


def _note_others(content: Table, place: Place) -> None:
    others = content.get("others")
    for name in others if isinstance(others, list) else ():
        place.dropped(f"block {text(name)}", "is not known here")


def _options(settings: Mapping[str, object], place: Place) -> Options:
    follow, timeout = None, TimeoutOptions()
    for name, value in settings.items():
        amount = number(value)
        if text(value) in ("", "inherit") or name == "encodeUrl":
            continue
        if name == "followRedirects":
            follow = is_true(value)
        elif name == "timeout" and amount is not None:
            timeout = TimeoutOptions(total=amount / 1000)
        elif name != "maxRedirects" or amount is None:
            place.dropped(f"settings {name}", "there is no such setting here")
    most = number(settings.get("maxRedirects"))
    most_redirects = None if most is None else int(most)
    return Options(timeout=timeout, follow_redirects=follow, max_redirects=most_redirects)
