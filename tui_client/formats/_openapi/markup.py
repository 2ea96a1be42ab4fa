"""A sample as XML, by the `xml` hints of its schema."""

from __future__ import annotations

import re
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from tui_client.formats._openapi.references import Node, References
from tui_client.formats._openapi.schema import put_together
from tui_client.formats._openapi.words import plain

MAX_DEPTH: Final = 30
_UNSAFE: Final = re.compile(r"[^\w.\-:]+")


def xml_text(schema: Node, value: Any, references: References) -> str:
    """A document with one element for each value."""
    reference = schema.table().get("$ref")
    name = reference.rpartition("/")[2] if isinstance(reference, str) else ""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    _element(name, value, schema, references, lines, 0)
    return "\n".join(lines) + "\n"


def _hints(node: Node, references: References) -> dict[str, Any]:
    return references.child(references.follow(node), "xml").table()


def _tag(name: str, hints: dict[str, Any]) -> str:
    said = hints.get("name")
    tag = _UNSAFE.sub("_", said if isinstance(said, str) and said else name) or "root"
    prefix = hints.get("prefix")
    return f"{prefix}:{tag}" if isinstance(prefix, str) and _UNSAFE.search(prefix) is None and prefix else tag


def _element(name: str, value: Any, node: Node, references: References, lines: list[str], depth: int) -> None:
    hints = _hints(node, references)
    whole = put_together((node,), references)
    pad = "  " * depth
    tag = _tag(name or plain(whole.says.get("title", "")) or "root", hints)
    if isinstance(value, list):
        item = whole.items[0] if whole.items else Node({})
        wrapped = hints.get("wrapped") is True or depth == 0
        if wrapped:
            lines.append(f"{pad}<{tag}>")
        for each in value if depth < MAX_DEPTH else []:
            _element(tag, each, item, references, lines, depth + wrapped)
        if wrapped:
            lines.append(f"{pad}</{tag}>")
        return
    if not isinstance(value, dict):
        lines.append(f"{pad}<{tag}>{escape(plain(value))}</{tag}>")
        return
    space = hints.get("namespace")
    head = f" xmlns={quoteattr(space)}" if isinstance(space, str) else ""
    inner: list[str] = []
    for key, each in value.items() if depth < MAX_DEPTH else []:
        child = (whole.properties.get(key) or [Node({})])[0]
        own = _hints(child, references)
        if own.get("attribute") is True or own.get("nodeType") == "attribute":
            head += f" {_tag(str(key), own)}={quoteattr(plain(each))}"
        else:
            _element(str(key), each, child, references, inner, depth + 1)
    lines.append(f"{pad}<{tag}{head}>")
    lines += inner
    lines.append(f"{pad}</{tag}>")
