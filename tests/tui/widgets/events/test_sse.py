"""Server-sent events by the rules of WHATWG."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.tui.widgets.events.framing import Frame, State
from tui_client.tui.widgets.events.sse import ServerSentEvents

SSE = ServerSentEvents()
PIECES = [
    b"data", b":", b" ", b"\n", b"\r", b"\r\n", b"id", b"event", b"retry", b"x", b"7", b"\0", b"\xef\xbb\xbf",
    b"data: a\n", b"\n\n", b": comment\n", b"id: 4\r\n", b"y" * 1100, "é".encode(),
]  # fmt: skip


def frames_of(*pieces: bytes) -> list[Frame]:
    state, found = State(), []
    for piece in pieces:
        state, frames = SSE.scan(state, piece)
        found += frames
    assert state.offset == sum(map(len, pieces))
    return found


def events_of(data: bytes) -> list[tuple[str, bytes, bytes]]:
    """Type, data, id."""
    found = []
    for frame in frames_of(data):
        event = SSE.parse(data[frame.start : frame.end])
        found.append((event.type, event.data, frame.id))
    return found


def by_the_book(data: bytes) -> list[tuple[str, bytes, bytes]]:
    """The algorithm of the standard, line by line."""
    found = []
    kind, parts, last = b"", [], b""
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for line in data.split(b"\n")[:-1]:
        if not line:
            if parts:
                found.append((kind.decode("utf-8", "replace") or "message", b"\n".join(parts), last[:256]))
            kind, parts = b"", []
            continue
        name, _, value = line.partition(b":")
        value = value[1:] if value[:1] == b" " else value
        if name == b"data":
            parts.append(value)
        elif name == b"event":
            kind = value
        elif name == b"id" and b"\0" not in value:
            last = value
    return found


PLAIN = [b"data: a\n", b"data\n", b"\n", b"id: 4\n", b"id\n", b"idx\n", b": c\n", b"event: e\n", b"\xef\xbb\xbf"]


@given(st.lists(st.sampled_from(PIECES), max_size=40) | st.lists(st.sampled_from(PLAIN), max_size=40), st.data())
def test_any_cut_gives_the_events_of_the_standard(parts: list[bytes], draw: st.DataObject) -> None:
    """Wherever the bytes are cut on their way, even inside a line end or the byte order mark."""
    data = b"".join(parts)
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(data)), max_size=12)))
    pieces = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    assert frames_of(*pieces) == frames_of(data)
    assert frames_of(*(data[at : at + 1] for at in range(len(data)))) == frames_of(data)
    assert events_of(data) == by_the_book(data)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"data: YHOO\ndata: +2\ndata: 10\n\n", [("message", b"YHOO\n+2\n10", b"")]),
        (
            b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event",
            [("message", b"first event", b"1"), ("message", b"second event", b"")],
        ),
        (b"data\n\ndata\ndata\n\ndata:", [("message", b"", b""), ("message", b"\n", b"")]),
        (b"data:test\n\ndata: test\n\n", [("message", b"test", b"")] * 2),
        (b"event: add\ndata: 1\n\ndata: 2\n\n", [("add", b"1", b""), ("message", b"2", b"")]),
        (b"id: 7\n\ndata: 1\n\n", [("message", b"1", b"7")]),
        (b"id: 7\ndata: 1\n\nid: 8\0\ndata: 2\n\n", [("message", b"1", b"7"), ("message", b"2", b"7")]),
        (b"datax: 1\nDATA: 2\n data: 3\n\n", []),
        (b"\xef\xbb\xbfdata: 1\r\rdata: 2\r\n\r\n", [("message", b"1", b""), ("message", b"2", b"")]),
        (b"data: unfinished\n", []),
    ],
)
def test_the_standards_own_examples(data: bytes, expected: list[tuple[str, bytes, bytes]]) -> None:
    """Comments, fields without a colon, one blank after it, ids that stay, and an end without a blank line."""
    assert events_of(data) == expected


def test_the_wait_before_a_new_try_is_digits_alone() -> None:
    """Any other value is left out."""
    assert SSE.parse(b"retry: 3000\ndata").retry_ms == 3000
    assert SSE.parse(b"retry: 3s\ndata").retry_ms is None


def test_a_scan_keeps_little_of_an_endless_line() -> None:
    """Its memory does not grow with an event."""
    state, frames = State(), []
    for _ in range(50):
        state, frames = SSE.scan(state, b"data: " + b"x" * 10_000)
    assert len(state.head) == 1024 and not frames
    state, frames = SSE.scan(state, b"\n\n")
    assert frames == [Frame(0, 50 * 10_006 + 1)]
