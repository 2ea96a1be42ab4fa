"""Challenges of WWW-Authenticate, and the answer to a digest challenge (RFC 7616)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final

import msgspec

_PIECE: Final = re.compile(
    r"""[\s,]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?:[ \t]*=[ \t]*("(?:[^"\\]|\\.)*"|[^\s,"]+)|[ \t]*)""", re.DOTALL
)
_HASHES: Final = {"md5": "md5", "sha-256": "sha256", "sha-512-256": "sha512_256", "sha": "sha1", "sha-512": "sha512"}


class Challenge(msgspec.Struct, frozen=True):
    """One challenge; parameter names and the scheme in lower case, values without their quotes."""

    scheme: str
    params: dict[str, str]


def challenges(headers: Iterable[str]) -> list[Challenge]:
    """All challenges of all WWW-Authenticate headers, in order; what can't be read ends its header."""
    found: list[Challenge] = []
    for header in headers:
        at = 0
        while (piece := _PIECE.match(header, at)) is not None:
            at = piece.end()
            if piece[2] is None:
                found.append(Challenge(piece[1].lower(), {}))
            elif found:
                found[-1].params[piece[1].lower()] = piece[2].strip('"')
    return found


def answerable(challenge: Challenge) -> bool:
    """Whether `answer` can answer: digest, an algorithm that is known, qop "auth" or none."""
    params = challenge.params
    qops = _qops(params)
    return (
        challenge.scheme == "digest"
        and "nonce" in params
        and "realm" in params
        and _algorithm(params) in _HASHES
        and (not qops or "auth" in qops)
    )


class DigestInput(msgspec.Struct, frozen=True):
    """All that goes into an answer besides the challenge."""

    username: str
    password: str
    method: str
    uri: str
    cnonce: str


def answer(challenge: Challenge, given: DigestInput) -> str:
    """The value of Authorization for a challenge that is `answerable`; each nonce is used once."""
    params = challenge.params
    algorithm = _algorithm(params)

    def digest(*parts: str) -> str:
        return hashlib.new(_HASHES[algorithm], ":".join(parts).encode(), usedforsecurity=False).hexdigest()

    realm, nonce, count = params["realm"], params["nonce"], "00000001"
    secret = digest(given.username, realm, given.password)
    if params.get("algorithm", "").lower().endswith("-sess"):
        secret = digest(secret, nonce, given.cnonce)
    request = digest(given.method, given.uri)
    qop = "auth" if _qops(params) else ""
    middle = (nonce, count, given.cnonce, qop) if qop else (nonce,)
    hashed_user = params.get("userhash", "").lower() == "true"
    user = digest(given.username, realm) if hashed_user else given.username
    fields = [f'username="{_escaped(user)}"', f'realm="{realm}"', f'nonce="{nonce}"', f'uri="{given.uri}"']
    fields.append(f'response="{digest(secret, *middle, request)}"')
    fields += [f"algorithm={params['algorithm']}"] if "algorithm" in params else []
    fields += [f'opaque="{params["opaque"]}"'] if "opaque" in params else []
    fields += [f"qop={qop}", f"nc={count}", f'cnonce="{given.cnonce}"'] if qop else []
    fields += ["userhash=true"] if hashed_user else []
    return f"Digest {', '.join(fields)}"


def _algorithm(params: dict[str, str]) -> str:
    return params.get("algorithm", "MD5").lower().removesuffix("-sess")


def _qops(params: dict[str, str]) -> list[str]:
    return [qop.strip().lower() for qop in params.get("qop", "").split(",") if qop.strip()]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
