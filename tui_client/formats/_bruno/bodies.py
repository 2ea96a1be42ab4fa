"""Bruno's bodies as ours."""

from __future__ import annotations

from typing import Final

from tui_client.formats._bruno.place import Place
from tui_client.formats._values import Table, rows, table, text
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.kinds import Body
from tui_client.model.request import NameValue

_TYPES: Final = {"text": "text/plain", "xml": "application/xml", "sparql": "application/sparql-query"}


def read_rows(given: list[Table], place: Place) -> tuple[NameValue, ...]:
    """Headers, fields and the like; a row without a name is left out, as in Bruno."""
    return tuple(
        NameValue(
            place.template(row.get("name")),
            place.template(row.get("value")),
            row.get("enabled", True) is not False,
            text(row.get("description")),
        )
        for row in given
        if text(row.get("name"))
    )


def read_body(value: object, place: Place) -> Body | None:
    """The body of the mode in force; another that is there too is told."""
    body = table(value)
    mode = text(body.get("mode"))
    for name, content in body.items():
        if name not in ("mode", mode) and content and not (mode == "graphql" and name == "graphqlVariables"):
            place.dropped(f"body:{name}", f"is not what is sent: the body is {mode or 'none'}")
    match mode:
        case "json":
            return Json(place.json_template(body.get("json")))
        case "text" | "xml" | "sparql":
            return Text(place.template(body.get(mode)), _TYPES[mode])
        case "graphql":
            return _graphql(body, place)
        case "formUrlEncoded":
            return Form(read_rows(rows(body.get(mode)), place))
        case "multipartForm":
            return Multipart(tuple(part for row in rows(body.get(mode)) for part in _parts(row, place)))
        case "file":
            return _file(rows(body.get(mode)), place)
        case "" | "none":
            return None
        case _:
            place.dropped(f"body: {mode}", "there is no such body here")
            return None


def _graphql(body: Table, place: Place) -> GraphQL:
    inner = table(body.get("graphql"))
    query, variables = (
        (inner.get("query"), inner.get("variables")) if inner else (body.get("graphql"), body.get("graphqlVariables"))
    )
    return GraphQL(place.template(query), place.json_template(variables))


def _parts(row: Table, place: Place) -> list[Part]:
    name, enabled = place.template(row.get("name")), row.get("enabled", True) is not False
    media_type, note = place.template(row.get("contentType")), text(row.get("description"))
    if text(row.get("type")) != "file":
        return [Part(name, place.template(row.get("value")), "", media_type, "", enabled, note)]
    value = row.get("value")
    files = value if isinstance(value, list) else [value]
    return [Part(name, "", place.template(each), media_type, "", enabled, note) for each in files]


def _file(given: list[Table], place: Place) -> Body | None:
    chosen = None
    for row in given:
        value = row.get("value", row.get("filePath"))
        path = text(value[0] if isinstance(value, list) and value else value)
        if chosen is None and row.get("enabled", True) is not False and row.get("selected", True) is not False:
            chosen = File(place.template(path), place.template(row.get("contentType")))
        else:
            place.dropped(f"body:file {path}", "is not the file that is sent")
    return chosen
