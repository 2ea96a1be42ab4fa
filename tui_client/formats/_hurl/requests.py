"""An entry as a request of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from tui_client.formats._found import FoundRequest
from tui_client.formats._hurl.bodies import body_of, multipart_of
from tui_client.formats._hurl.checks import CannotSay, assertion, capture
from tui_client.formats._hurl.entries import Entry, Half
from tui_client.formats._hurl.options import options_of
from tui_client.formats._hurl.replies import default_status, expected
from tui_client.formats._hurl.words import HOLE, Holes, pair
from tui_client.formats._templates import query_rows, variable_name
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.body.form import Form
from tui_client.kinds.checks import asserts_status
from tui_client.model.kinds import Body
from tui_client.model.options import Options
from tui_client.model.request import Assertion, Capture, NameValue, Request

_LONGEST_NAME: Final = 80


def request_of(entry: Entry, holes: Holes, variables: Callable[[str, str], None]) -> FoundRequest:
    """The request with its checks; `variables` is told of each that an option sets."""
    name, description = _name(entry)
    holes.origin = f"line {entry.line}, {name}"
    half = entry.request
    url, params = query_rows(entry.url, HOLE, holes.template)
    headers = _rows(half.headers, holes)
    cookies = "; ".join(f"{row.name}={row.value}" for row in _section(half, "Cookies", holes))
    headers = (*headers, NameValue("Cookie", cookies)) if cookies else headers
    options, more = options_of(half.sections.get("Options", []), holes, variables)
    headers, body = _body(half, (*headers, *more), holes)
    user = _section(half, "BasicAuth", holes) or tuple(row for row in options.user)
    captures, asserts = _captures(entry, holes), _asserts(entry, holes)
    request = Request(
        name=name,
        method=entry.method,
        url=url,
        params=(*params, *_section(half, "Query", holes)),
        headers=headers,
        body=body,
        auth=Basic(user[0].name, user[0].value) if user else None,
        description=description,
        options=_status_free(entry, options.options, asserts),
        captures=captures,
        asserts=asserts,
    )
    return FoundRequest(request=request)


def _name(entry: Entry) -> tuple[str, str]:
    if entry.comments and len(entry.comments[-1]) <= _LONGEST_NAME:
        return entry.comments[-1], "\n".join((*entry.comments[:-1], *entry.notes))
    return f"{entry.method} {entry.url}"[:_LONGEST_NAME], "\n".join((*entry.comments, *entry.notes))


def _rows(lines: list[tuple[int, str]], holes: Holes) -> tuple[NameValue, ...]:
    found = []
    for number, line in lines:
        both = pair(line)
        if both is None or "```" in line:
            holes.report.dropped(f"line {number}", line[:60], "it is no name with a value on one line")
        else:
            found.append(NameValue(holes.value(both[0]), holes.value(both[1])))
    return tuple(found)


def _section(half: Half, name: str, holes: Holes) -> tuple[NameValue, ...]:
    return _rows(half.sections.get(name, []), holes)


def _body(half: Half, headers: tuple[NameValue, ...], holes: Holes) -> tuple[tuple[NameValue, ...], Body | None]:
    """The headers that remain, and the body."""
    at = next((at for at, row in enumerate(headers) if row.name.lower() == "content-type"), None)
    media_type = "" if at is None else headers[at].value
    others = headers if at is None else (*headers[:at], *headers[at + 1 :])
    body: Body | None
    said = media_type.lower()
    if "Form" in half.sections:
        body, same = Form(_section(half, "Form", holes)), said == "application/x-www-form-urlencoded"
    elif "Multipart" in half.sections:
        body, same = multipart_of(half.sections["Multipart"], holes), False
    else:
        body, same = body_of(half, media_type, holes)
    return (others if same else headers), body


def _status_free(entry: Entry, options: Options, asserts: tuple[Assertion, ...]) -> Options:
    """Where Hurl asks for no status, 404 is no failure."""
    if asserts_status(asserts) or (entry.response is not None and default_status(entry.response)):
        return options
    return msgspec.structs.replace(options, allow_http_errors=True)


def _captures(entry: Entry, holes: Holes) -> tuple[Capture, ...]:
    found = []
    rows = entry.response.sections.get("Captures", []) if entry.response else []
    for number, line in rows:
        name, _, rest = line.partition(":")
        try:
            found.append(capture(variable_name(name), rest, holes))
        except CannotSay as error:
            holes.report.dropped(f"line {number}", f"capture {line[:80]}", str(error))
    return tuple(found)


def _asserts(entry: Entry, holes: Holes) -> tuple[Assertion, ...]:
    if entry.response is None:
        return ()
    found = expected(entry, holes)
    rows = entry.response.sections.get("Asserts", [])
    for number, line in rows[1:] if entry.status == "*" and default_status(entry.response) else rows:
        try:
            found.append(assertion(line, holes))
        except CannotSay as error:
            holes.report.dropped(f"line {number}", f"assert {line[:80]}", str(error))
    return tuple(found)
