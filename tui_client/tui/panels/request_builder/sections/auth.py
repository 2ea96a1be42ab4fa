"""How the request proves who sends it, and where that stands if it is inherited."""

from __future__ import annotations

import msgspec

from tui_client.kinds import auth
from tui_client.model.kinds import Auth
from tui_client.tui.panels.request_builder._kind_section import KindSection


class AuthSection(KindSection):
    """Inherit, none, or one of the kinds with its form."""

    absent = "inherit"

    def kinds(self) -> dict[str, type[msgspec.Struct]]:
        """All auth kinds."""
        return dict(auth.kinds())

    def value(self) -> msgspec.Struct | None:
        """The draft's own auth; None inherits."""
        return self.draft.auth

    def with_value(self, value: msgspec.Struct | None) -> None:
        """Give the draft another auth."""
        if value is None or isinstance(value, Auth):
            self.edit(auth=value)

    def hint(self) -> str:
        """Where the auth in force comes from."""
        effective = self.around.effective
        if self.draft.auth is not None:
            none = type(self.draft.auth).__struct_config__.tag == "none"
            return "Nothing is sent, whatever the folder or the collection says." if none else ""
        if effective is None:
            return ""
        if effective.auth is None:
            return (
                "No folder and no collection above this request has an auth: none is sent. Choose a kind with ← and →."
            )
        tag = type(effective.auth).__struct_config__.tag
        return f"↑ {tag}, from {effective.auth_origin}. Choose a kind to give this request its own."
