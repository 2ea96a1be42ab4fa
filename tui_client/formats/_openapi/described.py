"""What a document says of one operation, for people; read as leniently as its requests are."""

from __future__ import annotations

from typing import Any

import msgspec

from tui_client.formats._format import Beside, FormatError
from tui_client.formats._found import Report
from tui_client.formats._openapi.outline import outline
from tui_client.formats._openapi.references import Node, References
from tui_client.formats._openapi.schema import put_together
from tui_client.formats._openapi.swagger import body_of
from tui_client.formats._openapi.words import one_line, plain, said_of, text_in

MAX_VALUES = 1000


class ParameterInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter. place: "path", "query", "header", "cookie". kind: "integer, at least 1". values: all it can be."""

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


def operation_info(root: Any, name: str, beside: Beside, operation: str) -> OperationInfo | None:
    """The operation "get /users/{id}" of a parsed document; None where it is not there. Raises FormatError."""
    if not isinstance(root, dict):
        return None
    try:
        return _Reader(root, References(root, name, beside, Report())).operation(operation)
    except RecursionError as error:
        raise FormatError("is nested too deep") from error


class _Reader:
    def __init__(self, root: dict[str, Any], references: References) -> None:
        self._root = root
        self._references = references
        self._is_old = "swagger" in root

    def operation(self, operation: str) -> OperationInfo | None:
        """All of it."""
        method, _, path = operation.partition(" ")
        whole = Node(self._root)
        item = self._child(self._child(whole, "paths"), path)
        found = self._child(item, method)
        if not found.table():
            found = self._child(self._child(item, "additionalOperations"), method)
        table = found.table()
        if not table:
            return None
        docs = self._child(found, "externalDocs").table()
        return OperationInfo(
            title=f"{method.upper()} {path}",
            summary=one_line(text_in(table, "summary") or text_in(item.table(), "summary")),
            description=text_in(table, "description") or text_in(item.table(), "description"),
            deprecated=table.get("deprecated") is True,
            docs_url=text_in(docs, "url"),
            parameters=self._parameters(item, found),
            body=self._body(item, found),
            replies=self._replies(found),
            security=_security(table.get("security", self._root.get("security"))),
            tags=tuple(each for each in table.get("tags") or () if isinstance(each, str))
            if isinstance(table.get("tags"), list)
            else (),
        )

    def _child(self, node: Node, name: str) -> Node:
        return self._references.child(node, name)

    def _parameters(self, item: Node, found: Node) -> tuple[ParameterInfo, ...]:
        made: dict[tuple[str, str], ParameterInfo] = {}
        for group in (self._child(item, "parameters"), self._child(found, "parameters")):
            for each in group.value if isinstance(group.value, list) else []:
                one = self._parameter(self._references.follow(Node(each, group.file)))
                if one is not None:
                    made[one.place, one.name] = one
        return tuple(made.values())

    def _parameter(self, node: Node) -> ParameterInfo | None:
        table = node.table()
        name, place = table.get("name"), table.get("in")
        if not isinstance(name, str) or place not in ("path", "query", "header", "cookie"):
            return None
        schema = self._child(node, "schema")
        if schema.value is None and "type" in table:
            schema = node  # of Swagger 2
        if schema.value is None:
            contents = list(self._child(node, "content").table().values())
            schema = self._child(Node(contents[0], node.file), "schema") if contents else schema
        whole = put_together((schema,), self._references)
        default = whole.says.get("default")
        return ParameterInfo(
            name=name,
            place=str(place),
            required=table.get("required") is True or place == "path",
            kind=said_of(schema, self._references).partition(", one of: ")[0] if schema.value is not None else "",
            values=self._values(schema),
            default="" if default is None else plain(default),
            example=plain(table.get("example", whole.says.get("example"))),
            description=text_in(table, "description") or text_in(whole.says, "description"),
            deprecated=table.get("deprecated") is True,
        )

    def _values(self, schema: Node) -> tuple[str, ...]:
        whole = put_together((schema,), self._references)
        inner = put_together(tuple(whole.items), self._references) if whole.items else whole
        if inner.enum is not None:
            return tuple(plain(each) for each in inner.enum[:MAX_VALUES] if each is not None)
        return ("true", "false") if inner.types == ("boolean",) else ()

    def _body(self, item: Node, found: Node) -> BodyInfo | None:
        if self._is_old:
            shared, own = self._child(item, "parameters"), self._child(found, "parameters")
            body = body_of(shared, own, found.table().get("consumes", self._root.get("consumes")), self._references)
        else:
            body = self._child(found, "requestBody")
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
        for status in replies.table():
            reply = self._child(replies, status)
            words = one_line(text_in(reply.table(), "description") or text_in(reply.table(), "summary"))
            contents = self._contents(reply)
            schema = self._child(reply, "schema")
            if self._is_old and schema.value is not None:
                contents = (Content("", outline(schema, self._references)),)
            made.append(ReplyInfo(status=str(status), description=words, contents=contents))
        return tuple(made)

    def _contents(self, node: Node) -> tuple[Content, ...]:
        content = self._child(node, "content")
        made = []
        for kind in content.table():
            schema = self._child(self._child(content, kind), "schema")
            made.append(Content(str(kind), outline(schema, self._references)))
        return tuple(made)


def _security(value: Any) -> tuple[str, ...]:
    """Alternatives, "none" for one that needs nothing: ("bearer", "key + secret")."""
    found = [" + ".join(map(str, each)) or "none" for each in value if isinstance(each, dict)] if value else []
    return tuple(dict.fromkeys(found)) if isinstance(value, list) else ()
