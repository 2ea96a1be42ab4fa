"""Which events to show: those of a type, those that have some words."""

from __future__ import annotations

from typing import Final

import msgspec

from tui_client.tui.widgets.events.framing import Framing

_TYPE: Final = "type:"


class EventFilter(msgspec.Struct, frozen=True):
    """Lets an event through that has all `words` in its bytes, in any case, and one of `types` if there are any."""

    words: tuple[bytes, ...] = ()
    types: frozenset[str] = frozenset()

    def lets(self, data: bytes, framing: Framing) -> bool:
        """Whether to show the event of these bytes."""
        if self.words:
            lowered = data.lower()
            if not all(word in lowered for word in self.words):
                return False
        return not self.types or framing.parse(data).type in self.types


def filter_of(text: str) -> EventFilter | None:
    """The filter that somebody typed: words, and `type:NAME`; None for nothing."""
    parts = text.split()
    types = frozenset(part.removeprefix(_TYPE) for part in parts if part.startswith(_TYPE)) - {""}
    words = tuple(part.encode().lower() for part in parts if not part.startswith(_TYPE))
    return EventFilter(words, types) if words or types else None
