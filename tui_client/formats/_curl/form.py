"""The fields of -F and --form-string as parts."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats._curl.arguments import Given
from tui_client.formats._curl.data import Files, template
from tui_client.kinds.body.multipart import Multipart, Part

_TYPES: Final = {
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "htm": "text/html",
    "html": "text/html",
    "pdf": "application/pdf",
    "xml": "application/xml",
}
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"\s*+(?=;|\Z)', re.DOTALL)
_UNESCAPED: Final = re.compile(r'\\([\\"])')
_PARAMETER: Final = re.compile(r";\s*(type|filename|headers|encoder)\s*=\s*", re.IGNORECASE)


def multipart(fields: list[Given], files: Files) -> Multipart:
    """Every field in its order."""
    return Multipart(tuple(part for field in fields if (part := _part(field, files)) is not None))


def _part(field: Given, files: Files) -> Part | None:
    name, equals, value = field.value.partition("=")
    if not equals:
        files.report.dropped(files.given.origin, f"{field.shown} {field.value[:80]}", "curl wants NAME=CONTENT")
        return None
    if field.name == "form-string":
        return Part(template(name), template(value))
    sign = value[:1] if value[:1] in ("@", "<") else ""
    content, parameters = _taken_apart(value[len(sign) :], typed=bool(sign))
    for lost in parameters.keys() & {"headers", "encoder"}:
        files.report.dropped(files.given.origin, f"{field.shown} ;{lost}=", "a part has no such setting here")
    kind, filename = template(parameters.get("type", "")), template(parameters.get("filename", ""))
    if sign == "@":
        return _file(template(name), content, kind, filename, field, files)
    # A file name alone tells the type, if curl knows its suffix.
    kind = kind or _TYPES.get(filename.rpartition(".")[2].lower(), "")
    if sign == "<":
        text = files.text(content, field.shown)
        return None if text is None else Part(template(name), template(text), type=kind, filename=filename)
    return Part(template(name), template(content), type=kind, filename=filename)


def _file(name: str, path: str, kind: str, filename: str, field: Given, files: Files) -> Part | None:
    if path == "-":
        text = files.text(path, field.shown)
        return Part(name, template(text), type=kind, filename=filename or "-") if text is not None else None
    if "," in path:
        files.report.approximated(files.given.origin, field.shown, "several files of one field are taken as one name")
    suffix = (filename or path).rpartition(".")[2].lower()
    return Part(
        name, file=template(path), type=kind or _TYPES.get(suffix, "application/octet-stream"), filename=filename
    )


def _taken_apart(text: str, *, typed: bool) -> tuple[str, dict[str, str]]:
    """The content and its ;type=, ;filename= and so on; a type may hold parameters of its own."""
    content, at = _value(text, 0, whole=not typed)
    parameters: dict[str, str] = {}
    while match := _PARAMETER.match(text, at):
        name = match[1].lower()
        start = match.end()
        parameters[name], at = _value(text, start, whole=False)
        if name == "type":
            following = _PARAMETER.search(text, at)
            at = following.start() if following else len(text)
            parameters[name] = text[start:at].rstrip()
    return content, parameters


def _value(text: str, at: int, *, whole: bool) -> tuple[str, int]:
    quoted = _QUOTED.match(text, at)
    if quoted:
        return _UNESCAPED.sub(r"\1", quoted[1]), quoted.end()
    found = _PARAMETER.search(text, at) if whole else None
    end = found.start() if found else text.find(";", at)
    end = len(text) if end < 0 or (whole and not found) else end
    return text[at:end], end
