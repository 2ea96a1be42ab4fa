"""A block as a request of ours."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from tui_client.formats._found import FoundRequest
from tui_client.formats._http_file.auths import auth_of
from tui_client.formats._http_file.blocks import Block
from tui_client.formats._http_file.bodies import body_of
from tui_client.formats._http_file.handlers import checks_of
from tui_client.formats._http_file.holes import HOLE, Holes, needs_scheme
from tui_client.formats._templates import query_rows, variable_name
from tui_client.model.kinds import Auth
from tui_client.model.options import Options, TimeoutOptions
from tui_client.model.request import NameValue, Request
from tui_client.model.variables import Prompt

_OTHER_PROTOCOLS: Final = frozenset(
    {"WEBSOCKET", "WS", "WSS", "GRPC", "RSOCKET", "MQTT", "AMQP", "RABBITMQ", "GRAPHQLWS"}
)
_TIME: Final = re.compile(r"(\d{1,9})\s*(ms|s|m)?")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0}
_META_WHY: Final = {
    "note": "nothing is asked before a request is sent",
    "no-log": "the history is switched off for a whole collection, not for one request",
    "noRejectUnauthorized": "certificates stay verified; allow it with verify = false and a grant for the host",
    "ref": "what it needs is sent when a variable asks for it",
    "forceRef": "what it needs is sent when a variable asks for it",
}


def name_of(block: Block) -> str:
    """What other requests call it, else its title, else method and URL."""
    given = next((value for key, value in block.meta if key == "name" and value), "")
    return given or block.title or f"{block.method or 'GET'} {block.url}"[:80].strip()


def request_of(block: Block, holes: Holes, values: dict[str, str]) -> FoundRequest | None:
    """The request, or None where it is of another protocol; all that is not in it is reported."""
    name = name_of(block)
    holes.origin = f"line {block.line}, {name}"
    for number, construct, why in block.odd:
        holes.report.dropped(f"line {number}", construct, why)
    method = block.method or "GET"
    if method.upper() in _OTHER_PROTOCOLS or re.match(r"HTTP/\d", block.url) or method.upper() == "HTTP":
        holes.report.dropped(holes.origin, f"{method} {block.url[:80]}", "it is no HTTP request")
        return None
    graphql = method.upper() == "GRAPHQL" or _takes_header(block, "x-request-type", "graphql")
    events = method.upper() in ("SSE", "EVENTSOURCE")
    method = "POST" if method.upper() == "GRAPHQL" else "GET" if events else method
    return _made(block, name, method, graphql, holes, values)


def _takes_header(block: Block, name: str, value: str) -> bool:
    for row in block.headers:
        if row[2] and row[0].lower() == name and row[1].strip().lower() == value:
            block.headers.remove(row)
            return True
    return False


def _made(block: Block, name: str, method: str, graphql: bool, holes: Holes, values: dict[str, str]) -> FoundRequest:
    url, params = query_rows(_absolute(block, values), HOLE, holes.template)
    media_type = next((value for key, value, enabled in block.headers if enabled and key.lower() == "content-type"), "")
    hole = HOLE.fullmatch(media_type)
    known = values.get(hole[1].strip(), media_type) if hole else media_type
    body, says_type = body_of(block.body, known, graphql, holes)
    says_type = says_type and known == media_type
    auth, about = _auth(block, holes)
    headers = [
        NameValue(holes.text(key), holes.text(value), enabled)
        for key, value, enabled in block.headers
        if not (says_type and enabled and key.lower() == "content-type")
    ]
    checks = checks_of(block.scripts, block.tests, holes.origin, holes.report)
    options, words, tags = _meta(block, holes)
    title = block.title if block.title != name else ""
    request = Request(
        name=name, method=method, url=url, params=params, headers=tuple(headers), body=body, auth=auth,
        options=options, captures=tuple(checks.captures), asserts=tuple(checks.asserts), tags=tags,
        description="\n".join(each for each in (title, *words, *block.comments, about) if each),
    )  # fmt: skip
    return FoundRequest(request=request, scripts=tuple(checks.scripts))


def _absolute(block: Block, values: dict[str, str]) -> str:
    """The URL with what the others leave out: the host of a path, and http."""
    url = block.url
    if url.startswith("/"):
        host = next((row for row in block.headers if row[2] and row[0].lower() == "host"), None)
        if host is None:
            return url
        block.headers.remove(host)
        return f"{'https' if host[1].strip().endswith(':443') else 'http'}://{host[1].strip()}{url}"
    return f"http://{url}" if needs_scheme(url, values) else url


def _auth(block: Block, holes: Holes) -> tuple[Auth | None, str]:
    rows = [row for row in block.headers if row[2] and row[0].lower() == "authorization"]
    if len(rows) != 1:
        return None, ""
    auth, about = auth_of(rows[0][1], holes)
    if auth is not None:
        block.headers.remove(rows[0])
    return auth, about


def _meta(block: Block, holes: Holes) -> tuple[Options, list[str], tuple[str, ...]]:
    options, words, tags = Options(), [], []
    for key, value in block.meta:
        match key:
            case "name":
                pass
            case "no-redirect":
                options = msgspec.structs.replace(options, follow_redirects=False)
            case "no-cookie-jar":
                options = msgspec.structs.replace(options, cookies=False)
            case "timeout" | "connection-timeout" if (found := _TIME.fullmatch(value)) is not None:
                seconds = int(found[1]) * _UNITS[found[2] or "s"]
                which = "connect" if key == "connection-timeout" else "read"
                timeout = msgspec.structs.replace(options.timeout or TimeoutOptions(), **{which: seconds})
                options = msgspec.structs.replace(options, timeout=timeout)
            case "prompt" if value:
                asked, _, question = value.partition(" ")
                holes.variables[variable_name(asked)] = Prompt(question.strip() or asked)
            case "title" | "description":
                words.append(value)
            case "tag":
                tags += [tag.strip() for tag in value.split(",") if tag.strip()]
            case _:
                why = _META_WHY.get(key, "there is no such setting here")
                holes.report.dropped(holes.origin, f"@{key} {value}".strip()[:80], why)
    return options, words, tuple(tags)
