"""What an enemy would have our terminal do: 32 texts, each with a mark of its own behind it, and how they must look."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final, NamedTuple

from scale import tries

from tui_client.text import safe_line


class Payload(NamedTuple):
    """name: what it would do. text: what is sent. mark: stands behind it; who shows the mark got past the text."""

    name: str
    text: str
    mark: str

    @property
    def whole(self) -> str:
        """The text and its mark."""
        return self.text + self.mark

    @property
    def shown(self) -> str:
        """How it looks once nothing of it can act."""
        return seen(safe_line(self.whole))

    @property
    def acts(self) -> bool:
        """Whether a terminal, and not only a markup parser, would act on it."""
        return safe_line(self.text) != self.text


def seen(text: str) -> str:
    """A text as the terminal of the tests holds it."""
    return unicodedata.normalize("NFC", text)


_TEXTS: Final = {
    "colour": "\x1b[5;31m",
    "clear": "\x1b[2J\x1b[H",
    "reset": "\x1bc",
    "title": "\x1b]0;evil\x07",
    "clipboard": "\x1b]52;c;ZXZpbA==\x07",
    "hyperlink": "\x1b]8;;http://e.vil\x1b\\",
    "palette": "\x1b]4;1;red\x07\x1b]11;red\x07",
    "notification": "\x1b]9;evil\x07\x1b]777;n;a\x07",
    "iterm": "\x1b]1337;File=:aaaa\x07",
    "device control": "\x1bP+q544e\x1b\\",
    "application command": "\x1b_Ga\x1b\\\x1b^p\x1b\\\x1bXs\x1b\\",
    "questions": "\x1b[6n\x1b[c\x05",
    "8-bit colour": "\x9b5;31m",
    "8-bit title": "\x9d0;evil\x9c",
    "bidi override": "\u202egnp",
    "bidi isolates": "\u2066a\u2069\u200f",
    "zero width": "a\u200b\u2060\ufeff",
    "tag signs": "\U000e0041\U000e007f",
    "overwriting": "abc\x08\x08\r\x7f",
    "line separators": "\x85\u2028\u2029",
    "nul": "a\x00b",
    "screen modes": "\x1b[?1049l\x1b[?25l",
    "input modes": "\x1b[?1000h\x1b[?2004h",
    "window": "\x1b[8;1;1t\x1b[3;0;0t",
    "character sets": "\x0e\x1b(0\x1b%@",
    "bold markup": "[bold]x[/bold]",
    "wrong markup": "[/dim]x[/]",
    "action markup": "[@click=app.quit]q[/]",
    "link markup": "[link='x://y']l[/]",
    "open markup": "[red",
    "variation selectors": "a\ufe0f\u180b",
    "combining flood": "e" + "\u0301" * 10,
}
PAYLOADS: Final = tuple(Payload(name, text, f"p{at:02}z") for at, (name, text) in enumerate(_TEXTS.items()))


def named(*names: str) -> frozenset[Payload]:
    """The payloads of these names."""
    found = frozenset(payload for payload in PAYLOADS if payload.name in names)
    assert len(found) == len(names)
    return found


def but(*names: str) -> tuple[Payload, ...]:
    """All but these."""
    return tuple(payload for payload in PAYLOADS if payload not in named(*names))


def joined(payloads: Iterable[Payload] = PAYLOADS, by: str = "\n") -> str:
    """Many in one text."""
    return by.join(payload.whole for payload in payloads)


def few(payloads: tuple[Payload, ...] = PAYLOADS, first: int = 0, every: int = 12) -> tuple[Payload, ...]:
    """Every twelfth, from one of the first on, for a sink that has room for one at a time; all in a full run."""
    step = tries(every, 1)
    return payloads[first % step :: step]
