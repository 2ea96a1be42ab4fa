"""Request bodies: the media type that is taken, and a sample of it."""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec

from tui_client.formats._found import Report
from tui_client.formats._openapi.fields import form_fields, form_parts
from tui_client.formats._openapi.markup import xml_text
from tui_client.formats._openapi.references import Node, References, shown
from tui_client.formats._openapi.samples import Sampler
from tui_client.formats._openapi.words import plain
from tui_client.formats._templates import literal
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart
from tui_client.kinds.body.text import Text
from tui_client.model.kinds import Body

_FORM: Final = "application/x-www-form-urlencoded"
_LINES: Final = ("application/x-ndjson", "application/jsonl", "application/x-jsonlines", "application/json-seq")
_TEXTS: Final = (
    "application/graphql",
    "application/yaml",
    "application/x-yaml",
    "application/javascript",
    "application/sql",
)
_MISSING: Final = object()


class Made(msgspec.Struct, frozen=True):
    """A body, and the media type that a header has to name since the body doesn't."""

    body: Body | None = None
    media_type: str = ""


class Bodies:
    """Makes bodies; the text for a schema that many operations share is written once."""

    def __init__(self, references: References, sampler: Sampler, report: Report) -> None:
        self._references = references
        self._sampler = sampler
        self._report = report
        self._texts: dict[int, tuple[Any, str]] = {}

    def of(self, node: Node, origin: str) -> Made:
        """The body for a requestBody, none where there is none."""
        content = self._references.child(node, "content")
        media = {str(name): each for name, each in content.table().items()}
        self._references.spend(200 * len(media))
        if not media:
            if node.value is not None:
                self._report.dropped(origin, "requestBody", "it has no media type")
            return Made()
        name = min(media, key=_rank)
        others = ", ".join(shown(each) for each in list(media)[:20] if each != name)
        if others:
            self._report.approximated(origin, f"body: {others}", f"the body is {shown(name)}")
        return self._made(name, self._references.follow(Node(media[name], content.file)), origin)

    def _made(self, name: str, media: Node, origin: str) -> Made:
        base = name.partition(";")[0].strip().lower()
        schema = self._references.child(media, "schema")
        given = self._given(media, origin)
        match _rank(name):
            case 0 | 1 | 2:
                written = _is_json_text(given) and schema.table().get("type") != "string"
                text = given if written else self._json(self._value(given, schema, origin), origin)
                self._references.spend(len(text))
                return Made(Json(literal(text)), "" if base in ("application/json", "*/*") else literal(name))
            case 3:
                fields = form_parts(media, schema, given_table(given), self._references, self._sampler)
                if any(part.file for part in fields):
                    self._report.approximated(origin, "file", "the document names none; choose one in the body")
                return Made(Multipart(fields), "" if base == "multipart/form-data" else literal(name))
            case 4:
                return Made(Form(form_fields(media, schema, given_table(given), self._references, self._sampler)))
            case 5:
                value = self._value(given, schema, origin)
                text = (
                    value
                    if isinstance(value, str) and given is not _MISSING
                    else xml_text(schema, value, self._references)
                )
                self._report.approximated(origin, f"body: {shown(name)}", "its XML is made by simple rules")
                return Made(self._text(text, name))
            case 6:
                return Made(self._text(self._line(given, schema, media, base, origin), name))
            case _:
                self._report.approximated(origin, f"body: {shown(name)}", "the document names no file; choose one")
                return Made(File("body.bin", literal(name) if "*" not in name else ""))

    def _text(self, text: str, media_type: str) -> Text:
        self._references.spend(len(text))
        return Text(literal(text), literal(media_type) if "*" not in media_type else "text/plain; charset=utf-8")

    def _line(self, given: Any, schema: Node, media: Node, base: str, origin: str) -> str:
        if base not in _LINES:
            return plain(self._value(given, schema, origin))
        item = self._references.child(media, "itemSchema")
        value = self._value(given, item if item.value is not None else schema, origin)
        return value if isinstance(value, str) else plain(value) + "\n"

    def _given(self, media: Node, origin: str) -> Any:
        """The body that the document itself has as an example."""
        table = media.table()
        if "example" in table:
            return table["example"]
        examples = self._references.child(media, "examples").table()
        found = _MISSING
        self._references.spend(200 * len(examples))
        for name, each in examples.items():
            said = self._references.follow(Node(each, media.file)).table()
            value = said.get("value", said.get("dataValue", said.get("serializedValue", _MISSING)))
            if value is _MISSING:
                where = said.get("externalValue")
                why = "it is elsewhere, and nothing is fetched" if where else "it has no value"
                self._report.dropped(origin, f"example {shown(name)}", why)
            elif found is _MISSING:
                found = value
            else:
                self._report.approximated(origin, f"example {shown(name)}", "the body is the first example")
        return found

    def _value(self, given: Any, schema: Node, origin: str) -> Any:
        if given is not _MISSING:
            return given
        if not schema.table():
            return {}
        value, sure = self._sampler.sample(schema)
        if not sure:
            why = "its sample may break a rule of the schema" if value is not None else "no sample of it can be made"
            self._report.approximated(origin, "body", why)
        return {} if value is None and not sure else value

    def _json(self, value: Any, origin: str) -> str:
        known = self._texts.get(id(value))
        if known is not None and known[0] is value:
            return known[1]
        try:
            text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
        except (ValueError, RecursionError):
            self._report.dropped(origin, "example", "it can't be written as JSON")
            text = ""
        self._texts[id(value)] = value, text
        return text


def given_table(given: Any) -> dict[str, Any]:
    """An example of a form; empty where there is none."""
    return given if isinstance(given, dict) else {}


def _is_json_text(given: Any) -> bool:
    """Whether an example is the text of a table or a list, as some documents have it."""
    if not isinstance(given, str) or given.lstrip()[:1] not in ("{", "["):
        return False
    try:
        msgspec.json.decode(given)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    return True


def _rank(name: str) -> int:
    """How soon a media type is taken: JSON, forms with files, forms, XML, other text, files."""
    base = name.partition(";")[0].strip().lower()
    if base == "application/json":
        return 0
    if base.endswith("+json") or base in ("text/json", "application/x-json"):
        return 1
    if base in ("*/*", "application/*"):
        return 2
    if base.startswith("multipart/"):
        return 3
    if base == _FORM:
        return 4
    if base in ("application/xml", "text/xml") or base.endswith("+xml"):
        return 5
    return 6 if base.startswith("text/") or base in _LINES or base in _TEXTS else 7
