"""What looks like a secret: tokens of a known shape, and values that look random under a name that says so. Pure."""

from __future__ import annotations

import base64
import binascii
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple


class Shape(NamedTuple):
    """A kind of token. prefixed: it begins with letters that all of its kind have, so they may be shown."""

    what: str
    pattern: re.Pattern[str]
    prefixed: bool = True


class Found(NamedTuple):
    """Where a secret stands in a text, as offsets; shown: what may be said of it, "" or four signs of its prefix."""

    start: int
    end: int
    what: str
    shown: str = ""


def _token(what: str, pattern: str, *, prefixed: bool = True) -> Shape:
    return Shape(what, re.compile(rf"(?<![A-Za-z0-9_\-])(?P<secret>{pattern})(?![A-Za-z0-9])"), prefixed)


_SHAPES: Final = (
    _token("an AWS access key", r"(?:AKIA|ASIA)[0-9A-Z]{16}"),
    _token("a GitHub token", r"gh[opusr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255}"),
    _token("a GitLab token", r"glpat-[A-Za-z0-9_\-]{20,255}"),
    _token("a Slack token", r"(?:xox[abeoprs]|xapp)-[A-Za-z0-9\-]{10,255}"),
    _token("a Stripe key", r"[rs]k_live_[A-Za-z0-9]{16,255}"),
    _token("a Google API key", r"AIza[0-9A-Za-z_\-]{35}"),
    _token("an Anthropic key", r"sk-ant-[A-Za-z0-9_\-]{20,255}"),
    _token("an OpenAI key", r"sk-(?!ant-)[A-Za-z0-9_\-]{20,255}"),
    _token("an npm token", r"npm_[A-Za-z0-9]{36}"),
    _token("a PyPI token", r"pypi-[A-Za-z0-9_\-]{50,500}"),
    _token("a SendGrid key", r"SG\.[A-Za-z0-9_\-]{16,64}\.[A-Za-z0-9_\-]{16,128}"),
    _token("a Twilio key", r"SK[0-9a-f]{32}"),
    _token("a JSON web token", r"eyJ[A-Za-z0-9_\-]{8,4000}\.eyJ[A-Za-z0-9_\-]{8,8000}\.[A-Za-z0-9_\-]{8,2000}"),
    Shape(
        "a private key",
        re.compile(r"(?P<secret>-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----)"),
        False,
    ),
    Shape("a password in a URL", re.compile(r"://[^\s/?#@:\"'{}]{0,200}:(?P<secret>[^\s/?#@\"'{}]{3,200})@"), False),
    Shape("a bearer token", re.compile(r"(?i)\bbearer[ \t]+(?P<secret>[a-z0-9._~+/\-]{16,2000}=*)"), False),
    Shape("a user and a password", re.compile(r"(?i)\bbasic[ \t]+(?P<secret>[a-z0-9+/]{6,1000}={0,2})"), False),
)
# One look for all of them: a text without any of these has none.
_HINT: Final = re.compile(
    r"(?i)akia|asia|gh[opusr]_|github_pat_|glpat-|xox|xapp-|k_live_|aiza|sk-|npm_|pypi-|sg\.|sk[0-9a-f]{8}|eyj"
    r"|private key|://[^\s/?#@]{0,400}@|bearer|basic"
)
_RANDOM_ONLY: Final = frozenset({"an OpenAI key", "a Slack token", "a bearer token"})

_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRET: Final = frozenset(
    {"token", "secret", "password", "passwd", "passphrase", "pwd", "apikey", "credential", "credentials"}
    | {"authorization", "accesskey", "privatekey", "secretkey"}
)
_KEYS: Final = frozenset(
    {"api", "access", "private", "auth", "secret", "signing", "encryption", "master", "session", "account", "shared"}
    | {"subscription", "license"}
)
# A name that ends so, or has such a word in it, says something about a secret, or means none.
_ENDS: Final = frozenset(
    {"url", "uri", "type", "name", "header", "field", "path", "file", "endpoint", "env", "kind", "id", "ids", "expires"}
    | {"ttl", "expiry", "scope", "prefix", "length", "size", "count", "limit", "limits", "algorithm", "hint", "policy"}
    | {"required", "enabled", "format", "at", "in", "question", "description"}
)
_HARMLESS: Final = frozenset(
    {"page", "next", "continuation", "sync", "cursor", "idempotency", "public", "csrf", "xsrf"}
)

_PLACEHOLDER: Final = re.compile(
    r"(?i)example|change.?me|your|placeholder|dummy|sample|todo|fixme|redacted|insert|replace|fake|mock|foobar|not.?real"
    r"|xxx|[*•.…]{3}|[<>]|(?P<same>[^\s])(?P=same){4}|01234567|12345678|abcdefgh|deadbeef|\{\{"
)
_PIECES: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_CHUNK: Final = re.compile(r"[A-Za-z]*[0-9]{0,4}")
_CONSONANTS: Final = re.compile(r"(?i)[bcdfghjklmnpqrstvwxz]{6}")
_NO_PASSWORDS: Final = frozenset({"pass", "passwd", "password", "pwd", "secret", "token", "port"})
_LEAST: Final = 8
_MOST: Final = 4096
_LEAST_BITS: Final = 2.5  # a sign; sixteen hexadecimal digits have 3.3, give or take 0.3


def known_tokens(text: str) -> Iterator[Found]:
    """Every token of a known shape, in no order; placeholders are none."""
    if not _HINT.search(text):
        return
    for shape in _SHAPES:
        for match in shape.pattern.finditer(text):
            value = match["secret"]
            if _is_meant(shape, value):
                shown = value[:4] if shape.prefixed else ""
                yield Found(match.start("secret"), match.end("secret"), shape.what, shown)


def _is_meant(shape: Shape, value: str) -> bool:
    if shape.what == "a private key":
        return True
    if _PLACEHOLDER.search(value):
        return False
    if shape.what == "a password in a URL":
        return value.lower() not in _NO_PASSWORDS
    if shape.what == "a user and a password":
        return _is_pair(value)
    return shape.what not in _RANDOM_ONLY or not is_ordinary(value)


def _is_pair(value: str) -> bool:
    try:
        user, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return False
    shown = (user + password).isprintable() and not _PLACEHOLDER.search(password)
    return bool(colon and password) and shown and password.lower() not in {*_NO_PASSWORDS, user.lower()}


def is_secret_name(name: str) -> bool:
    """Whether what has this name is a secret: "X-API-Key", "clientSecret", not "token_url"."""
    words = [word.lower() for word in _WORDS.findall(name)]
    if not words or words[-1] in _ENDS or not _HARMLESS.isdisjoint(words):
        return False
    pairs = itertools.pairwise(words)
    return not _SECRET.isdisjoint(words) or any(first in _KEYS and second == "key" for first, second in pairs)


def looks_random(value: str) -> bool:
    """Whether a value could be a secret and is no word, path, number, address or placeholder."""
    if not _LEAST <= len(value) <= _MOST or _PLACEHOLDER.search(value) or "://" in value:
        return False
    if any(map(str.isspace, value)) or is_ordinary(value):
        return False
    return entropy(value) >= _LEAST_BITS


def is_ordinary(value: str) -> bool:
    """Words with signs and a few digits between and after them: "demo-key", "/auth/v2/token", "accessToken"."""
    return all(_is_word(chunk) for chunk in re.split(r"[^A-Za-z0-9]+", value))


def _is_word(chunk: str) -> bool:
    if not chunk or (chunk.isdigit() and len(chunk) <= 12):
        return True
    if not _CHUNK.fullmatch(chunk) or _CONSONANTS.search(chunk):
        return False
    pieces = _PIECES.findall(chunk)
    # Capitals here and there are no camel's humps.
    return sum(map(len, pieces)) >= 3 * len(pieces) or len(pieces) == 1


def entropy(value: str) -> float:
    """Shannon's, in bits a character."""
    return -sum(count / len(value) * math.log2(count / len(value)) for count in Counter(value).values())
