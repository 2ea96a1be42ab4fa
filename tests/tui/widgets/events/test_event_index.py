"""Where the events of a stream are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.model.exchange import BytesBody
from tui_client.tui.widgets.byte_window import PIECE
from tui_client.tui.widgets.events.event_index import EventIndex
from tui_client.tui.widgets.events.filtering import filter_of
from tui_client.tui.widgets.events.framing import Framing
from tui_client.tui.widgets.events.ndjson import JSON_LINES, JSON_SEQUENCE
from tui_client.tui.widgets.events.sse import ServerSentEvents


class Growing:
    """A body in memory that grows."""

    path = None

    def __init__(self, data: bytes = b"") -> None:
        self.data = data

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        return self.data[start:] if length is None else self.data[start : start + length]


def settled(index: EventIndex) -> EventIndex:
    while not index.complete:
        index.extend()
    return index


def rows(index: EventIndex) -> list[tuple[int, bytes]]:
    found = [index.row(number) for number in range(index.row_count)]
    return [(one.number, index.framing.parse(index.data(one.frame, 1 << 20)).data) for one in found]


def sse(numbers: range, width: int = 0) -> bytes:
    return b"".join(b"id: %d\nevent: e%d\ndata: %d%b\n\n" % (n, n % 3, n, b"x" * width) for n in numbers)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 250), max_size=5), st.sampled_from([0, 3, 900]))
def test_a_stream_that_grows_has_the_rows_of_one_that_is_whole(steps: list[int], width: int) -> None:
    """However it was cut while it came."""
    content, at = Growing(), 0
    growing = EventIndex(content, ServerSentEvents())
    for step in steps:
        content.data += sse(range(at, at + step), width)
        at += step
        settled(growing)
        assert growing.event_count == growing.row_count == at
    whole = settled(EventIndex(BytesBody(content.data), ServerSentEvents()))
    assert rows(growing) == rows(whole) == [(n + 1, b"%d" % n + b"x" * width) for n in range(at)]


@pytest.mark.parametrize("framing", [ServerSentEvents(), JSON_LINES])
def test_events_are_found_across_pieces(framing: Framing) -> None:
    """Those longer than a piece too."""
    texts = [b"1" * (PIECE - 8), b"2" * (3 * PIECE), b"3", b"4" * PIECE, b"5"]
    pattern = b"data: %b\n\n" if framing.typed else b"%b\n"
    index = settled(EventIndex(BytesBody(b"".join(pattern % text for text in texts)), framing))
    assert rows(index) == list(enumerate(texts, 1))


def test_a_filter_keeps_the_numbers_of_the_stream() -> None:
    """Words in any case, and types; both must fit."""
    data = sse(range(3000), 50)
    index = settled(EventIndex(BytesBody(data), ServerSentEvents(), filter_of("type:e1 DATA: 99")))
    expected = [n for n in range(3000) if n % 3 == 1 and "99" in str(n)]
    assert [number for number, _ in rows(index)] == [n + 1 for n in expected]
    assert index.event_count == 3000
    assert filter_of("  ") is None and filter_of("type:") is None


def test_the_last_line_needs_no_end() -> None:
    """It is shown when the stream has ended; an event of server-sent events that was cut is only spoken of."""
    lines = settled(EventIndex(BytesBody(b"1\n\n22"), JSON_LINES))
    assert rows(lines) == [(1, b"1")] and lines.unfinished_bytes == 2
    lines.end()
    assert rows(settled(lines)) == [(1, b"1"), (2, b"22")] and lines.unfinished_bytes == 0
    events = EventIndex(BytesBody(b"data: 1\n\ndata: 2\n"), ServerSentEvents())
    events.end()
    assert rows(settled(events)) == [(1, b"1")] and events.unfinished_bytes == 8


def test_the_newest_record_of_a_sequence_is_shown_at_once() -> None:
    """Not only when the next one begins."""
    content = Growing(b'\x1e{"a":1}\n')
    index = settled(EventIndex(content, JSON_SEQUENCE))
    assert rows(index) == [(1, b'{"a":1}')]
    content.data += b'\x1e{"a":'
    assert rows(settled(index)) == [(1, b'{"a":1}')]
    content.data += b"2}\n"
    assert rows(settled(index)) == [(1, b'{"a":1}'), (2, b'{"a":2}')]


def test_little_is_kept_of_many_events() -> None:
    """A state for each piece of the body, not for each event."""
    index = settled(EventIndex(BytesBody(b"1\n" * 100_000), JSON_LINES))
    assert index.row_count == 100_000
    assert len(index._states) == 200_000 // PIECE + 1
    assert index.row(99_999).number == 100_000


def test_an_event_is_found_by_its_number() -> None:
    """Under a filter, the next one that is listed."""
    content = BytesBody(sse(range(5000), 40))
    index = settled(EventIndex(content, ServerSentEvents()))
    assert [index.row_of(number) for number in (0, 1, 2, 3000, 5000, 9999)] == [0, 0, 1, 2999, 4999, 4999]
    odd = settled(EventIndex(content, ServerSentEvents(), filter_of("type:e2")))
    for number in (1, 3, 4, 2999, 3000, 3001):
        assert odd.row(odd.row_of(number)).number == next(n for n in range(number, 5001) if (n - 1) % 3 == 2)
