"""What an OpenAPI document says of an operation's replies: the schema for a status and a media type."""

from __future__ import annotations

import threading
from typing import Any, Final

import msgspec

from tui_client.errors import QueryError
from tui_client.kinds.bounded import takes_long
from tui_client.kinds.json_schema import MAX_SCHEMA_BYTES, NAME
from tui_client.kinds.openapi_schemas import Documents, Read, Spot, standing_alone, table
from tui_client.model.exchange import Response, header_values

ANYTHING: Final = "{}"
NOTHING: Final = ""
_KEPT: Final = 64
_KEPT_CHARS: Final = 64 * 1024 * 1024
_MOST_SHOWN: Final = 10


class OperationSchemas:
    """The operations of one document, schemas made when they are asked for and kept while its files stay the same.

    read: gives the parsed file of a path, the same object as long as it did not change; main: the document's path.
    """

    def __init__(self, read: Read, main: str) -> None:
        self._read = read
        self._main = main
        self._made: dict[tuple[str, int, str], tuple[str, dict[str, Any]]] = {}
        self._lock = threading.Lock()  # replies are checked in several threads

    def text_for(self, operation: str, response: Response) -> str:
        """The schema, as JSON, for a reply to "get /users/{id}"; NOTHING where none has a body.

        Raises QueryError, which says what is documented.
        """
        values = header_values(response.headers, "content-type")
        media = _plain(values[-1]) if values else ""
        key = (operation, response.status, media)
        with self._lock:
            kept = self._made.get(key)
        if kept is not None and all(self._read(path) is root for path, root in kept[1].items()):
            return kept[0]
        takes_long()
        documents = Documents(self._read, self._main)
        text = _text(documents, *key)
        with self._lock:
            self._made.pop(key, None)
            self._made[key] = (text, documents.used)
            self._forget()
        return text

    def _forget(self) -> None:
        """The oldest ones."""
        chars = sum(len(text) for text, _ in self._made.values())
        while len(self._made) > _KEPT or (len(self._made) > 1 and chars > _KEPT_CHARS):
            oldest = next(iter(self._made))
            chars -= len(self._made.pop(oldest)[0])


def operation_problem(read: Read, main: str, operation: str) -> str:
    """Why no reply of an operation can be checked; "" if one can."""
    try:
        _replies(Documents(read, main), operation)
    except QueryError as error:
        return error.reason
    return ""


def _text(documents: Documents, operation: str, status: int, media: str) -> str:
    replies = _replies(documents, operation)
    name = next((each for each in (str(status), f"{str(status)[:1]}XX", "default") if each in replies), "")
    if not name:
        there = _some(replies) or "none"
        raise QueryError(NAME, f"{operation} documents no reply of status {status}; it documents {there}")
    kinds = _media_types(documents, operation, documents.followed(replies[name]))
    if not kinds:
        return NOTHING
    chosen = _chosen(media, kinds)
    if chosen is None:
        said = media or "without a Content-Type"
        raise QueryError(NAME, f"{operation} documents no reply {name} that is {said}; it documents {_some(kinds)}")
    if media and not _is_json(media):
        raise QueryError(NAME, f"the reply is {media}, not JSON")
    if chosen.value is None:
        return ANYTHING
    schema = standing_alone(documents, chosen)
    try:
        data = msgspec.json.encode(schema)
    except (ValueError, TypeError, RecursionError) as error:
        raise QueryError(NAME, f"the schema can't be used: {error}") from error
    if len(data) > MAX_SCHEMA_BYTES:
        raise QueryError(NAME, "the schema is too large")
    return data.decode()


def _replies(documents: Documents, operation: str) -> dict[str, Spot]:
    """The documented replies of an operation by status, "2XX" or "default". Raises QueryError."""
    root = documents.root(documents.main)
    if not isinstance(root, dict) or not ("openapi" in root or "swagger" in root):
        raise QueryError(NAME, f"{documents.main} is not an OpenAPI document")
    method, _, path = operation.partition(" ")
    paths = documents.child(Spot(root, documents.main), "paths")
    item = documents.child(paths, path)
    found = documents.child(item, method.lower())
    if not table(found.value):
        found = documents.child(documents.child(item, "additionalOperations"), method.upper())
    if not table(found.value):
        raise QueryError(NAME, f"{documents.main} has no operation {operation!r}")
    replies = documents.child(found, "responses")
    return {
        _status(name): Spot(value, replies.file)
        for name, value in table(replies.value).items()
        if isinstance(value, dict)
    }


def _status(name: str) -> str:
    return name.upper() if name.lower().endswith("xx") else name


def _media_types(documents: Documents, operation: str, reply: Spot) -> dict[str, Spot]:
    """The schema of each documented media type, nothing where it has none; {} for a reply without a body."""
    if "swagger" in documents.root(documents.main):
        # Any media type: `produces` is rarely right about errors.
        schema = table(reply.value).get("schema")
        return {} if schema is None else {"*/*": Spot(schema, reply.file)}
    content = documents.child(reply, "content")
    found: dict[str, Spot] = {}
    for name, value in table(content.value).items():
        media = documents.followed(Spot(value, content.file))
        found[_plain(name)] = Spot(table(media.value).get("schema"), media.file)
    return found


def _chosen(media: str, kinds: dict[str, Spot]) -> Spot | None:
    """The nearest of the documented ones: the same, its family, any; then JSON for JSON of another name."""
    for name in (media, f"{media.partition('/')[0]}/*", "*/*"):
        if name in kinds:
            return kinds[name]
    if _is_json(media) or not media:
        of_json = [name for name in kinds if _is_json(name)]
        if "application/json" in of_json or len(of_json) == 1:
            return kinds["application/json" if "application/json" in of_json else of_json[0]]
    return None


def _is_json(media: str) -> bool:
    return media.endswith(("/json", "+json"))


def _plain(media: str) -> str:
    return media.partition(";")[0].strip().lower()


def _some(names: dict[str, Spot]) -> str:
    shown = list(names)[:_MOST_SHOWN]
    return ", ".join(shown) + (f" and {len(names) - len(shown)} more" if len(names) > len(shown) else "")
