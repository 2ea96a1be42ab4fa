"""The document itself, as it is kept beside its requests: JSON, with the files that it refers to."""

from __future__ import annotations

import posixpath
import re
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from tui_client.formats._format import FormatError
from tui_client.formats._found import FoundDocument
from tui_client.formats._openapi.references import References

NAME: Final = "openapi.json"
_ELSEWHERE: Final = re.compile(rb"""\$ref["']?[ \t]*:[ \t\r\n]*(?:["'][^"'#]|[^"'# \t\r\n])""")
_LOUD: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//")


def documents_of(data: bytes, name: str, references: References) -> tuple[FoundDocument, ...]:
    """The document first, then the files that it leads to. One that stands alone is called openapi.json."""
    if _ELSEWHERE.search(data) or len(references.files()) > 1:
        _read_the_rest(name, references)
    files = references.files()
    root, *others = files
    own = name if others and _stays(name) else NAME
    found = [FoundDocument(own, _text(data, files[root]))]
    return (*found, *(FoundDocument(path, _text(b"", files[path])) for path in others if _stays(path)))


def _stays(path: str) -> bool:
    """Whether a path leads to no folder but those below."""
    return bool(path) and path[0] != "/" and ".." not in path.split("/") and not {"\\", ":", "\0"} & set(path)


def _text(data: bytes, root: Any) -> str:
    """JSON, as it was written if it was; lines of a file in git can be compared."""
    if data.lstrip()[:1] == b"{" and data.count(b"\n") > 2:
        try:
            return data.decode()
        except UnicodeDecodeError:
            pass
    try:
        return msgspec.json.format(msgspec.json.encode(root), indent=2).decode() + "\n"
    except (TypeError, ValueError, RecursionError) as error:
        raise FormatError(f"can't be written as JSON: {error}") from error


def _read_the_rest(name: str, references: References) -> None:
    """Read what schemas of replies refer to: a request's sample never looked there."""
    waiting = list(references.files())
    while waiting:
        file = waiting.pop()
        for reference in _references(references.files()[file]):
            path = unquote(reference.partition("#")[0])
            if not path or _LOUD.match(path):
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
            if path == name or path in references.files():
                continue
            try:
                references.file(path)
            except FormatError:
                continue  # one that matters to a request has been reported
            waiting.append(path)


def _references(root: Any) -> set[str]:
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if not isinstance(value, dict | list) or id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, dict):
            if isinstance(reference := value.get("$ref"), str):
                found.add(reference)
            waiting.extend(value.values())
        else:
            waiting.extend(value)
    return found
