"""The body of an entry as one of our kinds."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats._hurl.checks import CannotSay, bytes_of
from tui_client.formats._hurl.entries import Half
from tui_client.formats._hurl.words import Holes, pair, unescaped
from tui_client.formats._templates import literal
from tui_client.kinds.body.file import File
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.kinds import Body

_FILE: Final = re.compile(r"file,([^;]*);[ \t]*(.*)")
_VARIABLES: Final = re.compile(r"^[ \t]*variables[ \t]*(?=\{)", re.MULTILINE)


def body_of(half: Half, media_type: str, holes: Holes) -> tuple[Body | None, bool]:
    """The body, and whether it says its media type itself, so that the header is not needed."""
    is_json = media_type.lower() == "application/json"
    language, _, attributes = half.language.partition(",")
    fixed = "novariable" in attributes
    match half.kind:
        case "json":
            return Json(holes.json(half.body)), is_json
        case "fence" if language == "graphql":
            return _graphql(half.body, holes), is_json
        case "fence" if language == "json":
            return Json(literal(half.body) if fixed else holes.json(half.body)), is_json
        case "fence" if language in ("hex", "base64"):
            return _bytes(f"{language},{half.body};", media_type, holes)
        case "fence":
            return Text(literal(half.body) if fixed else holes.text(half.body), media_type), True
        case "text":
            return Text(holes.text(unescaped(half.body)), media_type), True
        case "xml":
            return Text(holes.text(half.body), media_type or "application/xml"), True
        case "data":
            if file := _FILE.match(half.body):
                return File(holes.value(file[1].strip()), media_type), True
            return _bytes(half.body, media_type, holes)
    return None, False


def _bytes(text: str, media_type: str, holes: Holes) -> tuple[Body | None, bool]:
    try:
        return Text(literal(bytes_of(text).decode()), media_type), True
    except (CannotSay, UnicodeDecodeError):
        holes.report.dropped(holes.origin, text[:40], "such bytes are no text; put them into a file")
        return None, False


def _graphql(text: str, holes: Holes) -> GraphQL:
    found = _VARIABLES.search(text)
    if found is None:
        return GraphQL(holes.text(text.strip()))
    return GraphQL(holes.text(text[: found.start()].strip()), holes.json(text[found.end() :].strip()))


def multipart_of(rows: list[tuple[int, str]], holes: Holes) -> Multipart:
    """The parts of [Multipart]."""
    parts = []
    for number, line in rows:
        both = pair(line)
        if both is None or "```" in line:
            holes.report.dropped(f"line {number}", line[:60], "it is no name with a value on one line")
            continue
        name, file = holes.value(both[0]), _FILE.fullmatch(both[1])
        if file is None:
            parts.append(Part(name, holes.value(both[1])))
        else:
            parts.append(Part(name, file=holes.value(file[1].strip()), type=holes.value(file[2].strip())))
    return Multipart(tuple(parts))
