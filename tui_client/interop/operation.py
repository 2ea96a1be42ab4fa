"""What the OpenAPI document that a request came from says of its operation, for people."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec


class ParameterInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter. place: "path", "query", "header", "cookie". kind: "integer, 1..100". values: all it can be."""

    name: str
    place: str
    required: bool = False
    kind: str = ""
    values: tuple[str, ...] = ()
    default: str = ""
    example: str = ""
    description: str = ""
    deprecated: bool = False


class Content(msgspec.Struct, frozen=True):
    """A media type and the outline of its schema: lines, two blanks a level."""

    media_type: str
    outline: tuple[str, ...] = ()


class BodyInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What can be sent."""

    required: bool = False
    description: str = ""
    contents: tuple[Content, ...] = ()


class ReplyInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What can come: status is "200", "2XX" or "default"."""

    status: str
    description: str = ""
    contents: tuple[Content, ...] = ()


class OperationInfo(msgspec.Struct, frozen=True, kw_only=True):
    """An operation; all of it is outside text. title: "GET /users/{id}"."""

    title: str
    summary: str = ""
    description: str = ""
    deprecated: bool = False
    docs_url: str = ""
    parameters: tuple[ParameterInfo, ...] = ()
    body: BodyInfo | None = None
    replies: tuple[ReplyInfo, ...] = ()
    security: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def link_of(text: str) -> tuple[str, str] | None:
    """The document and the operation that the text of a request file names: (".openapi/openapi.json", "get /users")."""
    if "[x-openapi]" not in text:
        return None
    try:
        table = tomllib.loads(text).get("x-openapi")
    except (ValueError, RecursionError):
        return None
    document, operation = (table.get("document"), table.get("operation")) if isinstance(table, dict) else (None, None)
    return (document, operation) if isinstance(document, str) and isinstance(operation, str) else None


def read_operation(root: Path, link: tuple[str, str]) -> OperationInfo | None:
    """What the document says; None where it, or the operation, is not there or can't be read. Blocking."""
    return None
