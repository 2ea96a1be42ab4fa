"""The schemas that checks ask for: files of a collection, and OpenAPI documents that its requests came from."""

from __future__ import annotations

import posixpath
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from tui_client import disk
from tui_client.errors import BrokenFile, OutsideCollection, QueryError
from tui_client.kinds.bounded import takes_long
from tui_client.kinds.json_schema import MAX_SCHEMA_BYTES, NAME, schema_problem
from tui_client.kinds.operation_schemas import OperationSchemas, operation_problem
from tui_client.kinds.query.schema import BoundSchema, Schema
from tui_client.kinds.reply import parse_json
from tui_client.model.exchange import Response
from tui_client.model.kinds import Query
from tui_client.model.request import Assertion, Capture, Request
from tui_client.storage.cache import MAX_ENTRIES, FileCache
from tui_client.storage.document import read_document
from tui_client.storage.inside import is_there, safe_parts
from tui_client.text import format_bytes

C = TypeVar("C", Assertion, Capture)
T = TypeVar("T")

_TABLE: Final = "x-openapi"
_MOST_FILES: Final = 64


class OperationLink(msgspec.Struct, frozen=True):
    """What `[x-openapi]` of a request says: the document, relative to the collection, and "get /users/{id}"."""

    document: str
    operation: str


class SchemaFiles:
    """Those of one collection, read when they are asked for and kept until they change."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._links = FileCache(self._read_link)
        self._texts = FileCache(self._read_text, _MOST_FILES)
        self._parsed = FileCache(self._parse, _MOST_FILES)
        self._paths: dict[str, Path] = {}
        self._operations: dict[str, OperationSchemas] = {}

    def text(self, file: str) -> str:
        """A schema file. Raises QueryError."""
        return self._asked(self._texts, self._path(file))

    def link(self, key: str) -> OperationLink:
        """Which operation a request was imported for. Raises QueryError."""
        try:
            return self._asked(self._links, self._path(f"{key}.toml"))
        except QueryError:
            if is_there(self._path(f"{key}.toml")):
                raise
            raise QueryError(
                NAME, "the request must be saved first; its file says which operation it belongs to"
            ) from None

    def operation_text(self, key: str, response: Response) -> str:
        """The schema for a reply to the operation of a request, "" where it has no body. Raises QueryError."""
        link = self.link(key)
        return self._of(link.document).text_for(link.operation, response)

    def problem(self, schema: Schema, key: str) -> str:
        """Why a check of a request can't be asked, whatever the reply; "" if it can."""
        try:
            if schema.file:
                return "" if schema.text else schema_problem(self.text(schema.file))
            link = self.link(key)
            return operation_problem(self._root_of, link.document, link.operation)
        except QueryError as error:
            return error.reason

    def _of(self, document: str) -> OperationSchemas:
        if document not in self._operations:
            if len(self._operations) >= _MOST_FILES:
                self._operations.clear()
            self._operations[document] = OperationSchemas(self._root_of, document)
        return self._operations[document]

    def _root_of(self, file: str) -> Any:
        return self._asked(self._parsed, self._path(file))

    def _path(self, file: str) -> Path:
        found = self._paths.get(file)
        if found is None:
            try:
                found = self._root.joinpath(*safe_parts(posixpath.normpath(file)))
            except (OutsideCollection, ValueError):
                raise QueryError(NAME, f"{file} is outside the collection") from None
            if len(self._paths) >= MAX_ENTRIES:
                self._paths.clear()
            # A replay asks for the same few paths with each reply; pathlib is slow at that.
            self._paths[file] = found
        return found

    def _asked(self, cache: FileCache[T], path: Path) -> T:
        try:
            return cache.get(path)
        except BrokenFile as error:
            raise QueryError(NAME, f"{path.relative_to(self._root).as_posix()} {error.reason}") from error

    def _read_link(self, path: Path) -> OperationLink:
        table = read_document(path, self._root).table.get(_TABLE)
        said = table if isinstance(table, dict) else {}
        document, operation = said.get("document"), said.get("operation")
        if not isinstance(document, str) or not isinstance(operation, str):
            raise BrokenFile(
                path, "came from no OpenAPI document: it has no [x-openapi]; give the check a file or a text"
            )
        return OperationLink(document, operation)

    def _read_text(self, path: Path) -> str:
        takes_long()
        try:
            data = disk.read_file(path, self._root, MAX_SCHEMA_BYTES).data
        except disk.Outside as error:
            raise BrokenFile(path, "is a link that leads out of the collection") from error
        except disk.NoFile as error:
            raise BrokenFile(path, "is not a regular file") from error
        except OSError as error:
            raise BrokenFile(path, f"can't be read: {error.strerror or error}") from error
        if len(data) > MAX_SCHEMA_BYTES:
            raise BrokenFile(path, f"is larger than {format_bytes(MAX_SCHEMA_BYTES)}")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BrokenFile(path, "is not UTF-8") from error

    def _parse(self, path: Path) -> Any:
        try:
            return parse_json(self._read_text(path), NAME)
        except QueryError as error:
            raise BrokenFile(path, error.reason) from error


def bound(request: Request, files: SchemaFiles, key: str) -> Request:
    """The request with its checks knowing where their schemas are; key: in its collection. Nothing is read yet."""
    queries = [each.query for each in request.asserts] + [each.query for each in request.captures]
    if not any(type(query) is Schema for query in queries):
        return request
    return msgspec.structs.replace(
        request,
        asserts=tuple(_bound(each, files, key) for each in request.asserts),
        captures=tuple(_bound(each, files, key) for each in request.captures),
    )


def _bound(item: C, files: SchemaFiles, key: str) -> C:
    query: Query = item.query
    if not isinstance(query, Schema) or isinstance(query, BoundSchema) or query.text:
        return item
    find = partial(_file_text, files, query.file) if query.file else partial(files.operation_text, key)
    return msgspec.structs.replace(item, query=BoundSchema(query.file, query.text, find))


def unbound(item: C) -> C:
    """A check or capture as its file says it."""
    query: Query = item.query
    return msgspec.structs.replace(item, query=query.unbound()) if isinstance(query, BoundSchema) else item


def _file_text(files: SchemaFiles, file: str, _: Response) -> str:
    return files.text(file)
