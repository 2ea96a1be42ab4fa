"""Secrets never reach a screen, a report or a file."""

from __future__ import annotations

import base64
import json
import re
import sys
import time
import urllib.parse
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.text import MASK, redact
from tui_client.text.redact import _percent_encoded

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
        json.dumps(SECRET)[1:-1].replace("/", "\\/"),
        json.dumps(SECRET)[1:-1].replace("+", "\\u002B"),
        json.dumps(json.dumps(SECRET)[1:-1].replace("/", "\\/"))[1:-1],
        "s3cr3t&#x2F;pa ss&#43;w&ouml;rd",
        "s3cr3t\\/pa+ss%2Bw%C3%B6rd",
        "s3cr3t%252Fpa%20ss%252Bw%25C3%25B6rd",
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


def test_its_base64_is_masked_in_escaped_json() -> None:
    """Some servers write a slash as "\\/"; what was sent as basic auth then comes back so."""
    secret = "???>>>a-secret"
    written = base64.b64encode(secret.encode()).decode().replace("/", "\\/")
    assert redact(f'"{written}"', frozenset({secret})) == f'"{MASK}"'


@pytest.mark.parametrize("sign", ["a", "\\", "&", '"'])
def test_long_runs_take_no_time(sign: str) -> None:
    """A text of one sign is looked through once, also for a secret that is made of it."""
    begun = time.process_time()
    assert redact(sign * 100_000, frozenset({sign * 8})) == MASK
    redact(sign * 20_000 + "&", frozenset({f"{sign * 20}x", f"x{sign * 20}", f"a{sign}b" * 9}))
    assert time.process_time() - begun < 1


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


def spans_by_character(text: str, secret: str) -> Iterator[tuple[int, int]]:
    """Where a secret stands in a percent-encoded text, told slowly: each character or escape is looked at."""
    raw = secret.encode("utf-8", "surrogatepass")
    decoded = bytearray()
    spans: list[tuple[int, int]] = []
    for unit in re.finditer("%[0-9A-Fa-f]{2}|.", text, re.DOTALL):
        piece = urllib.parse.unquote_to_bytes(unit[0].encode("utf-8", "surrogatepass"))
        decoded += piece
        spans += [unit.span()] * len(piece)
    at = decoded.find(raw)
    while at >= 0:
        yield spans[at][0], spans[at + len(raw) - 1][1]
        at = decoded.find(raw, at + 1)


def letters(pieces: Any) -> Any:
    return st.lists(pieces, max_size=14).map("".join)


SECRETS = letters(st.sampled_from(["a", "b", "%", "4", "1", "ö", "€", "😀", "\ud800"])).filter(
    lambda one: len(one) >= 4
)


@st.composite
def texts_with(draw: st.DrawFn, secret: str) -> str:
    """The secret, some of it escaped, between pieces of itself and of escapes."""
    parts = []
    for character in draw(letters(st.sampled_from(["a", "ö", "%41", "%", "%4", "%c3", "%B6"]))) + secret:
        as_bytes = character.encode("utf-8", "surrogatepass")
        escaped = "".join(draw(st.sampled_from([f"%{byte:02x}", f"%{byte:02X}"])) for byte in as_bytes)
        parts.append(draw(st.sampled_from([character, escaped])))
    return "".join(parts) + draw(letters(st.sampled_from(["a", "b", "%", "ö", "%61", "%25", secret, "\ud800"])))


@given(st.data())
def test_escapes_mask_what_looking_at_each_character_would(data: st.DataObject) -> None:
    """However a secret is escaped and whatever stands around it, as much is masked as in the slow way, and no more."""
    secret = data.draw(SECRETS)
    text = data.draw(texts_with(secret))
    # As it is, a secret is found elsewhere.
    plain = {(at, at + len(secret)) for at in range(len(text)) if text.startswith(secret, at)}
    found = set(_percent_encoded(text, secret.encode("utf-8", "surrogatepass")))
    assert found | plain == set(spans_by_character(text, secret)) | plain


@pytest.mark.parametrize("text", ["x" * 60_000, "ö" * 60_000], ids=["ascii", "more"])
def test_a_long_text_with_an_escape_is_not_gone_through_by_character(text: str) -> None:
    """A body of 60 kB that holds a secret as it is, and a percent sign somewhere, holds up nobody."""
    steps = 0

    def count(frame: FrameType, event: str, given: object) -> Any:
        nonlocal steps
        steps += event == "line"
        return count

    secrets = frozenset({"another-secret"})
    redact("%41", secrets)  # forms are made once
    before = sys.gettrace()
    sys.settrace(count)
    try:
        redact(f"{text} 100%25 another-secret", secrets)
    finally:
        sys.settrace(before)
    assert steps < 300


@pytest.mark.parametrize("end", ["\n", "\r\n", "\\n", " ", "</br>", ""])
def test_the_lines_of_a_key_are_masked_however_they_end(end: str) -> None:
    """One by one too, as in a log; what stands around a key is no secret."""
    lines = ["-----BEGIN KEY-----", "MIIEpAIBAAKCAQEA+sesame/open", "c2VzYW1lIG9wZW4gc2VzYW1l", "-----END KEY-----"]
    shown = redact(end.join(lines), frozenset({"\n".join(lines)}))
    assert "sesame" not in shown and "c2Vz" not in shown
    assert "BEGIN KEY" in redact("a file of -----BEGIN KEY-----", frozenset({"\n".join(lines)}))


@pytest.mark.parametrize("width", [64, 76])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\\n"])
def test_base64_in_lines_is_masked(width: int, end: str) -> None:
    """As keys and mails break it."""
    secret = "sesame " * 30
    letters = base64.b64encode(secret.encode()).decode()
    text = end.join(letters[at : at + width] for at in range(0, len(letters), width))
    left = redact(text, frozenset({secret})).replace(MASK, "").replace(end, "")
    assert len(left) < 12


def test_a_form_of_a_browser_is_masked() -> None:
    """It has "+" for a blank, and leaves signs as they are that others escape."""
    assert redact("q=se+sa*me&x=1", frozenset({"se sa*me"})) == f"q={MASK}&x=1"
