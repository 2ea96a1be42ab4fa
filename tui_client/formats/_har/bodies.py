"""A recorded body as one of ours, without what was secret in it."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote_plus, unquote_plus

from tui_client.formats._har.body import Announced, Param, PostData, text_of
from tui_client.formats._har.parts import FormPart, parts_in
from tui_client.formats._har.secrets import HOLE
from tui_client.formats._templates import converted, literal, variable
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.charset import declared_charset, text_codec
from tui_client.model.kinds import Body
from tui_client.model.request import NameValue

if TYPE_CHECKING:
    from tui_client.formats._har.requests import Place

_FORM: Final = "application/x-www-form-urlencoded"
_MEMBER: Final = re.compile(r'"([^"\\]{1,80})"(\s*+:\s*+)(?:"((?:[^"\\]|\\.)*+)"|([0-9]{3,}+)(?=[\s,}]))', re.DOTALL)
_NUMBERS: Final = frozenset({"password", "passcode", "pwd", "pin", "otp", "cvv", "cvc"})
_ELEMENT: Final = re.compile(r"<([\w:.-]{1,80}+)>([^<>]++)</")
_NAME: Final = re.compile(r'[; ]name="([^"\r\n]{1,80}+)"')
_LINE: Final = "\r\n"
_BOUNDARY: Final = re.compile(r';[ \t]*+boundary=(?:"([^"]*+)"|([^\s;"]++))', re.IGNORECASE)
_MAX_CONTENT_TYPE: Final = 1000
_MANY_FIELDS: Final = 100_000


def read_body(post: PostData | None, said: Announced, place: Place) -> tuple[Body | None, bool]:
    """The body, and whether it brings its Content-Type itself."""
    content_type = said.content_type[:_MAX_CONTENT_TYPE].encode("utf-8", "replace").decode().strip()
    text = _text(post, said, place)
    if text is None:
        return None, False
    kind = content_type.partition(";")[0].strip().lower()
    if not text and post is not None and post.params:
        return _of_params(post.params, kind, place), kind.startswith("multipart/") or content_type.lower() == _FORM
    if not text:
        if said.size:
            place.dropped("body", f"its {said.size} bytes are not in the recording")
        return None, False
    return _of_text(text, kind, content_type, place)


def _text(post: PostData | None, said: Announced, place: Place) -> str | None:
    """The text of a body; None if it was none, "" if it is not there."""
    text = "" if post is None else text_of(post.text)
    try:
        if post is not None and text_of(post.encoding).lower() == "base64":
            data = base64.b64decode("".join(text.split()), validate=True)
            text = data.decode(text_codec(declared_charset(said.content_type)) or "utf-8")
        # mitmproxy writes bytes that are no UTF-8 as lone surrogates.
        text.encode()
    except ValueError:
        place.dropped("body", "it is binary, which no request can hold: save it to a file, and send that")
        return None
    if "\0" in text:
        place.dropped("body", "it is binary, which no request can hold: save it to a file, and send that")
        return None
    if "\ufffd" in text:
        place.approximated("body", "it was not recorded byte for byte")
    return text


def _of_text(text: str, kind: str, content_type: str, place: Place) -> tuple[Body, bool]:
    if kind == _FORM and (rows := _form_rows(text, place)) is not None:
        return _form(rows), content_type.lower() == _FORM
    if kind == "multipart/form-data" and (parts := parts_in(text, _boundary(content_type))):
        return Multipart(tuple(_part(part, place) for part in parts)), True
    is_json = kind == "application/json" or kind.endswith("+json")
    marked = _without_secrets(text, kind, content_type, place)
    has_holes = marked != text
    content = _template(marked) if has_holes else text
    plain = has_holes or "{{" not in text
    charset = declared_charset(content_type)
    if is_json and (not charset or text_codec(charset) == "utf-8"):
        return Json(content, template=plain), content_type.lower() == "application/json"
    if charset and text_codec(charset) is None:
        place.approximated(f"charset {charset[:40]}", "it is not known; the body is sent as UTF-8")
        content_type = kind
    return Text(content, literal(content_type) if plain else content_type, template=plain), True


def _without_secrets(text: str, kind: str, content_type: str, place: Place) -> str:
    """Text with holes for its credentials, as its format writes them."""

    def member(match: re.Match[str]) -> str:
        if match[4] is not None:
            secret = match[1].lower() in _NUMBERS
            return (
                f'"{match[1]}"{match[2]}{place.hole(f"field {match[1]}", match[1], match[4])}' if secret else match[0]
            )
        hidden = place.hidden("field", match[1], match[3])
        return match[0] if hidden == match[3] else f'"{match[1]}"{match[2]}"{hidden}"'

    def element(match: re.Match[str]) -> str:
        hidden = place.hidden("field", match[1].rpartition(":")[2], match[2])
        return match[0] if hidden == match[2] else f"<{match[1]}>{hidden}</"

    begins = text[:100].lstrip()[:1]
    if kind == _FORM:
        return "&".join(_pair(pair, place) for pair in text.split("&"))
    if kind.startswith("multipart/") and (boundary := _boundary(content_type)):
        return f"--{boundary}".join(_piece(piece, place) for piece in text.split(f"--{boundary}"))
    if begins in ("{", "["):
        text = _MEMBER.sub(member, text)
    elif begins == "<":
        text = _ELEMENT.sub(element, text)
    return place.secrets.without_tokens(place.host, text)


def _pair(pair: str, place: Place) -> str:
    name, equals, value = pair.partition("=")
    return name + equals + place.hidden("field", unquote_plus(name), value) if equals else pair


def _piece(piece: str, place: Place) -> str:
    """A part of a form that we can't take apart, so that it stays text."""
    head, blank, value = piece.partition("\r\n\r\n")
    named = _NAME.search(head)
    if named is None or not blank:
        return place.secrets.without_tokens(place.host, piece)
    return f"{head}{blank}{place.hidden('field', named[1], value.removesuffix(_LINE))}" + _LINE * value.endswith(_LINE)


def _template(marked: str) -> str:
    return converted(marked, HOLE, lambda match: variable(match[1]))


def _of_params(params: list[Param], kind: str, place: Place) -> Body:
    if kind.startswith("multipart/"):
        return Multipart(tuple(_part(_recorded(one), place) for one in params))
    return _form([_row(_clean(text_of(one.name)), _clean(text_of(one.value)), place) for one in params])


def _recorded(param: Param) -> FormPart:
    return FormPart(*map(text_of, (param.name, param.value, param.file_name, param.content_type)))


def _row(name: str, value: str, place: Place) -> tuple[str, str]:
    return name, place.hidden("field", name, value)


def _form(rows: list[tuple[str, str]]) -> Form:
    plain = not any("{{" in name + value for name, value in rows) or any("\0" in value for _, value in rows)
    if not plain:
        return Form(tuple(NameValue(name, value) for name, value in rows), template=False)
    return Form(tuple(NameValue(_template(name), _template(value)) for name, value in rows))


def _form_rows(text: str, place: Place) -> list[tuple[str, str]] | None:
    """Its fields, None where these would be sent as other bytes."""
    pairs = [pair.partition("=") for pair in text.split("&", _MANY_FIELDS)]
    rows = [(unquote_plus(name), unquote_plus(value)) for name, _, value in pairs]
    again = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in rows)
    if again != text or any("\0" in name + value or "\ufffd" in name + value for name, value in rows):
        return None
    return [_row(name, value, place) for name, value in rows]


def _quoted(text: str) -> str:
    return quote_plus(text, safe="*").replace("~", "%7E")


def _boundary(content_type: str) -> str:
    match = _BOUNDARY.search(content_type)
    return (match[1] or match[2]) if match else ""


def _part(part: FormPart, place: Place) -> Part:
    name, value, file_name, media_type = (
        _clean(each) for each in (part.name, part.value, part.file_name, part.media_type)
    )
    shown = file_name.replace("\\", "/").rpartition("/")[2]
    if shown and not value:
        place.approximated(f"file {shown}", "it is not in the recording: put it beside the request")
        return Part(_template(name), file=_template(shown), type=_template(media_type))
    hidden = value if file_name else place.hidden("field", name, value)
    return Part(_template(name), _template(hidden), type=_template(media_type), filename=_template(file_name))


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
