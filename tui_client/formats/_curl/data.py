"""What curl sends as a body: -d in all its forms, --json, -F and -T, as a body of ours."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote_plus, unquote_plus

import msgspec

from tui_client.formats._curl.arguments import Arguments, Given
from tui_client.formats._format import Beside, FormatError
from tui_client.formats._found import Report
from tui_client.formats._templates import converted, variable
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.text import Text
from tui_client.model.kinds import Body
from tui_client.model.request import NameValue

HOLE: Final = re.compile(r"\0([^\0]*)\0")
FORM_TYPE: Final = "application/x-www-form-urlencoded"
DATA: Final = ("data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json", "expand-data")
_ESCAPED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_ENCODED_NAME: Final = re.compile(r"[^=@]*")


def template(text: str) -> str:
    """A word of the shell as a template: its variables are ours, all else is literal."""
    return converted(text, HOLE, lambda match: variable(match[1]))


class Files(msgspec.Struct):
    """What a command reads: standard input, and files beside it."""

    given: Arguments
    beside: Beside
    report: Report

    def text(self, path: str, shown: str) -> str | None:
        """The text of a file, None (and a line in the report) where it can't be had."""
        if path == "-":
            if self.given.stdin is not None:
                return self.given.stdin
            why = "what the command reads from its standard input is not known"
        else:
            try:
                return self.beside.read(path).decode().replace("\0", "")
            except FormatError as error:
                why = f"the file {path} {error.reason}"
            except UnicodeDecodeError:
                why = f"the file {path} is not UTF-8"
        self.report.dropped(self.given.origin, f"{shown} {path}", why)
        return None


def urlencoded(given: Given, files: Files) -> str | None:
    """A value of --data-urlencode or --url-query as it is sent."""
    match = _ENCODED_NAME.match(given.value)
    name = given.value[: match.end()] if match else ""
    sign, rest = given.value[len(name) : len(name) + 1], given.value[len(name) + 1 :]
    text: str | None = rest if sign == "=" else name
    if sign == "@":
        text = files.text(rest, given.shown)
    if text is None:
        return None
    encoded = _encoded_around_holes(text, given, files)
    return f"{name}={encoded}" if name and sign else encoded


def _encoded_around_holes(text: str, given: Given, files: Files) -> str:
    pieces = HOLE.split(text)
    if len(pieces) > 1:
        files.report.approximated(files.given.origin, given.shown, "the value of a variable is sent as it is")
    return "".join(
        f"\0{piece}\0" if at % 2 else quote_plus(piece, safe="", errors="replace") for at, piece in enumerate(pieces)
    )


def lower_escapes(text: str) -> str:
    """The digits of escapes in lower case, as curl writes them in a query that it puts together."""
    return _ESCAPED.sub(lambda match: match[0].lower(), text)


def lone_file(given: Arguments) -> Given | None:
    """The one `-d @file` of a command without other data: its bytes are the body."""
    data = given.all(*DATA)
    if len(data) == 1 and data[0].name not in ("data-raw", "data-urlencode") and data[0].value.startswith("@"):
        return None if data[0].value == "@-" else data[0]
    return None


def joined(given: Arguments, files: Files) -> str | None:
    """All data as one text, None where there is none."""
    out: list[str] = []
    for each in given.all(*DATA):
        text = _data(each, files)
        if text is not None:
            out += ["&" if out and each.name != "json" else "", text]
    return "".join(out) if given.all(*DATA) else None


def _data(each: Given, files: Files) -> str | None:
    if each.name == "data-urlencode":
        return urlencoded(each, files)
    if each.name == "data-raw" or not each.value.startswith("@"):
        return each.value
    text = files.text(each.value[1:], each.shown)
    if text is None or each.name in ("data-binary", "json"):
        return text
    return text.replace("\r", "").replace("\n", "")


def file_body(path: str, media_type: str) -> Body:
    """A body that is a file."""
    return File(template(path), media_type)


def text_body(text: str, media_type: str) -> Body:
    """The body that sends exactly this text, as near to what it is as can be."""
    kind = media_type.partition(";")[0].strip().lower()
    has_holes = "\0" in text
    if kind == FORM_TYPE and not has_holes and (rows := _form_rows(text)) is not None:
        return Form(rows, template=not any("{{" in row.name + row.value for row in rows))
    if (kind == "application/json" or kind.endswith("+json")) and not (has_holes and "{{" in text):
        return Json(template(text) if has_holes else text, template=has_holes or "{{" not in text)
    charset = re.search(r"charset\s*=", media_type, re.IGNORECASE)
    # A shell gives bytes of UTF-8, whatever the charset says.
    media_type = kind if charset and "utf-8" not in media_type.lower() else media_type
    if has_holes:
        return Text(template(text), template(media_type))
    return Text(text, media_type, template="{{" not in text)


def _form_rows(text: str) -> tuple[NameValue, ...] | None:
    """The fields of a form, if they are encoded to the same bytes again."""
    if not text:
        return ()
    rows: list[NameValue] = []
    for pair in text.split("&"):
        name, equals, value = pair.partition("=")
        row = NameValue(unquote_plus(name), unquote_plus(value))
        if not equals or _as_sent(row.name) != name or _as_sent(row.value) != value:
            return None
        rows.append(row)
    return tuple(rows)


def _as_sent(text: str) -> str:
    return quote_plus(text, safe="*").replace("~", "%7E")
