"""The server's side of Digest access authentication (RFC 7616), qop=auth."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable

from tui_client.demo.tokens import Tokens

_HASHES: dict[str, Callable[[bytes], hashlib._Hash]] = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
ALGORITHMS = tuple(_HASHES)
REALM = "demo"
_NONCE_LIFETIME_S = 300
_FIELD = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')


def challenge(tokens: Tokens, algorithm: str, stale: bool) -> str:
    """The WWW-Authenticate value that asks for this algorithm."""
    nonce = tokens.make("nonce", "digest", _NONCE_LIFETIME_S)
    parts = f'Digest realm="{REALM}", qop="auth", algorithm={algorithm}, nonce="{nonce}", opaque="demo"'
    return f"{parts}, stale=true" if stale else parts


def parse(header: str) -> dict[str, str]:
    """The fields of an Authorization header; {} if it is not Digest."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "digest":
        return {}
    return {
        match[1].lower(): re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else match[3]
        for match in _FIELD.finditer(rest)
    }


def fresh(tokens: Tokens, fields: dict[str, str]) -> bool:
    """Whether the nonce is ours and still valid."""
    return tokens.subject("nonce", fields.get("nonce", "")) is not None


def correct(fields: dict[str, str], algorithm: str, method: str, target: str, username: str, password: str) -> bool:
    """Whether the response proves user, password, method and target."""
    if fields.get("algorithm", "MD5").upper() != algorithm or fields.get("uri") != target:
        return False
    if fields.get("qop") != "auth" or not fields.get("nc") or not fields.get("cnonce"):
        return False

    def hashed(text: str) -> str:
        return _HASHES[algorithm](text.encode("utf-8", "surrogateescape")).hexdigest()

    secret = hashed(f"{username}:{REALM}:{password}")
    proof = (fields.get("nonce", ""), fields["nc"], fields["cnonce"], "auth", hashed(f"{method}:{target}"))
    expected = hashed(":".join((secret, *proof)))
    names_match = fields.get("username") == username and fields.get("realm") == REALM
    return names_match and hmac.compare_digest(
        expected.encode(), fields.get("response", "").encode("utf-8", "surrogateescape")
    )
