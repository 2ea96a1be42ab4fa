"""The body of a Postman request as ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from tui_client.formats._found import NOTHING
from tui_client.formats._postman.place import Place
from tui_client.formats._postman.values import Table, description, is_on, rows, table, text
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.kinds import Body
from tui_client.model.request import NameValue

# Methods whose body Postman leaves out, unless disableBodyPruning is set.
_BARE: Final = frozenset({"GET", "COPY", "HEAD", "PURGE", "UNLOCK"})
_TYPES: Final = {
    "javascript": "application/javascript",
    "html": "text/html",
    "xml": "application/xml",
    "json": "application/json",
}
_COMMENT: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?|(//|/\*)', re.DOTALL)


class FoundBody(msgspec.Struct, frozen=True):
    """The body that is sent. extensions: one that Postman keeps and doesn't send."""

    body: Body | None = None
    extensions: Mapping[str, Any] = NOTHING


def read_body(request: Table, *, sent_always: bool, place: Place) -> FoundBody:
    """The body; one that Postman would not send is kept beside it."""
    whole = table(request.get("body"))
    body = _read(whole, _content_type(request), place)
    if body is None:
        return FoundBody()
    method = text(request.get("method")).upper() or "GET"
    if whole.get("disabled") is True:
        why = "is off, so none is sent"
    elif method in _BARE and not sent_always:
        why = f"Postman sends none with {method}"
    else:
        return FoundBody(body)
    place.kept(f"body: {text(whole.get('mode'))}", f"{why}; it is kept under x-postman")
    return FoundBody(None, {"x-postman": {"body": msgspec.json.encode(whole).decode()}})


def _content_type(request: Table) -> str:
    for row in rows(request.get("header")):
        if is_on(row) and text(row.get("key")).strip().lower() == "content-type":
            return text(row.get("value")).strip()
    return ""


def _read(whole: Table, content_type: str, place: Place) -> Body | None:
    match text(whole.get("mode")):
        case "raw":
            return _raw(whole, content_type, place)
        case "urlencoded":
            return _form(whole.get("urlencoded"), place)
        case "formdata":
            return _multipart(whole.get("formdata"), place)
        case "file":
            named = whole.get("file")
            return _file(named if isinstance(named, dict) else {"src": named}, place)
        case "graphql":
            return _graphql(whole.get("graphql"), place)
        case "" | "none":
            return None
        case other:
            place.dropped(f"body: {other}", "there is no such body")
            return None


def _raw(whole: Table, content_type: str, place: Place) -> Body | None:
    content = text(whole.get("raw"))
    if not content:
        return None
    language = text(table(table(whole.get("options")).get("raw")).get("language"))
    told = content_type.partition(";")[0].strip().lower()
    if told.endswith(("/json", "+json")) or (not told and language == "json"):
        if any(sign[1] for sign in _COMMENT.finditer(content)):
            place.approximated("comments in JSON", "are sent as they stand; newer versions of Postman take them out")
        return Json(place.json_template(_line_feeds(content, place)))
    # A header names the type anyway; here it tells what the text is. A charset but UTF-8 is in the header alone.
    shown = content_type if told and "{{" not in told and "charset" not in content_type.lower() else ""
    return Text(place.template(content), shown or _TYPES.get(language, "text/plain"))


def _line_feeds(content: str, place: Place) -> str:
    """The same JSON or GraphQL; with its carriage returns a file of ours would show it in one line."""
    if "\r\n" not in content:
        return content
    place.imported("line ends of the body", "are line feeds, which mean the same there")
    return content.replace("\r\n", "\n")


def _form(value: object, place: Place) -> Body | None:
    if isinstance(value, str):
        return Text(place.template(value), "application/x-www-form-urlencoded") if value else None
    fields = rows_of(value, place)
    _note_all_off(bool(fields), any(row.enabled for row in fields), place)
    return Form(fields) if fields else None


def rows_of(value: object, place: Place) -> tuple[NameValue, ...]:
    """Rows of names and values, as of a form; the empty one that Postman shows at their end is none."""
    return tuple(_row(row, place) for row in rows(value) if row.get("key") or row.get("value"))


def headers_of(value: object, place: Place) -> tuple[NameValue, ...]:
    """Headers; one without a name is off, since Postman doesn't send it."""
    found = rows_of(value, place)
    if any(row.enabled and not row.name for row in found):
        place.approximated("header without a name", "is off: it can't be sent")
    return tuple(row if row.name else msgspec.structs.replace(row, enabled=False) for row in found)


def _row(row: Table, place: Place) -> NameValue:
    return NameValue(
        place.template(row.get("key")),
        place.template(row.get("value")),
        is_on(row),
        description(row.get("description")),
    )


def _multipart(value: object, place: Place) -> Body | None:
    parts = tuple(part for row in rows(value) for part in _parts(row, place))
    _note_all_off(bool(parts), any(part.enabled for part in parts), place)
    return Multipart(parts) if parts else None


def _note_all_off(there: bool, on: bool, place: Place) -> None:
    if there and not on:
        place.approximated("body", "all its fields are off: an empty form is sent, where Postman sends no body")


def _parts(row: Table, place: Place) -> list[Part]:
    blank = Part(
        place.template(row.get("key")),
        type=place.template(row.get("contentType")),
        filename=place.template(row.get("fileName")),
        enabled=is_on(row),
        description=description(row.get("description")),
    )
    if text(row.get("type")) != "file" and not row.get("src"):
        return [msgspec.structs.replace(blank, value=place.template(row.get("value")))]
    src = row.get("src")
    files = [text(each) for each in (src if isinstance(src, list) else [src]) if text(each)]
    if not files:
        place.approximated(f"form-data file {text(row.get('key'))}", "no file is chosen, so the part is off")
        return [msgspec.structs.replace(blank, enabled=False)]
    if len(files) > 1:
        place.imported(f"form-data file {text(row.get('key'))}", f"its {len(files)} files are a part each")
    return [msgspec.structs.replace(blank, file=place.template(file)) for file in files]


def _file(value: Table, place: Place) -> Body | None:
    if src := text(value.get("src")):
        return File(place.template(src))
    if content := text(value.get("content")):
        return Text(place.template(content), "application/octet-stream")
    if value.get("src") is not None or "content" in value:
        place.dropped("body: file", "no file is chosen")
    return None


def _graphql(value: object, place: Place) -> Body | None:
    if isinstance(value, str):
        return GraphQL(place.template(value)) if value else None
    whole = table(value)
    variables = whole.get("variables")
    written = "" if variables in (None, {}, []) else text(variables)
    query, written = (_line_feeds(each, place) for each in (text(whole.get("query")), written))
    if not query and not written.strip():
        return None
    return GraphQL(place.template(query), place.json_template(written), place.template(whole.get("operationName")))
