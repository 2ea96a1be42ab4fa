"""JSON texts one after the other: a line each (NDJSON, JSON Lines), or a record each (RFC 7464)."""

from __future__ import annotations

from typing import Final

import msgspec

from tui_client.tui.widgets.events.framing import Frame, State, StreamEvent

_RECORD: Final = b"\x1e"


class JsonTexts:
    """Whatever stands between separators is an event, be it JSON or not; white space alone is none."""

    typed = False

    def __init__(self, separator: bytes) -> None:
        self._separator = separator

    def scan(self, state: State, data: bytes) -> tuple[State, list[Frame]]:
        """The events that end in these bytes, which follow those of before."""
        offset, begin, _, filled, _, _ = state
        frames: list[Frame] = []
        *ended, rest = data.split(self._separator)
        for part in ended:
            offset += len(part)
            if filled or _says(part):
                frames.append(Frame(begin, offset))
            offset += 1
            begin, filled = offset, False
        return State(offset + len(rest), begin, filled=filled or _says(rest)), frames

    def tail(self, state: State) -> Frame | None:
        """The last one needs no separator behind it."""
        return Frame(state.begin, state.offset) if state.filled else None

    def is_whole(self, data: bytes) -> bool:
        """A record is followed by the next one only, but once its JSON is whole nothing more can come."""
        if self._separator != _RECORD or not data.endswith(b"\n"):
            return False
        try:
            msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return False
        return True

    def parse(self, data: bytes) -> StreamEvent:
        """The text without the white space around it."""
        return StreamEvent("", data.strip())


def _says(part: bytes) -> bool:
    return bool(part) and not part.isspace()


JSON_LINES: Final = JsonTexts(b"\n")
JSON_SEQUENCE: Final = JsonTexts(_RECORD)
