"""What an entry says of its reply besides its sections: version, status, headers, body."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any, Final

import msgspec

from tui_client.formats._hurl.checks import CannotSay, bytes_of
from tui_client.formats._hurl.entries import Entry, Half
from tui_client.formats._hurl.words import Holes, pair, unescaped
from tui_client.kinds.query.body import BodyText
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json
from tui_client.kinds.query.sha256 import Sha256
from tui_client.kinds.query.status import Status
from tui_client.kinds.query.version import Version
from tui_client.model.request import Assertion

DEFAULT: Final = "status < 400"
_MAX_DEPTH: Final = 50


def default_status(half: Half) -> bool:
    """Whether the first assert asks for what we ask for by ourselves."""
    rows = half.sections.get("Asserts", [])
    return bool(rows) and " ".join(rows[0][1].split()) == DEFAULT


def expected(entry: Entry, holes: Holes) -> list[Assertion]:
    """The checks that stand outside of [Asserts]."""
    found: list[Assertion] = []
    half = entry.response
    if half is None:
        return found
    if entry.version == "3":
        holes.report.dropped(holes.origin, "HTTP/3", "there is no HTTP/3 here")
    elif entry.version:
        found.append(Assertion(Version(), "==", "2" if entry.version == "2.0" else entry.version))
    if entry.status != "*":
        found.append(Assertion(Status(), "==", int(entry.status)))
    names = Counter(line.partition(":")[0].strip().lower() for _, line in half.headers)
    for number, line in half.headers:
        both = pair(line)
        if both is None:
            holes.report.dropped(f"line {number}", line[:60], "it is no header")
        else:
            # A header that stands twice is a list to us.
            op = "==" if names[both[0].lower()] == 1 else "contains"
            found.append(Assertion(Header(holes.value(both[0])), op, holes.value(both[1])))
    try:
        return [*found, *_body(half, holes)]
    except CannotSay as error:
        holes.report.dropped(holes.origin, f"body of the reply: {half.kind}", str(error))
        return found


def _body(half: Half, holes: Holes) -> list[Assertion]:
    language = half.language.partition(",")[0]
    match half.kind:
        case "":
            return []
        case "data":
            if half.body.startswith("file,"):
                raise CannotSay("a body can't be compared with a file here")
            return [Assertion(Sha256(), "==", hashlib.sha256(bytes_of(half.body)).hexdigest())]
        case "text":
            return [Assertion(BodyText(), "==", holes.text(unescaped(half.body)))]
        case "fence" if language in ("", "raw"):
            return [Assertion(BodyText(), "==", holes.text(half.body))]
        case "json" | "fence" if half.kind == "json" or language == "json":
            return [Assertion(Json("$"), "==", _filled(_json(half.body), holes, 0))]
    raise CannotSay("a body of this kind is not compared here")


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise CannotSay("it is JSON with variables outside of texts, or none") from error


def _filled(value: Any, holes: Holes, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        raise CannotSay("it is nested too deep")
    match value:
        case None:
            raise CannotSay("a check can't hold null within a value")
        case str():
            return holes.text(value)
        case list():
            return [_filled(item, holes, depth + 1) for item in value]
        case dict():
            return {key: _filled(item, holes, depth + 1) for key, item in value.items()}
        case _:
            return value
