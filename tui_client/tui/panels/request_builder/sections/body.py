"""What the request carries."""

from __future__ import annotations

import msgspec

from tui_client.kinds import body
from tui_client.model.kinds import Body
from tui_client.tui.panels.request_builder._kind_section import KindSection


class BodySection(KindSection):
    """None, or one of the kinds with its form."""

    absent = "none"

    def kinds(self) -> dict[str, type[msgspec.Struct]]:
        """All body kinds."""
        return dict(body.kinds())

    def value(self) -> msgspec.Struct | None:
        """The draft's body."""
        return self.draft.body

    def with_value(self, value: msgspec.Struct | None) -> None:
        """Give the draft another body."""
        if value is None or isinstance(value, Body):
            self.edit(msgspec.structs.replace(self.draft, body=value))

    def hint(self) -> str:
        """Say what a GET with a body means."""
        return "No body. Choose a kind to send one." if self.draft.body is None else ""
