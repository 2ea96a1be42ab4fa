"""Server-sent events, by the rules of WHATWG HTML, "Parsing an event stream"."""

from __future__ import annotations

from typing import Final

from tui_client.tui.widgets.events.framing import Frame, State, StreamEvent

ID_BYTES: Final = 256
_MARK: Final = b"\xef\xbb\xbf"
_BLANK: Final = frozenset({b"\n", b"\r", b"\r\n"})
_DATA: Final = (b"data:", b"data\n", b"data\r")
_ID: Final = (b"id:", b"id\n", b"id\r")
_ENDS: Final = (b"\n", b"\r")
_RARE: Final = (b"\r", b"\0", b"\n\n\n")
_HEAD_BYTES: Final = 1024  # enough for a field's name and an id


class ServerSentEvents:
    """Lines of any of three ends; an event ends at a blank line, and what has no data is none."""

    typed = True

    def scan(self, state: State, data: bytes) -> tuple[State, list[Frame]]:
        """The events that end in these bytes, which follow those of before."""
        first, last = data.find(b"\n\n"), data.rfind(b"\n\n")
        if first == last or any(rare in data for rare in _RARE):
            return self._by_lines(state, data)
        # Most streams are as plain as this: five times as fast.
        state, frames = self._by_lines(state, data[: first + 2])
        last_id = _by_blocks(data[first + 2 : last], state, frames)
        state, more = self._by_lines(
            State(state.offset + last - first, state.offset + last - first, id=last_id), data[last + 2 :]
        )
        return state, frames + more

    def _by_lines(self, state: State, data: bytes) -> tuple[State, list[Frame]]:
        offset, begin, head, filled, after_cr, last_id = state
        if after_cr and data.startswith(b"\n"):
            begin += begin == offset
            offset, data = offset + 1, data[1:]
        # Of bytes, these are exactly the three ends of the format.
        lines = data.splitlines(keepends=True)
        rest = lines.pop() if lines and not lines[-1].endswith(_ENDS) else b""
        end = offset + len(data)
        if lines and (head or not offset):
            skipped, lines[0] = _unmarked(offset - len(head), head + lines[0])
            offset, begin, head = offset - len(head) + skipped, begin + skipped, b""
        frames: list[Frame] = []
        for line in lines:
            offset += len(line)
            if line in _BLANK:
                if filled:
                    frames.append(Frame(begin, offset - len(line), last_id))
                begin, filled = offset, False
            elif line.startswith(_DATA):
                filled = True
            elif line.startswith(_ID):
                last_id = _id(line, last_id)
        if rest:
            skipped, head = _unmarked(offset - len(head), head + rest)
            begin, head = begin + skipped, head[:_HEAD_BYTES]
        return State(end, begin, head, filled, data.endswith(b"\r") if data else False, last_id), frames

    def tail(self, state: State) -> Frame | None:
        """The format leaves out an event that has not ended."""
        return None

    def is_whole(self, data: bytes) -> bool:
        """Never before its blank line."""
        return False

    def parse(self, data: bytes) -> StreamEvent:
        """The event of one frame's bytes, or of as many of them as there are."""
        kind, parts, retry_ms = b"", [], None
        for line in data.splitlines():
            name, _, value = line.partition(b":")
            value = value.removeprefix(b" ")
            match name:
                case b"data":
                    parts.append(value)
                case b"event":
                    kind = value
                case b"retry" if value.isdigit():
                    retry_ms = int(value[:18])
        return StreamEvent(kind.decode("utf-8", "replace") or "message", b"\n".join(parts), retry_ms)


def _by_blocks(data: bytes, state: State, frames: list[Frame]) -> bytes:
    """Add the events of whole blocks, with line feeds alone, one blank line between two, and return the last id."""
    begin, last_id = state.begin, state.id
    for block in data.split(b"\n\n"):
        end = begin + len(block) + 1
        lines = b"\n%b\n" % block
        if b"\nid" in lines:
            last_id = _last_id(lines, last_id)
        if b"\ndata:" in lines or b"\ndata\n" in lines:
            frames.append(Frame(begin, end, last_id))
        begin = end + 1
    return last_id


def _last_id(lines: bytes, before: bytes) -> bytes:
    at, bare = lines.rfind(b"\nid:"), lines.rfind(b"\nid\n")
    if at <= bare:
        return before if bare < 0 else b""
    return lines[at + 4 : lines.index(b"\n", at + 4)].removeprefix(b" ")[:ID_BYTES]


def _unmarked(start: int, line: bytes) -> tuple[int, bytes]:
    """A line without the byte order mark that the first one may have, and how long that was."""
    return (len(_MARK), line[len(_MARK) :]) if start == 0 and line.startswith(_MARK) else (0, line)


def _id(line: bytes, before: bytes) -> bytes:
    value = line[3:].rstrip(b"\r\n").removeprefix(b" ")[:ID_BYTES]
    return before if b"\0" in value else value
