"""The bases that the kinds subclass: fields are data, read from TOML; behaviour is added in `kinds/`.

A field's `Annotated[str, msgspec.Meta(title=..., extra={...})]` is its whole declaration. Keys of `extra`:
- "secret": True      masked on screen, redacted in everything written
- "template": "json"  how {{variables}} are put in: "text" (the default), "json", or "off"
- "line": True        stands in one line of what is sent: control signs are refused, as in every field of an Auth
- "multiline": True   edited in a text area
- "choices": [...]    edited by a picker
- "placeholder": "…"  shown while empty
"""

from __future__ import annotations

import msgspec


class Auth(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """How a request proves who sends it. `kinds.auth` has one subclass per kind."""

    def derived_secrets(self) -> tuple[str, ...]:
        """What must be masked besides the secret fields, such as the base64 of user and password."""
        return ()


class Body(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """What a request carries. `kinds.body` has one subclass per kind."""


class Query(msgspec.Struct, frozen=True, tag_field="query", forbid_unknown_fields=True):
    """What can be asked of a reply. `kinds.query` has one subclass per kind."""
