"""Colours of one row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.tui.widgets.lexers import Language, Token, spans


def _tokens(text: str, language: Language, *, continued: bool = False) -> list[tuple[str, Token]]:
    return [(text[start:end], token) for start, end, token in spans(text, language, continued=continued)]


def test_json_keys_are_told_from_strings() -> None:
    """A string before a colon is a key; escaped quotes end nothing."""
    assert _tokens('"a\\"b": "c", "d": -1.5e3, "e": null', Language.JSON) == [
        ('"a\\"b"', Token.KEY),
        ('"c"', Token.STRING),
        ('"d"', Token.KEY),
        ("-1.5e3", Token.NUMBER),
        ('"e"', Token.KEY),
        ("null", Token.LITERAL),
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ('end of text", "next": 1', ('end of text"', Token.STRING)),
        ('"key": 1, "b": 2', ('"key"', Token.KEY)),
        ("only words in a long text", ("only words in a long text", Token.STRING)),
        ("1, 2, 3, 4", ("1", Token.NUMBER)),
        ('": 1, "b": 2', ('"', Token.STRING)),
        ('": text", "b": 2', ('": text"', Token.STRING)),
    ],
)
def test_a_row_in_the_middle_of_a_line_is_guessed(text: str, first: tuple[str, Token]) -> None:
    """Whether a row begins inside a string is judged by what follows its first quote."""
    assert _tokens(text, Language.JSON, continued=True)[0] == first


def test_markup_has_tags_attributes_and_entities() -> None:
    """HTML and XML share one light lexer."""
    assert _tokens('<a href="x">&amp;</a><!-- c -->', Language.MARKUP) == [
        ("<a", Token.TAG),
        ("href", Token.KEY),
        ('"x"', Token.STRING),
        (">", Token.TAG),
        ("&amp;", Token.LITERAL),
        ("</a", Token.TAG),
        (">", Token.TAG),
        ("<!-- c -->", Token.COMMENT),
    ]


def test_form_has_names() -> None:
    """Both as it was sent and as rows."""
    assert _tokens("a=%20&b=2", Language.FORM) == [("a", Token.KEY), ("%20", Token.LITERAL), ("b", Token.TAG)]
    assert _tokens("name  = x = y", Language.FORM)[:1] == [("name  ", Token.KEY)]


@pytest.mark.parametrize("text", ["a", '"', "<a ", "<!--", "&a", '="', "a=", '"\\', "= ", "{["])
@pytest.mark.parametrize("language", list(Language))
def test_no_row_takes_long(text: str, language: Language) -> None:
    """A row is painted while a key is held down: a quadratic pattern would take seconds for this one."""
    for continued in (False, True):
        list(spans(text * (20_000 // len(text)), language, continued=continued))


@given(st.text(max_size=200), st.sampled_from(list(Language)), st.booleans())
def test_tokens_never_overlap(text: str, language: Language, continued: bool) -> None:
    """Whatever the text, tokens are in order, apart, and inside it."""
    at = 0
    for start, end, _ in spans(text, language, continued=continued):
        assert at <= start < end <= len(text)
        at = end
