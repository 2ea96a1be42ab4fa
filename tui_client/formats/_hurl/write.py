"""Requests as a Hurl file, their captures and asserts with them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import msgspec

from tui_client.formats._format import Exported, Item
from tui_client.formats._found import Report
from tui_client.formats._hurl import said as words
from tui_client.formats._hurl.checks_out import assert_line, capture_line
from tui_client.formats._hurl.said import Said
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.kinds.query.status import Status
from tui_client.model.options import SendOptions
from tui_client.template.url import is_absolute

_SEGMENT: Final = re.compile(r"\{([^{}/]+)\}|:([^/{}]+)")
_UNUSUAL: Final = re.compile(r"[^\x21-\x7e]|[\"<>\\^`|]")
_DEFAULTS: Final = SendOptions()
_METHOD: Final = re.compile(r"[A-Z]+(?:[-_][A-Z]+)*")
_DROPPED: Final = ("verify", "cookies", "idempotency_key")


def write(items: Sequence[Item]) -> Exported:
    """All requests in order; what can't be said is reported."""
    report = Report()
    said = Said(report)
    return Exported("\n".join(_entry(item, said) for item in items), tuple(report.lines))


def _entry(item: Item, said: Said) -> str:
    request = item.request
    said.scope, said.origin, said.lines = request.scope, item.title, []
    headers, params, user = _auth(item, said)
    own = [(said.text(row.name, words.key), said.text(row.value)) for row in request.headers if row.enabled]
    about, sections, body = _body(item, said)
    known = {name.lower() for name, _ in own}
    headers = [*own, *(row for row in (*headers, *about) if row[0].lower() not in known)]
    params = [
        *((said.text(row.name, words.key), said.text(row.value)) for row in request.params if row.enabled),
        *params,
    ]
    url = _url(item, said)
    checks = _checks(item, said)
    _rest(item, said)
    lines = [f"# {' '.join(item.title.split())}", f"{_method(item, said)} {url}"]
    lines += [f"{name}: {text}" for name, text in headers]
    lines += _section("Options", [*said.lines, *_options(request.options)])
    lines += _section("Query", [f"{name}: {text}" for name, text in params])
    lines += _section("BasicAuth", user) + sections
    return "\n".join([*lines, *([body] if body else []), *checks]) + "\n"


def _section(name: str, rows: list[str]) -> list[str]:
    return [f"[{name}]", *rows] if rows else []


def _method(item: Item, said: Said) -> str:
    if not _METHOD.fullmatch(item.request.method):
        said.report.dropped(
            said.origin, f"method {item.request.method}", "methods are words in capitals there; it is POST"
        )
        return "POST"
    return item.request.method


def _url(item: Item, said: Said) -> str:
    request = item.request
    url = request.url.strip()
    if not is_absolute(url) and not url.startswith("{{"):
        url = "{{base_url}}" + (f"/{url.lstrip('/')}" if url and url[0] not in "?#" else url)
    url, _, fragment = url.partition("#") if "{{" not in url else (url, "", "")
    if fragment:
        said.report.approximated(said.origin, "#…", "a fragment is not sent, and left out")
    base, asked, query = url.partition("?")
    values = {row.name: row.value for row in request.path if row.enabled}
    segments = []
    for segment in base.split("/"):
        found = _SEGMENT.fullmatch(segment)
        given = values.get(found[1] or found[2]) if found else None
        segments.append(said.text(segment, _in_url) if given is None else said.text(given, _encoded))
    return "/".join(segments) + asked + said.text(query, _in_url)


def _encoded(text: str) -> str:
    return quote(text, safe="")


def _in_url(text: str) -> str:
    return _UNUSUAL.sub(lambda sign: quote(sign[0], safe=""), text)


def _auth(item: Item, said: Said) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[str]]:
    match item.request.auth:
        case None | NoAuth():
            pass
        case Basic(user, password):
            return [], [], [f"{said.text(user, words.key)}: {said.text(password)}"]
        case Bearer(token, prefix):
            return [("Authorization", f"{said.text(prefix)} {said.text(token)}".strip())], [], []
        case ApiKey(name, value, "query"):
            return [], [(said.text(name, words.key), said.text(value))], []
        case ApiKey(name, value, "cookie"):
            return [("Cookie", f"{said.text(name)}={said.text(value)}")], [], []
        case ApiKey(name, value):
            return [(said.text(name, words.key), said.text(value))], [], []
        case other:
            said.report.dropped(said.origin, f"auth {other.__struct_config__.tag}", "there is no such auth there")
    return [], [], []


def _options(options: SendOptions) -> list[str]:
    found = ["location: true"] * options.follow_redirects + ["http2: true"] * options.http2
    if options.max_redirects != _DEFAULTS.max_redirects:
        found.append(f"max-redirs: {options.max_redirects}")
    for name, value in (("proxy", options.proxy), ("cacert", options.ca), ("cert", options.client_cert)):
        found += [f"{name}: {words.value(value)}"] * bool(value)
    times = (("connect", "connect-timeout"), ("total", "max-time"))
    for ours, theirs in times:
        seconds = getattr(options.timeouts, ours)
        if ours in options.timeouts.given and seconds:
            found.append(f"{theirs}: {round(seconds * 1000)}ms")
    return found


def _rest(item: Item, said: Said) -> None:
    for name in _DROPPED:
        if getattr(item.request.options, name) != getattr(_DEFAULTS, name):
            said.report.dropped(said.origin, name, "a request has no such setting there")
    for given in sorted(item.request.options.timeouts.given - {"connect", "total"}):
        said.report.dropped(said.origin, f"timeout.{given}", "a request has no such setting there")
    for row in (*item.request.params, *item.request.headers):
        if not row.enabled:
            said.report.dropped(said.origin, row.name, "it is switched off")


def _body(item: Item, said: Said) -> tuple[list[tuple[str, str]], list[str], str]:
    body = item.request.body
    fixed = not getattr(body, "template", True)
    match body:
        case None:
            return [], [], ""
        case Json(content):
            return [("Content-Type", "application/json")], [], _json(content, fixed, said)
        case Text(content, media_type):
            said_type = [("Content-Type", said.text(media_type))] * bool(media_type)
            return said_type, [], _text(content, fixed, said)
        case Form(fields):
            rows = [f"{said.text(row.name, words.key)}: {said.text(row.value)}" for row in fields if row.enabled]
            return [], ["[Form]", *rows], ""
        case Multipart(parts):
            return [], ["[Multipart]", *_parts(parts, said)], ""
        case File(path, media_type):
            about = [("Content-Type", said.text(media_type))] * bool(media_type)
            return about, [], f"file,{said.text(path)};"
        case GraphQL(query, variables, operation):
            if operation:
                said.report.dropped(said.origin, f"operation {operation}", "there is no place for its name there")
            more = f"\nvariables {said.text(variables, words.plain).strip()}" if variables.strip() else ""
            return [], [], f"```graphql\n{said.text(query, words.plain).strip()}{more}\n```"
        case other:
            said.report.dropped(said.origin, f"body {other.__struct_config__.tag}", "there is no such body there")
            return [], [], ""


def _json(content: str, fixed: bool, said: Said) -> str:
    try:
        plain = isinstance(msgspec.json.decode(content), list | dict) and content == content.strip()
    except (msgspec.DecodeError, UnicodeEncodeError):
        plain = False
    if "```" in content and not plain:
        return _text(content, fixed, said)
    text = content if fixed else said.text(content, words.plain)
    if plain and not fixed and "\n\n" not in text:
        return text
    return f"```json{',novariable' if fixed else ''}\n{text}```"


def _text(content: str, fixed: bool, said: Said) -> str:
    return f"`{words.ticked(content) if fixed else said.text(content, words.ticked)}`"


def _parts(parts: tuple[Part, ...], said: Said) -> list[str]:
    rows = []
    for part in parts:
        if not part.enabled:
            said.report.dropped(said.origin, f"part {part.name}", "it is switched off")
            continue
        if part.filename or (part.type and not part.file):
            said.report.dropped(said.origin, f"name or type of part {part.name}", "only a file has a type there")
        value = (
            f"file,{said.text(part.file)};{' ' * bool(part.type)}{part.type}" if part.file else said.text(part.value)
        )
        rows.append(f"{said.text(part.name, words.key)}: {value}")
    return rows


def _checks(item: Item, said: Said) -> list[str]:
    request = item.request
    first = next((one for one in request.asserts if one.enabled), None)
    status: int | None = None
    if first is not None and isinstance(first.query, Status) and first.op == "==" and not first.negated:
        value = first.value
        if isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 999 and not first.filters:
            status = value
    asserts = [one for one in request.asserts if one.enabled and (one is not first or status is None)]
    lines = [line for one in asserts if (line := assert_line(one, said))]
    asked = status is not None or any(isinstance(one.query, Status) for one in asserts)
    if not asked and not request.options.allow_http_errors:
        lines.insert(0, "status < 400")
    captures = [line for one in request.captures if (line := capture_line(one, said))]
    for switched_off in (one for one in request.asserts if not one.enabled):
        said.report.dropped(said.origin, f"assert {switched_off.op}", "it is switched off")
    head = [f"HTTP {'*' if status is None else status}"] if status is not None or lines or captures else []
    return [*head, *_section("Captures", captures), *_section("Asserts", lines)]
