"""Insomnia's bodies as ours."""

from __future__ import annotations

from typing import Final

import msgspec

from tui_client.formats._insomnia.place import Place
from tui_client.formats._values import Table, is_true, rows, table, text
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.kinds import Body
from tui_client.model.request import NameValue

_FORM: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"


def read_rows(value: object, place: Place) -> tuple[NameValue, ...]:
    """Headers, fields and the like; a row without a name is left out, as in Insomnia."""
    return tuple(
        NameValue(
            place.template(row.get("name")),
            place.template(row.get("value")),
            not is_true(row.get("disabled")),
            text(row.get("description")),
        )
        for row in rows(value)
        if text(row.get("name"))
    )


def read_body(value: object, place: Place) -> Body | None:
    """The body by its media type."""
    body = table(value)
    media_type = text(body.get("mimeType"))
    kind = media_type.partition(";")[0].strip().lower()
    if text(body.get("fileName")) and kind not in (_FORM, _MULTIPART):
        return File(place.template(body.get("fileName")), "" if kind == "application/octet-stream" else media_type)
    if kind == _FORM and "params" in body:
        return Form(read_rows(body.get("params"), place))
    if kind == _MULTIPART:
        return Multipart(tuple(_part(row, place) for row in rows(body.get("params"))))
    if kind == "application/graphql":
        return _graphql(text(body.get("text")), place)
    if not text(body.get("text")):
        return None
    if kind in ("application/json", "application/vnd.api+json"):
        return Json(place.json_template(body.get("text")))
    return Text(place.template(body.get("text")), media_type or "text/plain")


def _part(row: Table, place: Place) -> Part:
    is_file = row.get("type") == "file"
    return Part(
        place.template(row.get("name")),
        "" if is_file else place.template(row.get("value")),
        place.template(row.get("fileName")) if is_file else "",
        text(row.get("multiline")) if "/" in text(row.get("multiline")) else "",
        "",
        not is_true(row.get("disabled")),
        text(row.get("description")),
    )


def _graphql(written: str, place: Place) -> Body:
    """Insomnia keeps the whole JSON object as text."""
    try:
        whole = table(msgspec.json.decode(written.encode("utf-8", "replace")))
    except (msgspec.DecodeError, RecursionError):
        whole = {}
    if not isinstance(whole.get("query"), str):
        return Json(place.json_template(written))
    variables = whole.get("variables")
    return GraphQL(
        place.template(whole["query"]),
        place.json_template(variables) if variables not in (None, {}, "") else "",
        place.template(whole.get("operationName")),
    )
