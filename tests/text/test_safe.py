"""Nothing a server sends acts on the terminal."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.text import safe, safe_json, safe_line, safe_signs

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


def test_no_letter_carries_more_than_eight_accents() -> None:
    """A flood of them would run over the lines around, and take no room however long it is."""
    flood = "e" + "\u0301" * 10 + "\u0489"
    assert safe(flood) == "e" + "\u0301" * 8 + "<U+0301>" * 2 + "<U+0489>"
    assert safe_signs(flood) == "e" + "\u0301" * 8 + "���"
    assert safe("שָׁלוֹם ที่นี่ Việt") == "שָׁלוֹם ที่นี่ Việt"


def test_a_field_shows_one_sign_for_each_character() -> None:
    """The cursor stays where it is, and no value of a file reaches the terminal as a control code."""
    assert safe_signs("a\x1b[31m\r\n\u202eb\ud800") == "a␛[31m␍␊�b�"


@given(st.text(st.characters()))
def test_a_field_shows_any_text_in_its_length(text: str) -> None:
    """Whatever was typed, pasted or read."""
    shown = safe_signs(text)
    assert len(shown) == len(text)
    assert safe_line(shown) == shown


@given(st.text(st.characters()))
def test_json_with_escapes_means_the_same(text: str) -> None:
    """Of what a terminal would obey, nothing is left in it."""
    whole = json.dumps(text, ensure_ascii=False)
    assert json.loads(safe_json(whole)) == text
    assert safe(safe_json(whole)) == safe_json(whole)
