"""The body of a request as what code sends."""

from __future__ import annotations

from email.message import Message
from pathlib import Path, PurePath
from typing import TypeAlias

import msgspec

from tui_client.errors import RequestFailed
from tui_client.formats._code.text import Text, Variables, form_text, known, literal
from tui_client.formats._found import Report
from tui_client.kinds.body._files import guessed_type
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text as PlainText
from tui_client.model.kinds import Body

Rows: TypeAlias = tuple[tuple[Text, Text], ...]


class TextContent(msgspec.Struct, frozen=True):
    """Text that is sent in a charset."""

    text: Text
    charset: str = "utf-8"


class FormContent(msgspec.Struct, frozen=True):
    """Fields, URL-encoded."""

    fields: Rows

    @property
    def as_text(self) -> Text:
        """As it is sent."""
        return form_text(self.fields)

    @property
    def plain(self) -> bool:
        """Whether every library encodes it as we do: they differ on two signs, and on nothing at all."""
        return bool(self.fields) and not any(
            sign in known(text) for row in self.fields for text in row for sign in "*~"
        )


class PartContent(msgspec.Struct, frozen=True):
    """One part: a value, or the file at a path."""

    name: Text
    value: Text = ()
    file: Text = ()
    filename: Text = ()
    media_type: Text = ()


class MultipartContent(msgspec.Struct, frozen=True):
    """Parts in order."""

    parts: tuple[PartContent, ...]


class FileContent(msgspec.Struct, frozen=True):
    """The bytes of a file."""

    path: Text


Content: TypeAlias = TextContent | FormContent | MultipartContent | FileContent | None


def content_of(body: Body | None, origin: str, variables: Variables, report: Report) -> tuple[Content, Text]:
    """What is sent, and its media type; of a multipart form the library makes that up with its boundary."""
    match body:
        case None:
            return None, ()
        case Json():
            return TextContent(variables.json(body.content)), ("application/json",)
        case GraphQL():
            return _graphql(body, origin, variables, report), ("application/json",)
        case PlainText():
            return _plain(body, origin, variables, report), variables.text(body.media_type)
        case Form():
            rows = (row for row in body.fields if row.enabled)
            fields = tuple((variables.text(row.name), variables.text(row.value)) for row in rows)
            return FormContent(fields), ("application/x-www-form-urlencoded",)
        case Multipart():
            parts = tuple(_part(part, variables) for part in body.parts if part.enabled)
            for part in parts:
                _report_path(part.file, origin, report)
            if not parts:
                report.dropped(origin, "body: multipart", "it has no parts")
            return (MultipartContent(parts) if parts else None), ()
        case File(path=""):
            report.dropped(origin, "body: file", "it has no path")
            return None, ()
        case File():
            path = variables.text(body.path)
            _report_path(path, origin, report)
            return FileContent(path), variables.text(body.media_type or guessed_type(body.path))
        case _:
            report.dropped(origin, f"body: {type(body).__name__}", "code can't be written for it")
            return None, ()


def _graphql(body: GraphQL, origin: str, variables: Variables, report: Report) -> Content:
    try:
        written = b"".join(part for part in body.encode(Path).segments if isinstance(part, bytes))
    except RequestFailed as error:
        report.dropped(origin, "body: graphql", f"its {error.failure.subject} {error.failure.detail}")
        return None
    return TextContent(variables.json(written.decode()))


def _plain(body: PlainText, origin: str, variables: Variables, report: Report) -> Content:
    text = variables.text(body.content)
    message = Message()
    message["Content-Type"] = " ".join(body.media_type.split())
    charset = message.get_content_charset() or "utf-8"
    try:
        known(text).encode(charset)
    except (ValueError, LookupError):
        report.approximated(origin, f"charset: {charset}", "the text can't be written in it and is sent in UTF-8")
        return TextContent(text)
    return TextContent(text, charset)


def _part(part: Part, variables: Variables) -> PartContent:
    filename = part.filename or part.file.replace("\\", "/").rpartition("/")[2]
    return PartContent(
        name=variables.text(part.name),
        value=() if part.file else variables.text(part.value),
        file=variables.text(part.file),
        filename=variables.text(filename),
        media_type=variables.text(part.type or (guessed_type(filename) if part.file else "")),
    )


def _report_path(path: Text, origin: str, report: Report) -> None:
    written = literal(path)
    if written and not PurePath(written).is_absolute():
        report.approximated(origin, f"file: {written}", "it is looked for in the folder where the code is run")
