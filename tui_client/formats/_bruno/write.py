"""Our requests as one OpenCollection file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

from tui_client.formats._bruno.checks import OPERATORS, expression_of
from tui_client.formats._format import Exported, Item
from tui_client.formats._found import Report
from tui_client.formats._values import Table, text
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.effective import EffectiveRequest
from tui_client.model.kinds import Auth, Body
from tui_client.model.request import NameValue
from tui_client.model.variables import Constant

_HOLE: Final = re.compile(r"\{\{([^{}\r\n]{1,300})\}\}")
_LITERAL: Final = "{{'{{'}}"
_NAME: Final = re.compile(r"[\w.\-]+")
_TYPED: Final = re.compile(r"(?:json|int|float|bool|string)\(([\w.\-]+)\)")
_FUNCTIONS: Final = {"uuid()": "$guid", "timestamp()": "$timestamp", "now()": "$isoTimestamp"}
_FLOWS: Final = {"password": "resource_owner_password_credentials"}


class _Place:
    """One request: its templates become Bruno's, and what is said of it bears its name."""

    def __init__(self, report: Report, origin: str) -> None:
        self.report = report
        self.origin = origin
        self.used: dict[str, None] = {}

    def dropped(self, construct: str, why: str) -> None:
        """It is not there."""
        self.report.dropped(self.origin, construct, why)

    def text(self, template: str) -> str:
        """A template with Bruno's variables."""
        if _LITERAL in template:
            self.report.approximated(self.origin, _LITERAL, "Bruno may take braces that are text for a variable")
        return "{{".join(_HOLE.sub(self._hole, piece) for piece in template.split(_LITERAL))

    def _hole(self, match: re.Match[str]) -> str:
        inner = match[1].strip()
        typed = _TYPED.fullmatch(inner)
        if _NAME.fullmatch(inner) or typed:
            inner = typed[1] if typed else inner
            self.used[inner] = None
            return f"{{{{{inner}}}}}"
        if inner in _FUNCTIONS:
            return f"{{{{{_FUNCTIONS[inner]}}}}}"
        self.dropped(match[0], "Bruno has no such function")
        return match[0]

    def rows(self, given: Sequence[NameValue]) -> list[Table]:
        """Rows with their switches and descriptions."""
        return [_row(self, row.name, row.value, row.enabled, row.description) for row in given]


def write_opencollection(items: Sequence[Item]) -> Exported:
    """One file with all requests in their folders."""
    import yaml  # takes a while to import

    report = Report()
    variables: dict[str, str] = {}
    top: list[object] = []
    folders: dict[tuple[str, ...], list[object]] = {(): top}
    for number, item in enumerate(items, start=1):
        place = _Place(report, item.title)
        _within(folders, item.folder).append(_request(item, number, place))
        _give(item, place, variables)
    document: Table = {"opencollection": "1.0.0", "info": {"name": "Requests"}, "bundled": True}
    if variables:
        document["request"] = {"variables": [{"name": name, "value": each} for name, each in variables.items()]}
    document["items"] = top
    written: str = yaml.safe_dump(_clean(document), sort_keys=False, allow_unicode=True, width=1000)
    return Exported(written, tuple(report.lines))


def _clean(value: object) -> object:
    """The same without what is no Unicode: YAML could not be read with it."""
    match value:
        case str():
            return text(value)
        case list():
            return [_clean(each) for each in value]
        case dict():
            return {_clean(name): _clean(each) for name, each in value.items()}
        case _:
            return value


def _within(folders: dict[tuple[str, ...], list[object]], path: tuple[str, ...]) -> list[object]:
    for end in range(1, len(path) + 1):
        if path[:end] not in folders:
            inside: list[object] = []
            folders[path[:end]] = inside
            folder = {"info": {"name": path[end - 1], "type": "folder", "seq": len(folders) - 1}, "items": inside}
            folders[path[: end - 1]].append(folder)
    return folders[path]


def _give(item: Item, place: _Place, variables: dict[str, str]) -> None:
    """The values of the variables that a request uses, and those that they use."""
    left = list(place.used)
    seen = set(left)
    while left:
        name = left.pop()
        found = item.request.scope.find(name)
        if found is None or not isinstance(found[1], Constant):
            place.dropped(f"variable {name}", "has no value that can be written; give it one in Bruno")
            continue
        value = found[1].value
        written = place.text(value) if isinstance(value, str) and not found[1].literal else text(value)
        if variables.setdefault(name, written) != written:
            place.dropped(f"variable {name}", "has another value in a request before this one")
        left += [each for each in place.used if each not in seen]
        seen.update(place.used)


def _request(item: Item, number: int, place: _Place) -> Table:
    request = item.request
    sent: Table = {
        "method": request.method,
        "url": _url(request, place),
        "params": [{**row, "type": "query"} for row in place.rows(request.params)]
        + [{**row, "type": "path"} for row in place.rows(request.path)],
        "headers": place.rows(request.headers),
        "body": _body(request.body, place),
        "auth": _auth(request.auth, place),
    }
    kind = "graphql" if isinstance(request.body, GraphQL) else "http"
    info: Table = {"name": item.title, "type": kind, "seq": number}
    if request.tags:
        info["tags"] = list(request.tags)
    made: Table = {"info": info, kind: {name: value for name, value in sent.items() if value not in ([], None)}}
    runtime = {"assertions": _asserts(request, place), "actions": _actions(request, place)}
    if any(runtime.values()):
        made["runtime"] = {name: value for name, value in runtime.items() if value}
    return made


def _url(request: EffectiveRequest, place: _Place) -> str:
    """With base_url, and with the parameters: Bruno sends the URL, and its table of parameters only shows them."""
    url = request.url
    if not re.match(r"\{\{|[A-Za-z][\w+.-]*://", url):
        url = "{{base_url}}" + ("" if url.startswith("/") or not url else "/") + url
    whole, mark, fragment = place.text(url).partition("#")
    pairs = [
        f"{_encoded(place.text(row.name))}={_encoded(place.text(row.value))}" for row in request.params if row.enabled
    ]
    joint = "" if not pairs else "&" if "?" in whole else "?"
    return whole + joint + "&".join(pairs) + mark + fragment


def _encoded(written: str) -> str:
    out, at = [], 0
    for match in _HOLE.finditer(written):
        out += [quote(written[at : match.start()], safe="", errors="replace"), match[0]]
        at = match.end()
    return "".join([*out, quote(written[at:], safe="", errors="replace")])


def _asserts(request: EffectiveRequest, place: _Place) -> list[Table]:
    made: list[Table] = []
    for each in request.asserts:
        expression = expression_of(each.query)
        operator = OPERATORS.get((each.op, each.negated))
        if not expression or not operator or each.filters or isinstance(each.value, list | dict | bytes):
            place.dropped(f"assert {each.op}", "can't be said in Bruno's words")
            continue
        row: Table = {"expression": expression, "operator": operator}
        if each.value is not None:
            row["value"] = place.text(each.value) if isinstance(each.value, str) else text(each.value)
        made.append(row if each.enabled else {**row, "disabled": True})
    return made


def _actions(request: EffectiveRequest, place: _Place) -> list[Table]:
    made: list[Table] = []
    for each in request.captures:
        expression = expression_of(each.query)
        if not expression or each.filters:
            place.dropped(f"capture {each.name}", "can't be said in Bruno's words")
            continue
        variable: Table = {"name": each.name, "scope": "runtime"}
        selector: Table = {"expression": expression, "method": "jsonq"}
        action = {"type": "set-variable", "phase": "after-response", "selector": selector, "variable": variable}
        made.append({**action})
    return made


def _row(place: _Place, name: str, value: str, enabled: bool, description: str) -> Table:
    made: Table = {"name": place.text(name), "value": place.text(value)}
    made |= {"description": description} if description else {}
    return made if enabled else {**made, "disabled": True}


def _body(body: Body | None, place: _Place) -> Table | None:
    match body:
        case None:
            return None
        case Json():
            return {"type": "json", "data": place.text(body.content)}
        case Text():
            kind = "xml" if body.media_type.partition(";")[0].endswith("xml") else "text"
            return {"type": kind, "data": place.text(body.content)}
        case GraphQL():
            return {"query": place.text(body.query), "variables": place.text(body.variables)}
        case Form():
            return {"type": "form-urlencoded", "data": place.rows(body.fields)}
        case Multipart():
            return {"type": "multipart-form", "data": [_part(part, place) for part in body.parts]}
        case File():
            file = {"filePath": place.text(body.path), "contentType": body.media_type, "selected": True}
            return {"type": "file", "data": [file]}
        case _:
            place.dropped("body", "Bruno has no such body")
            return None


def _part(part: Part, place: _Place) -> Table:
    made = _row(place, part.name, part.value, part.enabled, part.description)
    made["type"] = "file" if part.file else "text"
    if part.file:
        made["value"] = [place.text(part.file)]
    if part.type:
        made["contentType"] = part.type
    if part.filename:
        place.dropped(f"file name {part.filename}", "Bruno sends the file's own")
    return made


def _auth(auth: Auth | None, place: _Place) -> object:
    match auth:
        case None | NoAuth():
            return None
        case Basic():
            return _fields("basic", {"username": auth.username, "password": auth.password}, place)
        case Digest():
            return _fields("digest", {"username": auth.username, "password": auth.password}, place)
        case Bearer(prefix="Bearer"):
            return _fields("bearer", {"token": auth.token}, place)
        case ApiKey(place="header" | "query"):
            return _fields("apikey", {"key": auth.name, "value": auth.value, "placement": auth.place}, place)
        case OAuth2(grant="client_credentials" | "password"):
            return _oauth2(auth, place)
        case _:
            place.dropped("auth", "Bruno has no auth like this one")
            return None


def _oauth2(auth: OAuth2, place: _Place) -> object:
    made = _fields("oauth2", {"accessTokenUrl": auth.token_url, "scope": auth.scope}, place)
    where = "basic_auth_header" if auth.client_auth == "basic" else "body"
    client = {"clientId": place.text(auth.client_id), "clientSecret": place.text(auth.client_secret)}
    owner = {"username": place.text(auth.username), "password": place.text(auth.password)}
    if auth.audience:
        place.dropped("audience", "is not written into this format")
    return {
        **made,
        "flow": _FLOWS.get(auth.grant, auth.grant),
        "credentials": {**client, "placement": where},
        **({"resourceOwner": owner} if auth.grant == "password" else {}),
    }


def _fields(kind: str, given: Mapping[str, str], place: _Place) -> Table:
    return {"type": kind, **{name: place.text(value) for name, value in given.items()}}
