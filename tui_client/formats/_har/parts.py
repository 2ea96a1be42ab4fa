"""A form of several parts: as the params of HAR, and from the text that browsers record of it."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final

import msgspec

from tui_client.kinds.body._files import guessed_type
from tui_client.kinds.body.multipart import Multipart, Part

_MOST_PARTS: Final = 10_000
_HEAD: Final = re.compile(r"([A-Za-z\-]+):[ \t]*+(.*)")
_DISPOSITION: Final = re.compile(r'form-data;[ \t]*+name="([^"\r\n]*+)"(?:;[ \t]*+filename="([^"\r\n]*+)")?', re.I)


class FormPart(msgspec.Struct, frozen=True):
    """One part, as it was recorded. file_name: "" for a value."""

    name: str
    value: str = ""
    file_name: str = ""
    media_type: str = ""


def boundary_of(body: Multipart) -> str:
    """What stands between the parts: the same each time, and in none of them."""
    return f"tui-client-{hashlib.sha256(repr(body.parts).encode('utf-8', 'replace')).hexdigest()[:32]}"


def params_of(body: Multipart) -> list[dict[str, Any]]:
    """The parts that are sent; files by their name alone."""
    return [_param(part) for part in body.parts if part.enabled]


def _param(part: Part) -> dict[str, Any]:
    file_name = part.filename or part.file.replace("\\", "/").rpartition("/")[2]
    media_type = part.type or (guessed_type(file_name) if part.file else "")
    row = {"name": part.name, "value": None if part.file else part.value}
    named = {"fileName": file_name or None, "contentType": media_type or None}
    return {key: value for key, value in (row | named).items() if value is not None}


def parts_in(text: str, boundary: str) -> list[FormPart] | None:
    """The parts of a recorded body, None if it is not wholly made of such as we can send."""
    line = f"--{boundary}"
    whole = text.split(f"\r\n{line}", _MOST_PARTS)
    if not boundary or not whole[0].startswith(line) or whole[-1].strip() != "--":
        return None
    whole[0] = whole[0][len(line) :]
    found = [_part(each) for each in whole[:-1]]
    return None if any(each is None for each in found) else [each for each in found if each is not None]


def _part(text: str) -> FormPart | None:
    head, blank, value = text.removeprefix("\r\n").partition("\r\n\r\n")
    lines = [_HEAD.fullmatch(line) for line in head.split("\r\n")]
    if not blank or any(line is None for line in lines):
        return None
    said = {line[1].lower(): line[2].strip() for line in lines if line is not None}
    named = _DISPOSITION.fullmatch(said.pop("content-disposition", ""))
    media_type = said.pop("content-type", "")
    if named is None or said:
        return None
    return FormPart(named[1].replace("%22", '"'), value, (named[2] or "").replace("%22", '"'), media_type)
