"""Tokens can't be forged, mixed up or used too late."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from tui_client.demo.tokens import Tokens

TOKENS = Tokens()


def test_a_token_speaks_for_its_subject_only_as_its_kind():
    """A refresh token is no access token."""
    token = TOKENS.make("access", "demo", 60)
    assert TOKENS.subject("access", token) == "demo"
    assert TOKENS.subject("refresh", token) is None


def test_a_token_expires():
    """With a lifetime of none it is too late at once."""
    assert TOKENS.subject("access", TOKENS.make("access", "demo", 0)) is None


def test_another_process_has_another_key():
    """Tokens of one demo API open no other."""
    assert Tokens().subject("access", TOKENS.make("access", "demo", 60)) is None


@given(st.text(alphabet=st.characters(codec=None)))
@example("\udd00")
def test_no_other_text_is_a_token(text):
    """Whatever a client sends, it is refused without an error."""
    assert TOKENS.subject("access", text) is None
