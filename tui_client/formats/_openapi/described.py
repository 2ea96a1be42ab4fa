"""What a document says of one operation, for people; read as leniently as its requests are."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from tui_client.formats._format import Beside, FormatError
from tui_client.formats._found import Report
from tui_client.formats._openapi.described_parameters import ParameterInfo, parameters_of
from tui_client.formats._openapi.document import is_old, merged
from tui_client.formats._openapi.operations import METHODS
from tui_client.formats._openapi.outline import MORE, outline
from tui_client.formats._openapi.references import Node, References
from tui_client.formats._openapi.swagger import body_of
from tui_client.formats._openapi.words import one_line, text_in

__all__ = ["BodyInfo", "Content", "OperationInfo", "ParameterInfo", "ReplyInfo", "operation_info"]

MAX_LINES: Final = 4000  # of all outlines of an operation
MAX_CONTENTS: Final = 20
MAX_REPLIES: Final = 100
MAX_NAMES: Final = 100
_OLD_MEDIA_TYPE: Final = "application/json"


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


def operation_info(
    root: Any, name: str, beside: Beside, operation: str, files: dict[str, Any] | None = None
) -> OperationInfo | None:
    """The operation "get /users/{id}" of a parsed document; None where it is not there. Raises FormatError.

    files: those beside it that were parsed before, by their path; the ones that are read come to them.
    """
    if not isinstance(root, dict):
        return None
    references = References(root, name, beside, Report())
    known = {} if files is None else files
    references.files().update(known)
    try:
        return _Reader(root, references).operation(operation)
    except RecursionError as error:
        raise FormatError("is nested too deep") from error
    finally:
        known.update((path, data) for path, data in references.files().items() if path)


class _Reader:
    def __init__(self, root: dict[str, Any], references: References) -> None:
        self._root = root
        self._references = references
        self._is_old = is_old(root, Report())
        self._lines = 0

    def operation(self, operation: str) -> OperationInfo | None:
        """All of it."""
        method, _, path = operation.partition(" ")
        item = self._item(path)
        found = self._of_method(item, method)
        table = found.table()
        if not table:
            return None
        return OperationInfo(
            title=f"{method.upper()} {path}",
            summary=one_line(text_in(table, "summary") or text_in(item.table(), "summary")),
            description=text_in(table, "description") or text_in(item.table(), "description"),
            deprecated=table.get("deprecated") is True,
            docs_url=text_in(self._child(found, "externalDocs").table(), "url"),
            parameters=parameters_of(self._child(item, "parameters"), self._child(found, "parameters"),
                                     self._references),
            body=self._body(item, found),
            replies=self._replies(found),
            security=_security(table.get("security", self._root.get("security"))),
            tags=_texts(table.get("tags")),
        )  # fmt: skip

    def _child(self, node: Node, name: str) -> Node:
        return self._references.child(node, name)

    def _item(self, path: str) -> Node:
        paths = self._child(Node(self._root), "paths")
        item = Node(paths.table().get(path), paths.file)
        return merged(item, self._references.follow(item), self._references)

    def _of_method(self, item: Node, method: str) -> Node:
        if method.lower() in METHODS:
            for name in item.table():
                if name.lower() == method.lower() and (found := self._child(item, name)).table():
                    return found
        others = self._child(item, "additionalOperations")
        return self._child(others, method if method in others.table() else method.upper())

    def _body(self, item: Node, found: Node) -> BodyInfo | None:
        body = self._child(found, "requestBody")
        if self._is_old:
            shared, own = self._child(item, "parameters"), self._child(found, "parameters")
            body = body_of(shared, own, found.table().get("consumes", self._root.get("consumes")), self._references)
        if not body.table():
            return None
        return BodyInfo(
            required=body.table().get("required") is True,
            description=text_in(body.table(), "description"),
            contents=self._contents(body),
        )

    def _replies(self, found: Node) -> tuple[ReplyInfo, ...]:
        replies = self._child(found, "responses")
        made = []
        for status in list(replies.table())[:MAX_REPLIES]:
            reply = self._child(replies, status)
            if str(status).startswith("x-") or not isinstance(reply.value, dict):
                continue
            words = one_line(text_in(reply.table(), "description") or text_in(reply.table(), "summary"))
            contents = self._old_contents(reply, found) if self._is_old else self._contents(reply)
            made.append(ReplyInfo(status=str(status), description=words, contents=contents))
        return tuple(made)

    def _old_contents(self, reply: Node, found: Node) -> tuple[Content, ...]:
        """Of Swagger 2: one schema for all media types that the operation makes."""
        schema = self._child(reply, "schema")
        if schema.value is None:
            return ()
        types = _texts(found.table().get("produces", self._root.get("produces")))[:MAX_CONTENTS]
        lines = self._outline(schema)
        return tuple(Content(name, lines) for name in types or (_OLD_MEDIA_TYPE,))

    def _contents(self, node: Node) -> tuple[Content, ...]:
        content = self._child(node, "content")
        made = []
        for kind in list(content.table())[:MAX_CONTENTS]:
            media = self._child(content, kind)
            schema = self._child(media, "schema")
            if schema.value is None:
                schema = self._child(media, "itemSchema")  # since 3.2, of one item of a stream
            made.append(Content(str(kind), self._outline(schema)))
        return tuple(made)

    def _outline(self, schema: Node) -> tuple[str, ...]:
        if self._lines >= MAX_LINES:
            return (MORE,)
        found = outline(schema, self._references)
        self._lines += len(found)
        return found


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(each for each in value[:MAX_NAMES] if isinstance(each, str)) if isinstance(value, list) else ()


def _security(value: Any) -> tuple[str, ...]:
    """Alternatives, "none" for one that needs nothing: ("bearer", "key + secret", "oauth (read, write)")."""
    listed = [each for each in value[:MAX_NAMES] if isinstance(each, dict)] if isinstance(value, list) else []
    return tuple(dict.fromkeys(" + ".join(_scheme(*pair) for pair in each.items()) or "none" for each in listed))


def _scheme(name: str, scopes: Any) -> str:
    said = ", ".join(_texts(scopes))
    return f"{name} ({said})" if said else str(name)
