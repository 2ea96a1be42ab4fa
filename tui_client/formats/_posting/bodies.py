"""Posting's bodies as ours: text of the media type that its headers name, or a form."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats._posting.address import Row, as_sent, named, read_rows
from tui_client.formats._posting.place import Place, is_json
from tui_client.formats._values import table, text
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.text import Text
from tui_client.model.kinds import Body
from tui_client.model.request import NameValue

# What is put in outside a JSON string.
_OUTSIDE: Final = re.compile(r"\{\{json\(([\w.\-]+)\)\}\}")


def read_body(value: object, headers: list[Row], place: Place, *, filled: bool) -> Body | None:
    """The body. filled: whether variables in it are."""
    body = table(value)
    if value is not None and not isinstance(value, dict):
        place.dropped("body", "is no table")
    place.note_unknown(body, ("content", "form_data", "content_type"), "body.")
    content = text(body.get("content"))
    fields = read_rows(body.get("form_data"), "body.form_data", place)
    if content and fields:
        place.dropped("body.form_data", "is not what is sent: the body is text")
    if content:
        return _text(content, text(body.get("content_type")), headers, place, filled=filled)
    if not fields:
        return None
    rows = (
        named(as_sent(fields), place)
        if filled
        else tuple(NameValue(r.name, r.value, r.enabled) for r in as_sent(fields))
    )
    return Form(rows, template=filled)


def _text(content: str, media_type: str, headers: list[Row], place: Place, *, filled: bool) -> Body:
    own = [row for row in headers if row.name.lower() == "content-type"]
    if own:
        # It is never replaced: one that is switched off leaves the body without a type.
        sent = [row.value for row in own if row.enabled]
        media_type = sent[0].partition(";")[0].strip() if sent else ""
    elif not media_type and _is_json(content):
        media_type = "application/json"
    elif not media_type:
        place.approximated("body.content", "has no media type; Posting sends the one that its editor stands at")
    kind = media_type.lower()
    if kind == "application/json" or kind.endswith("+json"):
        made = place.json_template(content) if filled else content
        unfit = next((name[1] for name in _OUTSIDE.finditer(made) if filled and not place.is_json(name[1])), "")
        if not unfit:
            return Json(made, template=filled)
        place.imported(
            f"body.content: ${unfit}", "is no JSON in some environment; the body is text, which takes it as it is"
        )
    shown = place.template(media_type) if filled else media_type
    return Text(place.template(content) if filled else content, shown, template=filled)


def _is_json(content: str) -> bool:
    return content.lstrip()[:1] in ("{", "[") or is_json(content)
