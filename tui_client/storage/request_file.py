"""One request file as a Request."""

from __future__ import annotations

import re
from typing import Any, Final

from tui_client.model.request import Request
from tui_client.storage.checks import read_asserts, read_captures
from tui_client.storage.document import Document
from tui_client.storage.node import Node
from tui_client.storage.parts import read_auth, read_body, read_options
from tui_client.storage.rows import read_rows

KEYS: Final = (
    "name",
    "method",
    "url",
    "description",
    "tags",
    "path",
    "params",
    "headers",
    "body",
    "auth",
    "options",
    "capture",
    "assert",
)
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def read_method(node: Node) -> str:
    """A method: any token of RFC 9110, its case kept, or a template."""
    method = node.text()
    if "{{" not in method and not _TOKEN.fullmatch(method):
        raise node.broken(f"{method!r} is not a method; a method is one word, say GET")
    return method


_READERS: Final[dict[str, tuple[str, Any]]] = {
    "name": ("name", Node.text),
    "method": ("method", read_method),
    "url": ("url", Node.text),
    "description": ("description", Node.text),
    "tags": ("tags", Node.texts),
    "path": ("path", read_rows),
    "params": ("params", read_rows),
    "headers": ("headers", read_rows),
    "body": ("body", read_body),
    "auth": ("auth", read_auth),
    "options": ("options", read_options),
    "capture": ("captures", read_captures),
    "assert": ("asserts", read_asserts),
}


def read_request(document: Document) -> Request:
    """A request file. Raises BrokenFile for the first thing in it that is wrong."""
    root = Node(document, (), document.table)
    root.only(KEYS, extensions=True)
    return Request(
        **{_READERS[key][0]: _READERS[key][1](child) for key, child in root.table().items() if key in _READERS}
    )
