"""Rows of large texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.model.exchange import BytesBody
from tui_client.tui.widgets.line_index import LineIndex, Row


def _indexed(data: bytes, block: int = 1024) -> LineIndex:
    index = LineIndex(BytesBody(data), block)
    while not index.complete:
        index.extend()
    return index


def _rows(index: LineIndex) -> list[Row]:
    return [index.row(number) for number in range(index.row_count)]


@given(st.lists(st.sampled_from([b"\n", b"a", b"bb" * 7, b"c" * 40]), max_size=60), st.integers(3, 20))
def test_rows_cover_the_body_once_in_order(parts: list[bytes], block: int) -> None:
    """Joined together, the rows are the body; each line begins where its number says."""
    data = b"".join(parts)
    index = _indexed(data, block)
    rows = _rows(index)
    assert b"".join(data[row.start : row.end] for row in rows) == data
    assert all(0 < row.end - row.start < 2 * block + 1 for row in rows)
    for number, row in enumerate(rows):
        assert row.line == data[: row.start].count(b"\n") + 1
        assert row.continued == (row.start > 0 and data[row.start - 1 : row.start] != b"\n")
        assert index.row_at(row.start) == index.row_at(row.end - 1) == number
        if not row.continued:
            assert index.row_of_line(row.line) == number


@pytest.mark.parametrize(
    "data",
    [b"x\n" * 100_000, b"y" * 300_000, (b"z" * 65_535 + b"\n") * 4, b"line of text\n" * 20_000 + b"w" * 200_000],
)
def test_rows_across_pieces_are_found_again(data: bytes) -> None:
    """Pieces of the index meet without a gap, at any size of line."""
    index = _indexed(data)
    end = 0
    for number in range(index.row_count):
        row = index.row(number)
        assert row.start == end
        assert index.row_at(row.start) == number
        end = row.end
    assert end == len(data)
    assert index.line_count == data.count(b"\n") + (not data.endswith(b"\n"))


def test_a_growing_body_gets_its_new_rows() -> None:
    """What was counted stays; only the tail is counted again."""

    class Growing:
        data = b""
        path = None

        @property
        def size(self) -> int:
            return len(self.data)

        def read(self, start: int = 0, length: int | None = None) -> bytes:
            return self.data[start:] if length is None else self.data[start : start + length]

    body = Growing()
    index = LineIndex(body)
    assert index.row_count == 0
    for _ in range(40):
        body.data += b"some line\n" * 1000
        while not index.complete:
            index.extend()
        assert index.row_count == body.data.count(b"\n")
    assert index.row(39_999) == Row(399_990, 400_000, 40_000, False)


def test_a_line_that_is_not_there_is_the_last() -> None:
    """Going too far goes to the end."""
    index = _indexed(b"a\nb\nc")
    assert index.row_of_line(99) == 2
    assert index.row_of_line(0) == 0


def test_rows_of_a_file_that_was_cut_are_empty() -> None:
    """Whoever cuts the file of a body that is shown does no more harm than that."""
    body = bytearray(b"line\n" * 100_000)
    index = LineIndex(BytesBody(body))  # type: ignore[arg-type]  # bytes that can be cut
    while not index.complete:
        index.extend()
    count = index.row_count
    del body[100_000:]
    starts = [index.row(number).start for number in range(0, count, 1000)]
    assert len(starts) == 100
    assert starts[:20] == [number * 5000 for number in range(20)]
