"""Stand-ins for the values of rows, and how each looks wherever a request may write it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, quote_plus

import msgspec

from tui_client.model.values import Value
from tui_client.replay.filling import Gap
from tui_client.template.values import escaped

_NOTHING: Final = re.compile(r"(?!)")
# Fit for every place: nothing in them is quoted, and no URL reads them as anything but text.
_PLAIN: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,999}")
_WHOLE_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,17}")
_LINE: Final = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]{0,1000}")
_TEXT: Final = re.compile(r"[^\ud800-\udfff]{0,1000}")
_SOME_TEXT: Final = re.compile(r"[^\ud800-\udfff]{1,1000}")
_NOT_IN_URLS: Final = re.compile(r"[^\x21-\x7e]+")


def as_it_is(text: str) -> str:
    """The text, written without any coding."""
    return text


def _in_url(text: str) -> str:
    return _NOT_IN_URLS.sub(lambda match: quote(match[0]), text)


def _percent(text: str) -> str:
    return quote(text, safe="")


def _in_form(text: str) -> str:
    return quote_plus(text, safe="*").replace("~", "%7E")


def _in_ascii_json(text: str) -> str:
    return json.dumps(text)[1:-1]


# How a value may be written, and which texts are safe to be written so. A URL would be read anew, so only plain ones
# there; the name of a GraphQL operation is left out when it is empty.
_CODINGS: Final[tuple[tuple[Callable[[str], str], re.Pattern[str]], ...]] = (
    (as_it_is, _LINE),
    (_percent, _TEXT),
    (_in_form, _TEXT),
    (escaped, _TEXT),
    (_in_ascii_json, _SOME_TEXT),
    (_in_url, _NOTHING),
)


class Slot(msgspec.Struct, frozen=True):
    """A variable that differs from row to row, its two stand-ins, and every gap that it may leave."""

    name: str
    stand_ins: tuple[Value, Value]
    gaps: tuple[Gap, ...]

    def image(self, gap: Gap, which: int) -> bytes:
        """How a stand-in looks where it is written for this gap."""
        return gap.code(str(self.stand_ins[which])).encode()


def slot_for(number: int, name: str, value: Value, numbers: set[str]) -> Slot:
    """The slot of a variable that has this value in the session learnt from; `numbers` are made whole numbers."""
    digits = f"7{number:02}310594827160", f"9{number:02}5820463"
    if type(value) is int:
        return Slot(name, (int(digits[0]), int(digits[1])), (Gap(name, _NOTHING, _NOTHING, as_it_is, whole=True),))
    if name in numbers:
        return Slot(name, digits, (Gap(name, _WHOLE_NUMBER, _NOTHING, as_it_is),))
    # Signs that every coding writes in its own way, so that the coding can be told from what it made.
    texts = f'Zq{number:02}v@ "é~Kx7Wm', f'Jw{number:02}Rt~\\ü "+9sBn4uGh'
    return Slot(name, texts, tuple(Gap(name, _PLAIN, coded, code) for code, coded in _CODINGS))
