"""Secrets never reach a screen, a report or a file."""

from __future__ import annotations

import base64
import json
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.text import MASK, redact

SECRET = "s3cr3t/pa ss+wörd"


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        urllib.parse.quote(SECRET, safe=""),
        urllib.parse.quote(SECRET, safe="").lower(),
        urllib.parse.quote_plus(SECRET),
        urllib.parse.quote(SECRET),
        urllib.parse.quote(SECRET, safe="/+"),
        "s3cr3t/pa%20ss+w%c3%b6rd",
        "%733cr3t/pa ss%2Bw%C3%B6rd",
        json.dumps(SECRET)[1:-1],
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("="),
    ],
)
def test_a_secret_is_masked_in_every_encoding(form: str) -> None:
    """However a URL, a form, JSON or a header writes a secret, it is not shown."""
    assert redact(f"before {form} after", frozenset({SECRET})) == f"before {MASK} after"


@pytest.mark.parametrize("user", ["a", "ab", "abc", "abcd", ""])
def test_a_password_is_masked_in_basic_auth(user: str) -> None:
    """The Base64 of user:password shows nothing of the password, wherever in it the password begins."""
    header = base64.b64encode(f"{user}:{'x9' * 10}".encode()).decode()
    redacted = redact(f"Basic {header}", frozenset({"x9" * 10}))
    assert MASK in redacted
    assert len(redacted) < len("Basic ") + len(user) * 2 + len(MASK) + 6


def test_overlapping_secrets_leave_no_rest() -> None:
    """Where two secrets share letters, the letters of both are gone."""
    assert redact("abcdefgh", frozenset({"abcd", "cdefgh"})) == MASK
    assert redact("tokentoken2 token", frozenset({"token", "token2"})) == f"{MASK} {MASK}"


def test_short_values_are_left() -> None:
    """A secret of three letters is not masked, since that would mask half of any text."""
    assert redact("the cat", frozenset({"cat", ""})) == "the cat"


def test_text_without_secrets_is_untouched() -> None:
    """Nothing is masked that is not a secret."""
    assert redact("plain", frozenset({"elsewhere"})) == "plain"
    assert redact("plain", frozenset()) == "plain"


@given(st.text(), st.text(min_size=4), st.text())
def test_the_secret_is_never_in_the_result(before: str, secret: str, after: str) -> None:
    """Whatever the secret and whatever stands around it, the result doesn't hold it."""
    redacted = redact(before + secret + after, frozenset({secret}))
    assert secret not in redacted.replace(MASK, "\0" if "\0" not in secret else "\1")
