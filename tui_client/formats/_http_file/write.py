"""Requests as a `.http` file in the dialect of REST Client."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Final

from tui_client.formats._format import Exported, Item
from tui_client.formats._found import Report
from tui_client.formats._http_file.said import Said, in_form, in_query
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.kinds.query.body import BodyText
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json as JsonPath
from tui_client.kinds.query.xpath import XPath
from tui_client.model.kinds import Query
from tui_client.model.options import SendOptions
from tui_client.template.url import is_absolute

_SEGMENT: Final = re.compile(r"\{([^{}/]+)\}|:([^/{}]+)")
_TAKEN: Final = re.compile(r"###|<>|>>|[<>]\s*\{%|[<>]\s+\S|\?\?|\{\{(?:[@+][\w@+]*)?\s*$", re.MULTILINE)
_BOUNDARY: Final = "----tui-client-boundary"
_DEFAULTS: Final = SendOptions()
_SWITCHES: Final = ("verify", "proxy", "ca", "client_cert", "http2", "max_redirects", "idempotency_key", "timeouts")


def write(items: Sequence[Item]) -> Exported:
    """All requests, the variables they need before them; what can't be said is reported."""
    report = Report()
    names = _names(items)
    references = {
        (item.request.key, capture.name): referred
        for item, name in zip(items, names, strict=True)
        for capture in item.request.captures
        if (referred := _reference(name, capture.query)) and not capture.filters
    }
    said = Said(report, references)
    requests = [_request(item, name, said) for item, name in zip(items, names, strict=True)]
    variables = [f"@{name} = {value}" for name, value in said.lines.items()]
    return Exported("\n".join([*variables, ""] * bool(variables) + requests), tuple(report.lines))


def _names(items: Sequence[Item]) -> list[str]:
    taken: dict[str, int] = {}
    names = []
    for item in items:
        name = re.sub(r"[^\w-]+", "_", item.title).strip("_") or "request"
        taken[name] = taken.get(name, 0) + 1
        names.append(name if taken[name] == 1 else f"{name}_{taken[name]}")
    return names


def _reference(name: str, query: Query) -> str:
    match query:
        case BodyText():
            return f"{name}.response.body.*"
        case JsonPath(expr) if "}" not in expr:
            return f"{name}.response.body.{expr}"
        case XPath(expr) if expr.startswith("/") and "}" not in expr:
            return f"{name}.response.body.{expr}"
        case Header(expr):
            return f"{name}.response.headers.{expr}"
    return ""


def _request(item: Item, name: str, said: Said) -> str:
    said.scope, said.origin, said.prompts = item.request.scope, item.title, {}
    headers, params = _auth(item, said)
    own = [(said.text(row.name), said.text(row.value)) for row in item.request.headers if row.enabled]
    about, body = _body(item, said)
    known = {key.lower() for key, _ in own}
    headers = [
        *own,
        *(row for row in headers if row[0].lower() not in known),
        *(r for r in about if r[0].lower() not in known),
    ]
    url = _url(item, params, said)
    _rest(item, said)
    title = " ".join(item.title.split())
    lines = [f"### {title}", f"# @name {name}"]
    lines += [f"# @{switch}" for switch in _settings(item.request.options)]
    lines += [f"# @prompt {asked} {question}".rstrip() for asked, question in said.prompts.items()]
    lines += [f"{item.request.method} {url}", *(f"{key}: {_one_line(value)}" for key, value in headers)]
    return "\n".join([*lines, *(["", body] if body else [])]) + "\n"


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def _settings(options: SendOptions) -> list[str]:
    return ["no-redirect"] * (not options.follow_redirects) + ["no-cookie-jar"] * (not options.cookies)


def _rest(item: Item, said: Said) -> None:
    """What of a request has no place in such a file."""
    request = item.request
    for switch in _SWITCHES:
        if getattr(request.options, switch) != getattr(_DEFAULTS, switch):
            said.report.dropped(said.origin, switch, "a request has no such setting there")
    for row in request.params:
        if not row.enabled:
            said.report.dropped(said.origin, f"parameter {row.name}", "it is switched off")
    if request.asserts:
        said.report.dropped(said.origin, f"{len(request.asserts)} checks", "there are none in such a file")
    for capture in request.captures:
        if (request.key, capture.name) not in said.references:
            said.report.dropped(said.origin, f"capture {capture.name}", "it can't be said as a reference")


def _url(item: Item, more: list[tuple[str, str]], said: Said) -> str:
    request = item.request
    url = request.url.strip()
    if not is_absolute(url) and not url.startswith("{{"):
        url = "{{base_url}}" + (f"/{url.lstrip('/')}" if url and url[0] not in "?#" else url)
    url, sharp, fragment = url.partition("#")
    base, asked, query = url.partition("?")
    values = {row.name: row.value for row in request.path if row.enabled}
    segments = [_segment(segment, values, said) for segment in base.split("/")]
    pairs = [said.text(query)] if query else []
    pairs += [
        f"{said.text(row.name, in_query)}={said.text(row.value, in_query)}" for row in request.params if row.enabled
    ]
    pairs += [f"{name}={value}" for name, value in more]
    text = "/".join(segments) + (asked if asked or pairs else "") + ("?" if pairs and not asked else "")
    return text + "\n  &".join(pairs) + sharp + said.text(fragment)


def _segment(segment: str, values: dict[str, str], said: Said) -> str:
    found = _SEGMENT.fullmatch(segment)
    value = values.get(found[1] or found[2]) if found else None
    return said.text(segment) if value is None else said.text(value, in_query)


def _auth(item: Item, said: Said) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    match item.request.auth:
        case None | NoAuth():
            return [], []
        case Basic(user, password):
            return [("Authorization", _user("Basic", said.text(user), said.text(password), said))], []
        case Digest(user, password):
            return [("Authorization", _user("Digest", said.text(user), said.text(password), said))], []
        case Bearer(token, prefix):
            return [("Authorization", f"{said.text(prefix)} {said.text(token)}".strip())], []
        case ApiKey(name, value, "query"):
            return [], [(said.text(name, in_query), said.text(value, in_query))]
        case ApiKey(name, value, "cookie"):
            return [("Cookie", f"{said.text(name)}={said.text(value)}")], []
        case ApiKey(name, value):
            return [(said.text(name), said.text(value))], []
        case other:
            said.report.dropped(said.origin, f"auth {other.__struct_config__.tag}", "there is no such auth there")
            return [], []


def _user(scheme: str, user: str, password: str, said: Said) -> str:
    simple = (
        user and password and not re.search(r"[\s:]", user) and password == password.strip() and "\n" not in password
    )
    if simple and not ("," in password and "=" in user + password):
        return f"{scheme} {user} {password}"
    if scheme == "Basic" and "{{" not in user + password:
        return "Basic " + base64.b64encode(f"{user}:{password}".encode("utf-8", "replace")).decode()
    said.report.approximated(
        said.origin, f"auth {scheme.lower()}", "its user or password has signs that are read apart"
    )
    return f"{scheme} {user}:{password}"


def _body(item: Item, said: Said) -> tuple[list[tuple[str, str]], str]:
    body = item.request.body
    if body is not None and not getattr(body, "template", True):
        said.report.approximated(said.origin, "body without templates", "braces in it are read as variables there")
    match body:
        case None:
            return [], ""
        case Json(content):
            return [("Content-Type", "application/json")], _text(said.text(content), said)
        case Text(content, media_type):
            return [("Content-Type", said.text(media_type))] * bool(media_type), _text(said.text(content), said)
        case Form(fields):
            rows = (f"{said.text(row.name, in_form)}={said.text(row.value, in_form)}" for row in fields if row.enabled)
            return [("Content-Type", "application/x-www-form-urlencoded")], "\n&".join(rows)
        case File(path, media_type):
            return [("Content-Type", said.text(media_type))] * bool(media_type), f"< {_relative(said.text(path))}"
        case GraphQL(query, variables, operation):
            if operation:
                said.report.dropped(said.origin, f"operation {operation}", "there is no place for its name there")
            text = "\n\n".join(each for each in (said.text(query).strip(), said.text(variables).strip()) if each)
            return [("Content-Type", "application/json"), ("X-REQUEST-TYPE", "GraphQL")], _text(text, said)
        case Multipart(parts):
            return _multipart(parts, said)
        case other:
            said.report.dropped(said.origin, f"body {other.__struct_config__.tag}", "there is no such body there")
            return [], ""


def _text(text: str, said: Said) -> str:
    if _TAKEN.match(text) or any(_TAKEN.match(line) for line in text.split("\n") if line[:1] in "#<>?{"):
        said.report.approximated(said.origin, "body", "a line of it begins with signs that mean something else there")
    if text != text.rstrip("\n"):
        said.report.approximated(said.origin, "body", "the line ends at its end are not sent")
    return text.rstrip("\n")


def _relative(path: str) -> str:
    return path if path.startswith(("/", "~", "{{", "./", "../")) else f"./{path}"


def _multipart(parts: tuple[Part, ...], said: Said) -> tuple[list[tuple[str, str]], str]:
    boundary = _BOUNDARY
    while any(boundary in part.value for part in parts):
        boundary += "-"
    lines: list[str] = []
    for part in parts:
        if not part.enabled:
            said.report.dropped(said.origin, f"part {part.name}", "it is switched off")
            continue
        filename = said.text(part.filename) or said.text(part.file).replace("\\", "/").rpartition("/")[2]
        shown = f'; filename="{_attribute(filename)}"' if filename else ""
        lines += [f"--{boundary}", f'Content-Disposition: form-data; name="{_attribute(said.text(part.name))}"{shown}']
        lines += [f"Content-Type: {_one_line(said.text(part.type))}"] * bool(part.type)
        lines += ["", f"< {_relative(said.text(part.file))}" if part.file else _text(said.text(part.value), said)]
    media_type = f"multipart/form-data; boundary={boundary}"
    return [("Content-Type", media_type)], "\n".join([*lines, f"--{boundary}--"])


def _attribute(text: str) -> str:
    return _one_line(text).replace('"', "%22")
