"""What of an exchange must not be written, and a request without it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any, Final, TypeVar

import msgspec

from tui_client.errors import RequestFailed
from tui_client.model.exchange import Exchange, RawHeader, header_text
from tui_client.model.request import NameValue, Request
from tui_client.model.saved import storable
from tui_client.template.parse import Text, parse, unparse
from tui_client.text import MASK, redact

T = TypeVar("T")

_AUTHORIZATIONS: Final = frozenset({"authorization", "proxy-authorization"})
_COOKIES: Final = frozenset({"cookie", "set-cookie"})
_KEYS: Final = frozenset({"x-api-key", "api-key", "apikey", "x-auth-token", "x-access-token"})
# "dark" and "true" are cookies too; masking every such word would spoil a reply.
_SHORTEST_COOKIE: Final = 8
_SCHEME: Final = re.compile(r"\s*[A-Za-z][A-Za-z0-9-]*\s+")
_COOKIE_VALUE: Final = re.compile(r"=[^;]+")
_PASSWORD: Final = re.compile(r"(://[^/?#@:{]*:)[^/?#@{]+@")


def secrets_of(exchange: Exchange) -> frozenset[str]:
    """What is known to be secret: values marked so, credentials and cookies in the headers, of all hops."""
    sent = (exchange.request, *(hop.request for hop in exchange.hops))
    headers = [one.headers for one in sent] + [hop.headers for hop in exchange.hops]
    if exchange.response is not None:
        headers.append(exchange.response.headers)
    found = (secret for rows in headers for row in rows for secret in _in_header(row))
    return frozenset().union(*(one.secrets for one in sent), found)


def masked_request(request: Request, secrets: frozenset[str]) -> Request:
    """The request as it was written, secrets masked, also in credentials that were switched off."""
    masked = _masked(request, secrets)
    rows = tuple(_without_credentials(row) for row in masked.headers)
    return msgspec.structs.replace(masked, url=_PASSWORD.sub(rf"\1{MASK}@", masked.url), headers=rows)


def _in_header(row: RawHeader) -> Iterator[str]:
    name, value = header_text(row[0]).lower(), header_text(row[1])
    if name in _AUTHORIZATIONS:
        scheme, _, rest = value.strip().partition(" ")
        yield rest.strip() or scheme
        if scheme.lower() == "basic":
            yield from _of_basic(rest)
    elif name in _KEYS:
        yield value.strip()
    elif name in _COOKIES:
        pairs = value.split(";") if name == "cookie" else value.split(";")[:1]
        values = (pair.partition("=")[2].strip().strip('"') for pair in pairs)
        yield from (one for one in values if len(one) >= _SHORTEST_COOKIE)


def _of_basic(encoded: str) -> Iterator[str]:
    try:
        pair = base64.b64decode(encoded.strip(), validate=True).decode("utf-8", "replace")
    except binascii.Error:
        return
    user, _, password = pair.partition(":")
    # Some services take a key for the name of a user without a password.
    yield from (pair, password) if password else (pair, user)


def _without_credentials(row: NameValue) -> NameValue:
    name = row.name.lower()
    if name in _AUTHORIZATIONS | _KEYS:
        return msgspec.structs.replace(row, value=_literals_masked(row.value, scheme=name in _AUTHORIZATIONS))
    if name in _COOKIES and "{{" not in row.value:
        return msgspec.structs.replace(row, value=_COOKIE_VALUE.sub(f"={MASK}", row.value))
    return row


def _literals_masked(value: str, *, scheme: bool) -> str:
    """What is typed in goes, variables stay, and so does the word "Bearer"."""
    try:
        parts = list(parse(value))
    except RequestFailed:
        return MASK
    for place, part in enumerate(parts):
        if not isinstance(part, Text):
            continue
        found = _SCHEME.match(part.value) if scheme and place == 0 else None
        kept, rest = (part.value[: found.end()], part.value[found.end() :]) if found else ("", part.value)
        parts[place] = Text(kept + (MASK if rest.strip() else rest))
    return unparse(tuple(parts))


def _masked(value: T, secrets: frozenset[str]) -> T:
    found: Any = value
    match value:
        case str() if type(value) is str:
            found = storable(redact(value, secrets))
        case tuple() | list():
            found = type(value)(_masked(one, secrets) for one in value)
        case dict():
            found = {_masked(name, secrets): _masked(one, secrets) for name, one in value.items()}
        case msgspec.Struct():
            fields = {name: _masked(getattr(value, name), secrets) for name in value.__struct_fields__}
            found = msgspec.structs.replace(value, **fields)
        case int() | float() if secrets and redact(str(value), secrets) != str(value):
            found = MASK
    return found  # type: ignore[no-any-return]  # of the type that came in, but for a number that is a secret
