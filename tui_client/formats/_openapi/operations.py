"""Operations as requests."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from tui_client.formats._found import FoundRequest, Report
from tui_client.formats._openapi.bodies import Bodies
from tui_client.formats._openapi.kept import NAME
from tui_client.formats._openapi.names import Names
from tui_client.formats._openapi.parameters import Parameter, Parameters
from tui_client.formats._openapi.references import NOWHERE, Node, References, shown
from tui_client.formats._openapi.samples import Sampler
from tui_client.formats._openapi.security import Secured, Security
from tui_client.formats._openapi.servers import Servers
from tui_client.formats._openapi.swagger import body_of
from tui_client.formats._openapi.words import one_line, text_in
from tui_client.formats._templates import converted
from tui_client.kinds.auth.none import NoAuth
from tui_client.model.kinds import Auth
from tui_client.model.request import NameValue, Request
from tui_client.model.variables import Constant

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
MAX_REPLIES: Final = 40
MAX_TAGS: Final = 50
_COST: Final = 1000
_HOLE: Final = re.compile(r"\{([^{}/]+)\}")
_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,50}")


class Tools(NamedTuple):
    """What reads the parts of an operation."""

    references: References
    names: Names
    servers: Servers
    security: Security
    report: Report
    shared: Secured
    base_url: str


class _Place(NamedTuple):
    """Where an operation stands."""

    path: str
    method: str
    item: Node
    origin: str


class Operations:
    """Reads paths. is_old: of Swagger 2, whose bodies are parameters."""

    def __init__(self, root: dict[str, Any], tools: Tools, *, is_old: bool) -> None:
        sampler = Sampler(tools.references)
        self._tools = tools
        self._is_old = is_old
        self._consumes = root.get("consumes")
        self._parameters = Parameters(tools.references, sampler, tools.report)
        self._bodies = Bodies(tools.references, sampler, tools.report)
        self.replies = 0
        self.links = 0
        self.extensions: dict[str, None] = {}

    def of_path(self, path: str, item: Node) -> list[FoundRequest]:
        """The requests of one path."""
        found = []
        for method, operation in self._operations(path, item):
            origin = f"{method.upper()} {path}"
            if not isinstance(operation.value, dict):
                self._tools.report.dropped(shown(origin), "operation", "it is no table")
                continue
            self._tools.references.spend(_COST + len(path))
            found.append(self._request(_Place(path, method, item, shown(origin)), operation))
        return found

    def _operations(self, path: str, item: Node) -> list[tuple[str, Node]]:
        found: list[tuple[str, Node]] = []
        self._tools.references.spend(20 * len(item.table()))
        for name, value in item.table().items():
            node = Node(value, item.file)
            if name.lower() in METHODS:
                found.append((name.lower(), self._tools.references.follow(node)))
            elif name == "additionalOperations" and isinstance(value, dict):
                for method, each in value.items():
                    if _TOKEN.fullmatch(method):
                        found.append((method, self._tools.references.follow(Node(each, item.file))))
                    else:
                        self._tools.report.dropped(shown(path), f"method {shown(method)}", "it is no HTTP method")
        return found

    def _request(self, place: _Place, operation: Node) -> FoundRequest:
        table, references = operation.table(), self._tools.references
        references.spend(20 * len(table))
        shared, own = references.child(place.item, "parameters"), references.child(operation, "parameters")
        parameters = self._parameters.of(shared, own, place.origin)
        secured, auth = self._auth(table)
        if self._is_old:
            body = body_of(shared, own, table.get("consumes", self._consumes), references)
        else:
            body = references.child(operation, "requestBody")
        made = self._bodies.of(body, place.origin)
        self._reported(operation, place.origin)
        url, path_rows = self._url(place, operation, parameters)
        headers = [row for each in parameters if each.place == "header" for row in each.rows]
        headers += _cookies([row for each in parameters if each.place == "cookie" for row in each.rows])
        if made.media_type and not any(row.name.lower() == "content-type" for row in headers):
            headers.append(NameValue("Content-Type", made.media_type))
        params = [row for each in parameters if each.place in ("query", "querystring") for row in each.rows]
        description = self._description(place, operation, body)
        references.spend(len(description))
        tags = _tags(table)
        request = Request(
            name=one_line(text_in(table, "summary") or text_in(table, "operationId") or place.origin),
            method=place.method.upper() if place.method in METHODS else place.method,
            url=url,
            description=description,
            tags=tags,
            path=path_rows,
            params=(*params, *secured.params),
            headers=(*headers, *secured.headers),
            body=made.body,
            auth=auth,
        )
        link = {"document": NAME, "operation": f"{place.method} {place.path}"}
        if text_in(table, "operationId"):
            link["operation_id"] = text_in(table, "operationId")
        return FoundRequest(request=request, folder=tags[:1], extensions={"x-openapi": link})

    def _auth(self, table: dict[str, Any]) -> tuple[Secured, Auth | None]:
        """What goes with a request, and the auth that is its own."""
        own = self._tools.security.of(table.get("security"))
        if own is None:
            return self._tools.shared, None
        inherited = self._tools.shared.auth
        if own.auth == inherited or (inherited is None and isinstance(own.auth, NoAuth) and table["security"]):
            return own, None
        return own, own.auth or NoAuth()

    def _url(self, place: _Place, operation: Node, parameters: list[Parameter]) -> tuple[str, tuple[NameValue, ...]]:
        known = {each.name: each for each in parameters if each.place == "path"}
        used: dict[str, NameValue] = {}
        path, sign, query = place.path.partition("?")
        if not path.startswith("/"):
            path = f"/{path}"
        segments = [self._segment(each, known, used, place) for each in path.split("/")]
        url = "/".join(segments) + (self._within(sign + query, known, used, place) if sign else "")
        for name in known:
            if name not in used:
                self._tools.report.dropped(place.origin, f"parameter {shown(name)}", "it is not in the path")
        rows = tuple(row for row in used.values() if row.name)
        return self._server(place, operation) + url, rows

    def _segment(self, segment: str, known: dict[str, Parameter], used: dict[str, NameValue], place: _Place) -> str:
        whole = _HOLE.fullmatch(segment)
        if whole is None or (whole[1] in known and known[whole[1]].path):
            return self._within(segment, known, used, place)
        name = whole[1]
        used[name] = self._path_row(name, known, place)
        return segment

    def _path_row(self, name: str, known: dict[str, Parameter], place: _Place) -> NameValue:
        if name in known and known[name].rows:
            return known[name].rows[0]
        if name not in known:
            why = "the document does not describe it; its value is made up"
            self._tools.report.approximated(place.origin, f"parameter {shown(name)}", why)
        return NameValue(name, "1")

    def _within(self, text: str, known: dict[str, Parameter], used: dict[str, NameValue], place: _Place) -> str:
        """Text whose parameters are variables, since a path parameter of ours is a whole segment."""

        def hole(match: re.Match[str]) -> str:
            name = match[1]
            if name in known and known[name].path:
                used.setdefault(name, NameValue(""))
                return known[name].path
            row = self._path_row(name, known, place)
            used.setdefault(name, NameValue(""))
            variable = self._tools.names.claim(name, "path", Constant(row.value))
            why = "it is a part of a segment, so it is a variable of the collection"
            self._tools.report.imported(place.origin, f"parameter {shown(name)}", why)
            return f"{{{{url({variable})}}}}"

        return converted(text, _HOLE, hole)

    def _server(self, place: _Place, operation: Node) -> str:
        """The server of an operation where it has one of its own; "" where the collection's is meant."""
        for node in (operation, place.item):
            own = self._tools.references.child(node, "servers")
            if own.value:
                servers = self._tools.servers.of(own, place.origin)
                if not servers or servers[0].url == self._tools.base_url:
                    return ""
                for name, variable in servers[0].variables.items():
                    self._tools.names.variables.setdefault(name, variable)
                if len(servers) > 1:
                    why = "the URL is of the first of them"
                    self._tools.report.approximated(place.origin, f"{len(servers)} servers", why)
                return servers[0].url.rstrip("/")
        return ""

    def _reported(self, operation: Node, origin: str) -> None:
        table = operation.table()
        for name in self._tools.references.child(operation, "callbacks").table():
            self._tools.references.spend(_COST)
            self._tools.report.dropped(origin, f"callback {shown(name)}", "it is what the server sends, not you")
        for name in table:
            if name.startswith("x-") and len(self.extensions) < MAX_TAGS:
                self.extensions[name] = None
        self.replies += len(self._tools.references.child(operation, "responses").table())

    def _description(self, place: _Place, operation: Node, body: Node) -> str:
        table, item = operation.table(), place.item.table()
        parts = ["**Deprecated.**"] if table.get("deprecated") is True else []
        parts.append(text_in(table, "description") or text_in(item, "description"))
        if not text_in(table, "summary") and text_in(item, "summary"):
            parts.append(text_in(item, "summary"))
        docs = self._tools.references.child(operation, "externalDocs").table()
        parts.append(" ".join(filter(None, (text_in(docs, "description"), text_in(docs, "url")))))
        said = body.table()
        if body.value is not None:
            optional = "The body is optional." if said.get("required") is not True and not self._is_old else ""
            parts.append(" ".join(filter(None, (text_in(said, "description"), optional))))
        parts.append(self._replies(operation))
        return "\n\n".join(part for part in parts if part)

    def _replies(self, operation: Node) -> str:
        references = self._tools.references
        lines = []
        responses = references.child(operation, "responses")
        references.spend(20 * len(responses.table()))
        for status, each in list(responses.table().items())[:MAX_REPLIES]:
            reply = references.follow(Node(each, responses.file))
            self.links += len(references.child(reply, "links").table())
            words = one_line(text_in(reply.table(), "description") or text_in(reply.table(), "summary"))
            if not str(status).startswith("x-") and reply is not NOWHERE:
                lines.append(f"- {status}: {words}" if words else f"- {status}")
        return "\n".join(["Replies:", *lines]) if lines else ""


def _tags(table: dict[str, Any]) -> tuple[str, ...]:
    tags = table.get("tags")
    named = [one_line(each) for each in tags[:MAX_TAGS] if isinstance(each, str)] if isinstance(tags, list) else []
    return tuple(dict.fromkeys(each for each in named if each))


def _cookies(rows: list[NameValue]) -> list[NameValue]:
    """Those that are required in one header, each of the others in one that is switched off."""
    needed = [row for row in rows if row.enabled]
    others = [row for row in rows if not row.enabled]
    if not needed:
        return others
    words = "; ".join(row.description for row in needed if row.description)
    return [NameValue("Cookie", "; ".join(row.value for row in needed), True, words), *others]
