"""JSON texts one after the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.tui.widgets.events.framing import State
from tui_client.tui.widgets.events.ndjson import JSON_LINES, JSON_SEQUENCE, JsonTexts


def texts_of(framing: JsonTexts, *pieces: bytes) -> list[bytes]:
    data, state, found = b"".join(pieces), State(), []
    for piece in pieces:
        state, frames = framing.scan(state, piece)
        found += frames
    tail = framing.tail(state)
    return [framing.parse(data[frame.start : frame.end]).data for frame in [*found, *([tail] if tail else [])]]


@given(st.lists(st.sampled_from([b"\n", b"\r", b"\x1e", b"{}", b" ", b'{"a":1}', b"not json"]), max_size=30), st.data())
def test_any_cut_gives_the_same_texts(parts: list[bytes], draw: st.DataObject) -> None:
    """They are what stands between the separators, without blank ones."""
    data = b"".join(parts)
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(data)), max_size=9)))
    pieces = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    for framing, separator in ((JSON_LINES, b"\n"), (JSON_SEQUENCE, b"\x1e")):
        expected = [part.strip() for part in data.split(separator) if part.strip()]
        assert texts_of(framing, *pieces) == expected


@pytest.mark.parametrize(
    ("data", "whole"),
    [(b'{"a":\n1}\n', True), (b'{"a":\n{"b":1}\n', False), (b'{"a":1}', False), (b"nonsense\n", False), (b"\n", False)],
)
def test_a_record_is_shown_as_soon_as_its_json_is_whole(data: bytes, whole: bool) -> None:
    """Else the newest one would be missing until the next one comes."""
    assert JSON_SEQUENCE.is_whole(data) is whole
    assert not JSON_LINES.is_whole(data)
