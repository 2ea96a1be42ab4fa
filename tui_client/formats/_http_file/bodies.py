"""The lines of a body as one of our kinds."""

from __future__ import annotations

import re
from email.message import Message
from typing import Final
from urllib.parse import unquote_plus

from tui_client.formats._http_file.holes import Holes
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.kinds import Body
from tui_client.model.request import NameValue

_FILE: Final = re.compile(r"<(@[\w-]*)?[ \t]+(\S.*)")
_PART_HEADER: Final = re.compile(r"\s*([A-Za-z-]+)\s*:\s*(.*)")
_VARIABLES: Final = re.compile(r"\n[ \t]*\n\{\s*[\"}]")


def body_of(lines: list[str], media_type: str, graphql: bool, holes: Holes) -> tuple[Body | None, bool]:
    """The body, and whether it says its media type itself, so that the header is not needed."""
    text = "\n".join(lines)
    kind = media_type.partition(";")[0].strip().lower()
    if not text.strip():
        return None, False
    if graphql:
        return _graphql(text, holes), kind in ("", "application/json")
    file = _FILE.fullmatch(text.strip()) if len(text) < 10_000 else None
    if file is not None:
        return _file(file, media_type, holes), True
    made = _of_fields(lines, text, kind, media_type, holes)
    if made is not None:
        return made, True
    if any(_FILE.fullmatch(line) for line in lines if line.startswith("<")):
        holes.report.dropped(
            holes.origin, "< file within a body", "only a whole body or a part can be a file; it is text"
        )
    if kind == "application/json" or kind.endswith("+json"):
        return Json(holes.json(text)), media_type.strip().lower() == "application/json"
    return Text(holes.text(text), holes.text(media_type)), True


def _of_fields(lines: list[str], text: str, kind: str, media_type: str, holes: Holes) -> Body | None:
    if kind == "application/x-www-form-urlencoded":
        return _form(lines, holes)
    return _multipart(text, media_type, holes) if kind == "multipart/form-data" else None


def _graphql(text: str, holes: Holes) -> GraphQL:
    found = _VARIABLES.search(text)
    if found is None:
        return GraphQL(holes.text(text.strip()))
    return GraphQL(holes.text(text[: found.start()].strip()), holes.json(text[found.start() :].strip()))


def _file(found: re.Match[str], media_type: str, holes: Holes) -> File:
    if found[1]:
        holes.report.approximated(holes.origin, f"<{found[1]}", "variables within the file are not filled in")
    return File(holes.text(_path(found[2])), holes.text(media_type))


def _path(written: str) -> str:
    return written.strip().removeprefix("./")


def _form(lines: list[str], holes: Holes) -> Form | None:
    """Pairs on one line or on several that begin or end with `&`; None where one has no `=`."""
    joined = "".join(line.strip() for line in lines)
    pairs = [pair.partition("=") for pair in joined.split("&") if pair]
    if not all(equals for _, equals, _ in pairs) or any(_FILE.fullmatch(line) for line in lines if line[:1] == "<"):
        return None
    return Form(tuple(NameValue(holes.text(_plain(name)), holes.text(_plain(value))) for name, _, value in pairs))


def _plain(text: str) -> str:
    # What stands in braces is not encoded.
    return text if "{{" in text and not re.search(r"%[0-9A-Fa-f]{2}", text) else unquote_plus(text)


def _multipart(text: str, media_type: str, holes: Holes) -> Multipart | None:
    message = Message()
    message["Content-Type"] = media_type.replace("\n", " ")
    boundary = str(message.get_param("boundary") or "")
    if not boundary:
        return None
    pieces = f"\n{text}\n".split(f"\n--{boundary}")[1:]
    parts = [_part(piece, holes) for piece in pieces if not piece.startswith("--")]
    made = tuple(part for part in parts if part is not None)
    return Multipart(made) if len(made) == len(parts) and made else None


def _part(piece: str, holes: Holes) -> Part | None:
    head, _, content = piece.strip("\n ").partition("\n\n")
    about: dict[str, str] = {}
    for line in head.split("\n"):
        if found := _PART_HEADER.fullmatch(line):
            about[found[1].lower()] = found[2]
    message = Message()
    message["Content-Disposition"] = about.pop("content-disposition", "")
    name = message.get_param("name", header="content-disposition")
    if not isinstance(name, str):
        return None
    media_type = holes.text(about.pop("content-type", ""))
    filename = message.get_param("filename", header="content-disposition")
    for other in about:
        holes.report.dropped(holes.origin, f"{other} of part {name}", "a part has a name, a type and a file name only")
    shown = holes.text(filename) if isinstance(filename, str) else ""
    if file := _FILE.fullmatch(content.strip()) if len(content) < 10_000 else None:
        return Part(holes.text(name), file=holes.text(_path(file[2])), type=media_type, filename=shown)
    return Part(holes.text(name), holes.text(content), type=media_type, filename=shown)
