"""An Insomnia tree as our requests, folders and environments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from tui_client.formats._found import FoundCollection, FoundFolder, FoundRequest, Report, Script
from tui_client.formats._insomnia.auth import read_auth
from tui_client.formats._insomnia.bodies import read_body, read_rows
from tui_client.formats._insomnia.place import HOLE, Place, Wanted
from tui_client.formats._insomnia.tree import Node, Root
from tui_client.formats._insomnia.variables import read_pairs, read_variables
from tui_client.formats._templates import query_rows
from tui_client.formats._values import Table, is_true, rows, table, text
from tui_client.kinds.auth.none import NoAuth
from tui_client.model.collection import Environment, Folder
from tui_client.model.kinds import Auth
from tui_client.model.options import Options
from tui_client.model.request import Request
from tui_client.model.variables import Variable

_MOST_SECRETS: Final = 100_000
_PHASES: Final = (("preRequestScript", "pre-request"), ("afterResponseScript", "post-response"))


class Builder:
    """Puts one collection together."""

    def __init__(self, report: Report, root: Root) -> None:
        self.report = report
        self.root = root
        self.wanted = Wanted()
        self.folders: list[FoundFolder] = []
        self.requests: list[tuple[str, FoundRequest]] = []
        self.environments: dict[str, dict[str, Variable]] = {}
        self.hidden: set[str] = set()
        self.secrets: dict[str, dict[str, str]] = {}

    def build(self) -> FoundCollection:
        """All of it; the captures that tags want are put in once all tags are read."""
        root = self.root
        place = Place(self.report, root.title or "collection", self.wanted)
        self.wanted.known = dict(_titles(root.items))
        base = self._base(place)
        shared, scripts = self._shared(root.content, place, base)
        auth = None if isinstance(shared.auth, NoAuth) else shared.auth
        guarded = auth is not None or any(_guards(root.items))
        self._walk(root.items, (), place, guarded)
        for _ in root.cookies:
            place.dropped("cookie", "cookies are kept per session here, not in files")
        for kind, name in (("proxy", "proxy"), ("caCertificate", "CA certificate")):
            if root.content.get(kind):
                place.dropped(name, "set it in the options of the collection")
        return FoundCollection(
            title=root.title,
            shared=msgspec.structs.replace(shared, auth=auth, name="", description=root.description),
            folders=tuple(self.folders),
            requests=tuple(self._with_captures(*each) for each in self.requests),
            environments=tuple(Environment(name=name, variables=each) for name, each in self.environments.items()),
            secrets=self.secrets,
            scripts=scripts,
        )

    def _base(self, place: Place) -> dict[str, Variable]:
        """The base environment is what all share; those below it are ours, and go before it."""
        base, secrets = self._variables(self.root.base, place.at("base environment"))
        for each in self.root.environments:
            name = text(each.get("name"))
            within = place.at(f"environment {name}")
            variables, own = self._variables(each, within)
            if is_true(each.get("isPrivate")):
                within.approximated("private environment", "is written like the others: mind what is secret in it")
            if name in self.environments:
                within.approximated("environment", "another has this name; the variables of both are in one")
            self.environments.setdefault(name, {}).update(variables)
            self.hidden.update(variables)
            if len(secrets) * len(self.root.environments) <= _MOST_SECRETS:
                own = {**secrets, **own}
            elif secrets:
                within.dropped("secrets of the base environment", "are too many to be written for each environment")
            self.secrets.setdefault(name, {}).update(own)
        self.secrets = {name: each for name, each in self.secrets.items() if each}
        if secrets and not self.environments:
            self.environments["base"] = {}
            self.secrets["base"] = secrets
        return base

    def _variables(self, given: Table, place: Place) -> tuple[dict[str, Variable], dict[str, str]]:
        pairs = rows(given.get("kvPairData"))
        return read_pairs(pairs, place) if pairs else (read_variables(given.get("data"), place), {})

    def _shared(
        self, content: Table, place: Place, variables: dict[str, Variable]
    ) -> tuple[Folder, tuple[Script, ...]]:
        auth, words = read_auth(content.get("authentication"), place)
        return Folder(
            name=text(content.get("name")),
            description="\n\n".join(filter(None, (text(content.get("description")), words))),
            headers=read_rows(content.get("headers"), place),
            auth=auth,
            variables=variables,
        ), _scripts(content, place)

    def _walk(self, items: list[Node], path: tuple[str, ...], around: Place, guarded: bool) -> None:
        for node in items:
            place = around.at(" / ".join((*path, node.title)))
            if node.items is None:
                self.requests.append((text(node.content.get("_id")), self._request(node, path, place, guarded)))
                continue
            variables = read_variables(node.content.get("environment"), place)
            if rows(node.content.get("kvPairData")):
                variables, _ = read_pairs(node.content.get("kvPairData"), place)
            self._note_hidden(variables, place)
            shared, scripts = self._shared(node.content, place, variables)
            self.folders.append(FoundFolder(path=(*path, node.title), shared=shared, scripts=scripts))
            self._walk(node.items, (*path, node.title), around, guarded)

    def _note_hidden(self, variables: dict[str, Variable], place: Place) -> None:
        for name in variables:
            if name in self.hidden:
                place.approximated(f"variable {name}", "a variable of the environment goes before it here")

    def _request(self, node: Node, path: tuple[str, ...], place: Place, guarded: bool) -> FoundRequest:
        content = node.content
        auth, words = read_auth(content.get("authentication"), place)
        url, params = query_rows(text(content.get("url")), HOLE, place.hole)
        request = Request(
            name=node.title,
            method=text(content.get("method")) or "GET",
            url=url,
            description="\n\n".join(filter(None, (text(content.get("description")), words))),
            path=read_rows(content.get("pathParameters"), place),
            params=(*params, *read_rows(content.get("parameters"), place)),
            headers=read_rows(content.get("headers"), place),
            body=read_body(content.get("body"), place),
            auth=_seen(auth, guarded),
            options=_options(content, place),
        )
        return FoundRequest(request=request, folder=path, scripts=_scripts(content, place))

    def _with_captures(self, number: str, found: FoundRequest) -> FoundRequest:
        wanted = self.wanted.captures.get(number)
        if not wanted:
            return found
        request = msgspec.structs.replace(found.request, captures=tuple(wanted.values()))
        return msgspec.structs.replace(found, request=request)


def _seen(auth: Auth | None, guarded: bool) -> Auth | None:
    """None where there is nothing that could be inherited."""
    return None if isinstance(auth, NoAuth) and not guarded else auth


def _titles(items: list[Node]) -> Iterator[tuple[str, str]]:
    for node in items:
        if node.items is None:
            yield text(node.content.get("_id")), node.title
        else:
            yield from _titles(node.items)


def _guards(items: list[Node]) -> Iterator[bool]:
    for node in items:
        if node.items is not None:
            yield text(table(node.content.get("authentication")).get("type")) not in ("", "none", "inherit")
            yield from _guards(node.items)


def _scripts(content: Table, place: Place) -> tuple[Script, ...]:
    found = [(phase, text(content.get(name))) for name, phase in _PHASES]
    for phase, source in found:
        if source.strip():
            place.kept(f"script: {phase}", "is kept as text")
    return tuple(Script(phase, "javascript", source) for phase, source in found if source.strip())


def _options(content: Table, place: Place) -> Options:
    """The settings stand at the request in version 4, below `settings` in version 5."""
    inner = table(content.get("settings"))
    sent = table(inner.get("cookies"))
    follow = content.get("settingFollowRedirects", inner.get("followRedirects"))
    cookies = content.get("settingSendCookies", sent.get("send", inner.get("sendCookies")))
    store = content.get("settingStoreCookies", sent.get("store", inner.get("storeCookies")))
    if store is False and cookies is not False:
        place.approximated("setting: store cookies", "cookies are both stored and sent here")
    if content.get("settingEncodeUrl", inner.get("encodeUrl")) is False:
        place.approximated("setting: encode URL", "parameters are always encoded here")
    if content.get("settingDisableRenderRequestBody") is True or inner.get("renderRequestBody") is False:
        place.approximated("setting: no templates in the body", "they are filled in here unless template = false")
    return Options(
        follow_redirects=None if follow in (None, "global") else follow is True or follow == "on",
        cookies=False if cookies is False else None,
    )
