"""An Authorization header as one of our kinds, where that sends the same."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from tui_client.formats._http_file.holes import Holes
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.none import NoAuth
from tui_client.model.kinds import Auth

_BLANK: Final = re.compile(r"[ \t]+")
_HOLES: Final = re.compile(r"\{\{[^{}]*\}\}")
_SIGNED: Final = frozenset({"aws", "cognito", "ntlm", "negotiate"})


def auth_of(value: str, holes: Holes) -> tuple[Auth | None, str]:
    """The kind, or None where it stays a header; and what a description should keep of it."""
    scheme, _, rest = value.strip().partition(" ")
    rest = rest.strip()
    match scheme.lower():
        case "basic" | "digest":
            return _user(scheme.lower(), rest, holes), ""
        case "bearer" if rest and scheme == "Bearer":
            return Bearer(holes.text(rest)), ""
        case kind if kind in _SIGNED and rest:
            holes.report.dropped(holes.origin, f"Authorization: {scheme}", "there is no such auth here; it is off")
            return NoAuth(), f"Its auth was {scheme}."
    return None, ""


def _user(scheme: str, rest: str, holes: Holes) -> Auth | None:
    pair = _pair(rest) or (_decoded(rest) if scheme == "basic" else None)
    if pair is None or ":" in _HOLES.sub("", pair[0]):
        return None
    user, password = holes.text(pair[0]), holes.text(pair[1])
    return Basic(user, password) if scheme == "basic" else Digest(user, password)


def _pair(rest: str) -> tuple[str, str] | None:
    if "=" in rest and "," in rest:
        # The answer to a challenge, written out.
        return None
    # Blanks and colons within braces part nothing.
    plain = _HOLES.sub(lambda hole: "x" * len(hole[0]), rest)
    if (blank := _BLANK.search(plain)) is not None:
        return rest[: blank.start()], rest[blank.end() :]
    at = plain.find(":")
    return (rest[:at], rest[at + 1 :]) if at > 0 else None


def _decoded(rest: str) -> tuple[str, str] | None:
    try:
        text = base64.b64decode(rest, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    user, colon, password = text.partition(":")
    same = base64.b64encode(text.encode()).decode() == rest
    return (user, password) if colon and same and text.isprintable() and "{{" not in text else None
