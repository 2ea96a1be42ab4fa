"""OpenAPI 3.0, 3.1 and 3.2 and Swagger 2, JSON and YAML: every operation a request with a sample of what it takes.

Read leniently: a document is never refused for being invalid where operations can be read. References are followed
inside the document and to files beside it, and never fetched.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from tui_client.formats._data import text_of
from tui_client.formats._format import MAX_BYTES, Alone, Beside, FormatError, Importer, Source, refuse_large
from tui_client.formats._found import Found, Report
from tui_client.formats._openapi.document import collection_of
from tui_client.formats._openapi.kept import documents_of
from tui_client.formats._openapi.references import References, parsed

_ALONE: Final = Alone()
_HEAD: Final = 1024 * 1024
_SAYS_SO: Final = re.compile(
    rb"""^["']?(?:openapi|swagger)["']?[ \t]*:[ \t]*["']?[23](?:\.|["' \t\r\n]|$)""", re.MULTILINE
)
_FIRST_LINE: Final = re.compile(rb"""["']?[\w.$\-]+["']?[ \t]*:(?:[ \t]|$)""")


def read_openapi(
    data: bytes, *, name: str = "", beside: Beside = _ALONE, max_bytes: int = MAX_BYTES, url: str = ""
) -> Found:
    """The operations of a document. url: where it came from, which its servers are relative to; "": not known.

    Raises FormatError for what has none to be read, or is too large.
    """
    refuse_large(data, max_bytes)
    report = Report()
    try:
        root = parsed(data)
        if not isinstance(root, dict) or not _has_operations(root):
            raise FormatError("is not an OpenAPI document: it has no paths")
        file = name.replace("\\", "/").rpartition("/")[2]
        references = References(root, file, beside, report)
        collection = collection_of(root, name, references, report, url)
        collection = msgspec.structs.replace(collection, documents=documents_of(data, file, references))
    except RecursionError as error:
        raise FormatError("is nested too deep") from error
    return Found(format="openapi", collections=(collection,), report=tuple(report.lines))


def _has_operations(root: dict[str, Any]) -> bool:
    if isinstance(root.get("paths"), dict):
        return True
    # Since 3.1 a document may hold nothing but webhooks or components.
    return isinstance(root.get("openapi"), str) and any(key in root for key in ("webhooks", "components", "paths"))


class _Head(msgspec.Struct):
    openapi: msgspec.Raw = msgspec.Raw()
    swagger: msgspec.Raw = msgspec.Raw()
    paths: msgspec.Raw = msgspec.Raw()
    webhooks: msgspec.Raw = msgspec.Raw()
    components: msgspec.Raw = msgspec.Raw()


def _recognises(source: Source) -> bool:
    if source.is_folder:
        return False
    data = source.data
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]:
            data = text_of(data).encode()
        data = data.removeprefix(b"\xef\xbb\xbf")
        if data.lstrip()[:1] == b"{":
            head = msgspec.json.decode(data, type=_Head)
            version = bytes(head.openapi) or bytes(head.swagger)
            return version[:2] in (b'"2', b'"3') and any(map(bytes, (head.paths, head.webhooks, head.components)))
    except (FormatError, msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
    return _is_yaml(data[:_HEAD])


def _is_yaml(head: bytes) -> bool:
    for line in head.splitlines():
        if line.strip() and line[:1] not in (b"#", b"%") and line.strip() != b"---":
            return _FIRST_LINE.match(line) is not None and _SAYS_SO.search(head) is not None
    return False


def _read(source: Source) -> Found:
    return read_openapi(source.data, name=source.name, beside=source.beside, url=source.url)


IMPORTER: Final = Importer("openapi", "OpenAPI document", _recognises, _read)
