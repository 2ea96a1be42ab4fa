"""An auth that we don't have, in words for a description: all of it that is no secret."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

# Too many names are hidden rather than one too few.
_SECRETS: Final = (
    *("secret", "pass", "pwd", "token", "key", "credential", "assertion", "nonce", "payload", "authorization"),
    *("signature", "cookie", "session"),
)


def auth_words(tool: str, kind: str, fields: Iterable[tuple[str, str]]) -> str:
    """ "Auth in Postman: hawk: authId me, authKey (not shown)."

    fields: names and values as text; empty ones are left out. A value that only names a variable is no secret.
    """
    shown = [f"{name} {value if _may_be_shown(name, value) else '(not shown)'}" for name, value in fields if value]
    return f"Auth in {tool}: {kind}" + (f": {', '.join(shown)}." if shown else ".")


def _may_be_shown(name: str, value: str) -> bool:
    lowered = name.lower()
    only_a_variable = value.startswith("{{") and value.find("}}") == len(value) - 2
    return only_a_variable or not any(sign in lowered for sign in _SECRETS)
