"""Secrets in what is looked at are hidden in their place."""

from __future__ import annotations

import json
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from tui_client.text import hidden
from tui_client.text.hidden import reach
from tui_client.text.redact import MIN_SECRET_CHARS

SECRETS = st.text(st.characters(exclude_categories=("Cs",)), min_size=MIN_SECRET_CHARS, max_size=20)


@given(before=st.binary(max_size=40), after=st.binary(max_size=40), secret=SECRETS)
def test_nothing_moves_and_the_secret_is_gone(before: bytes, after: bytes, secret: str) -> None:
    """Cursors, folds and matches are counted in bytes: each byte stays in its place."""
    data = before + secret.encode() + after
    shown = hidden(data, frozenset({secret}))
    assert len(shown) == len(data)
    assert secret.encode() not in shown or set(secret) == {"*"}


@given(secret=SECRETS)
def test_a_secret_in_json_or_a_url_reaches_no_farther_than_said(secret: str) -> None:
    """A row is looked at with so much around it that none is seen in part."""
    longest = reach(frozenset({secret}))
    assert len(json.dumps(secret)[1:-1]) <= longest
    assert len(quote(secret, safe="")) <= longest


def test_without_secrets_it_is_the_same() -> None:
    """Also where bytes are no text."""
    assert hidden(b"\xff\xfe", frozenset()) == b"\xff\xfe"
    assert hidden(b"\xffhunter2\xfe", frozenset({"hunter2"})) == b"\xff*******\xfe"
