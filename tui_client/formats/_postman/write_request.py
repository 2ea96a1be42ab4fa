"""Our request as a request of Postman's: URL, headers, auth, body."""

from __future__ import annotations

import re
from typing import Any, Final

from tui_client.formats._postman.words import Words
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

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*)://")
_PORT: Final = re.compile(r":([0-9]{1,5}|\{\{[^{}]*\}\})\Z")
_LANGUAGES: Final = {
    "application/json": "json",
    "application/javascript": "javascript",
    "text/html": "html",
    "application/xml": "xml",
    "text/plain": "text",
}

Row = dict[str, Any]


def write_request(request: EffectiveRequest, words: Words) -> Row:
    """`request` of an item."""
    headers = [row_of(row, words) for row in request.headers]
    auth = request.auth
    if isinstance(auth, ApiKey) and auth.place == "cookie":
        headers.append({"key": "Cookie", "value": f"{words.plain(auth.name)}={words.plain(auth.value)}"})
        words.approximated("auth: API key in a cookie", "is a header Cookie")
        auth = None
    made: Row = {
        "method": words.plain(request.method),
        "header": headers,
        "url": _url(request, words),
        "auth": _auth(auth, words),
    }
    if request.body is not None:
        body, media_type = _body(request.body, words)
        made["body"] = body
        if media_type and not any(row.name.lower() == "content-type" for row in request.headers):
            headers.append({"key": "Content-Type", "value": media_type})
    return made


def row_of(row: NameValue, words: Words) -> Row:
    """A header or a field."""
    return _flagged({"key": words.plain(row.name), "value": words.plain(row.value)}, row)


def _flagged(made: Row, row: NameValue | Part) -> Row:
    if row.description:
        made["description"] = row.description
    if not row.enabled:
        made["disabled"] = True
    return made


def _url(request: EffectiveRequest, words: Words) -> Row:
    base, query, fragment = _split(words.plain(_below_base(request.url, words)))
    for row in request.path:
        base = "/".join(f":{row.name}" if each == f"{{{row.name}}}" else each for each in base.split("/"))
    query += [
        _flagged({"key": words.encoded(row.name), "value": words.encoded(row.value)}, row) for row in request.params
    ]
    on = [row["key"] + ("" if row["value"] is None else f"={row['value']}") for row in query if "disabled" not in row]
    raw = base + (f"?{'&'.join(on)}" if on else "") + (f"#{fragment}" if fragment else "")
    url: Row = {"raw": raw, **_parts(base)}
    if query:
        url["query"] = query
    if fragment:
        url["hash"] = fragment
    if request.path:
        rows = [_flagged({"key": row.name, "value": words.encoded(row.value)}, row) for row in request.path]
        url["variable"] = rows
    return url


def _below_base(url: str, words: Words) -> str:
    if _SCHEME.match(url) or url.startswith("{{"):
        return url
    joint = "" if url.startswith(("/", "?", "#")) or not url else "/"
    return f"{{{{base_url}}}}{joint}{url}"


def _split(url: str) -> tuple[str, list[Row], str]:
    rest, _, fragment = url.strip().partition("#")
    base, _, query = rest.partition("?")
    rows = []
    for each in query.split("&") if query else []:
        name, equals, value = each.partition("=")
        rows.append({"key": name, "value": value if equals else None})
    return base, rows, fragment


def _parts(base: str) -> Row:
    parts: Row = {}
    if scheme := _SCHEME.match(base):
        parts["protocol"] = scheme[1]
        base = base[scheme.end() :]
    host, slash, path = base.partition("/")
    if port := _PORT.search(host):
        parts["port"] = port[1]
        host = host[: port.start()]
    parts["host"] = [host] if "{{" in host else host.split(".")
    if slash:
        parts["path"] = path.split("/")
    return parts


def _auth(auth: Auth | None, words: Words) -> Row:
    match auth:
        case None | NoAuth():
            return {"type": "noauth"}
        case Basic():
            return _typed("basic", words, username=auth.username, password=auth.password)
        case Digest():
            return _typed("digest", words, username=auth.username, password=auth.password)
        case Bearer(prefix="Bearer"):
            return _typed("bearer", words, token=auth.token)
        case Bearer():
            value = f"{auth.prefix} {auth.token}".strip()
            return _typed("apikey", words, key="Authorization", value=value)
        case ApiKey():
            return _typed("apikey", words, key=auth.name, value=auth.value, **{"in": auth.place})
        case OAuth2():
            return _oauth2(auth, words)
        case _:
            words.dropped(f"auth: {type(auth).__name__}", "Postman has no such auth")
            return {"type": "noauth"}


def _oauth2(auth: OAuth2, words: Words) -> Row:
    if auth.grant == "refresh_token":
        words.dropped("refresh token", "Postman has no such grant; choose another")
    else:
        words.approximated("auth: oauth2", "Postman asks for the token when you press the button for it")
    grant = "password_credentials" if auth.grant == "password" else "client_credentials"
    where = "header" if auth.client_auth == "basic" else "body"
    given = {"username": auth.username, "password": auth.password, "scope": auth.scope, "audience": auth.audience}
    return _typed(
        "oauth2",
        words,
        grant_type=grant,
        accessTokenUrl=auth.token_url,
        clientId=auth.client_id,
        clientSecret=auth.client_secret,
        client_authentication=where,
        **{name: value for name, value in given.items() if value},
    )


def _typed(kind: str, words: Words, **fields: str) -> Row:
    rows = [{"key": key, "value": words.plain(value), "type": "string"} for key, value in fields.items()]
    return {"type": kind, kind: rows}


def _body(body: Body, words: Words) -> tuple[Row, str]:
    """The body, and the media type that has to be said in a header."""
    say = words.plain if getattr(body, "template", True) else words.text
    match body:
        case Json():
            content = words.json(body.content) if body.template else words.text(body.content)
            return _raw(content, "json"), ""
        case Text():
            language = _LANGUAGES.get(body.media_type, "text")
            return _raw(say(body.content), language), "" if body.media_type in _LANGUAGES else body.media_type
        case Form():
            rows = [
                _flagged({"key": say(row.name), "value": say(row.value), "type": "text"}, row) for row in body.fields
            ]
            return {"mode": "urlencoded", "urlencoded": rows}, ""
        case Multipart():
            return {"mode": "formdata", "formdata": [_part(part, say, words) for part in body.parts]}, ""
        case File():
            return {"mode": "file", "file": {"src": say(body.path)}}, body.media_type
        case GraphQL():
            variables = words.json(body.variables) if body.template else words.text(body.variables)
            made = {"query": say(body.query), "variables": variables}
            if body.operation_name:
                made["operationName"] = say(body.operation_name)
            return {"mode": "graphql", "graphql": made}, ""
        case _:
            words.dropped(f"body: {type(body).__name__}", "Postman has no such body")
            return {"mode": "raw", "raw": ""}, ""


def _raw(content: str, language: str) -> Row:
    return {"mode": "raw", "raw": content, "options": {"raw": {"language": language}}}


def _part(part: Part, say: Any, words: Words) -> Row:
    made: Row = {"key": say(part.name)}
    made |= {"type": "file", "src": say(part.file)} if part.file else {"type": "text", "value": say(part.value)}
    if part.type:
        made["contentType"] = say(part.type)
    if part.filename:
        made["fileName"] = say(part.filename)
        words.approximated(f"file name of part {part.name}", "older versions of Postman take that of the file")
    return _flagged(made, part)
