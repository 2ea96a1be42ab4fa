"""Nothing a server sends acts on the terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.text import safe, safe_line

_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _harmful(sign: str) -> bool:
    return (unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") and sign not in "\n\t") or sign in _BIDI


def test_no_control_of_unicode_passes() -> None:
    """Of all code points, no control, surrogate, line separator or bidi control comes through."""
    everything = "".join(map(chr, range(0x110000)))
    assert {sign for sign in safe(everything) if _harmful(sign)} == set()


def test_invisible_format_signs_are_shown() -> None:
    """Zero-width signs, which could hide text or make two names look alike, become visible."""
    for sign in "\u00ad\u200b\u200c\u200d\u2060\ufeff\U000e0041\ufe0f\u115f\u3164":
        assert safe(sign) == f"<U+{ord(sign):04X}>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("\x9b31m", "<U+009B>31m"),
        ("a\x7f", "a␡"),
        ("a\r\nb\tc", "a␍\nb\tc"),
        ("\x00", "␀"),
        ("\u202egnp.exe", "<U+202E>gnp.exe"),
        ("[/bold] [@click=x]", "[/bold] [@click=x]"),
        ("naïve 你好 🎉", "naïve 你好 🎉"),
    ],
)
def test_controls_become_signs(text: str, shown: str) -> None:
    """Controls are shown as pictures or code points; ordinary text, markup too, stays as it is."""
    assert safe(text) == shown


def test_safe_line_is_one_line() -> None:
    """A line of a list stays a line, whatever a header holds."""
    assert safe_line("a\nb\tc\x1b") == "a␊b␉c␛"


@given(st.text(st.characters()))
def test_any_text_becomes_safe_and_stays_so(text: str) -> None:
    """The result holds no control but line feed and tab, and making it safe again changes nothing."""
    shown = safe(text)
    assert not any(_harmful(sign) for sign in shown)
    assert safe(shown) == shown
    assert "\n" not in safe_line(text)
    shown.encode()
