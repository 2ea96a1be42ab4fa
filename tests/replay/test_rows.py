"""Data files: what is read from them, and what is said of rows that can't be used."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import BrokenFile, FailureKind, UsageError
from tui_client.replay import rows
from tui_client.replay.rows import BadRow, Row, columns, count_rows, digest_of, read_rows, stream_rows


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_csv_cells_stay_text(tmp_path: Path) -> None:
    """001 is 001, not 1."""
    path = write(tmp_path, "a.csv", "id,name\n001,Ada\n2,true\n")
    assert list(read_rows(path)) == [Row(1, {"id": "001", "name": "Ada"}), Row(2, {"id": "2", "name": "true"})]


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    """A file saved by a spreadsheet gives the column `id`."""
    path = write(tmp_path, "a.csv", b"\xef\xbb\xbfid,name\r\n1,Ada\r\n")
    assert columns(path) == {"id", "name"}
    assert list(read_rows(path)) == [Row(1, {"id": "1", "name": "Ada"})]


@pytest.mark.parametrize(("line", "cells"), [("2,Bob,extra", 3), ("2", 1)])
def test_a_ragged_row_is_named_and_the_rest_goes_on(tmp_path: Path, line: str, cells: int) -> None:
    """A row with too many or too few cells says its number, its line and what was done."""
    path = write(tmp_path, "users.csv", f"id,name\n1,Ada\n{line}\n3,Cy\n")
    first, bad, last = read_rows(path)
    assert isinstance(first, Row) and last == Row(3, {"id": "3", "name": "Cy"})
    assert isinstance(bad, BadRow)
    assert bad.failure.kind is FailureKind.DATA_ROW
    assert bad.failure.subject == "Row 2 of users.csv"
    assert bad.failure.detail == f"line 3 has {cells} cells, the header has 2; it was not sent, the rest goes on"


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    """The empty line at a file's end is not a ragged row."""
    assert count_rows(write(tmp_path, "a.csv", "id\n1\n\n2\n\n")) == 2


def test_a_pipe_is_no_data_file(tmp_path: Path) -> None:
    """It is refused, not waited for: its rows could be read only once."""
    os.mkfifo(tmp_path / "a.csv")
    for read in (columns, read_rows, digest_of):
        with pytest.raises(BrokenFile, match="is not a regular file"):
            read(tmp_path / "a.csv")


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_line_without_an_end_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The rows before it are there, and it is said that it and all after it are not."""
    monkeypatch.setattr(rows, "_ROW_LIMIT", 100)
    first = {"a.csv": 'id\n1\n"', "a.jsonl": '{"id": "1"}\n"'}[name]
    path = write(tmp_path, name, first + "x\n" * 40 + "x" * 200 + "\n2\n")
    good, *others, bad = read_rows(path)
    assert good == Row(1, {"id": "1"}) and isinstance(bad, BadRow)
    assert bad.failure.detail.endswith("it and all after it were not read")
    assert len(others) == (0 if name == "a.csv" else 40)


def test_a_header_without_an_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more of it is read than a row may have."""
    monkeypatch.setattr(rows, "_ROW_LIMIT", 100)
    with pytest.raises(BrokenFile, match="the header is longer"):
        columns(write(tmp_path, "a.csv", "x" * 200))


@pytest.mark.parametrize("content", ["", "\n", "id,name\n"])
def test_a_file_without_rows_is_refused(tmp_path: Path, content: str) -> None:
    """Nothing to replay is said before anything is sent."""
    with pytest.raises(UsageError):
        read_rows(write(tmp_path, "a.csv", content))


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"id,id\n1,2\n", "twice"), (b"id,\n1,2\n", "column 2 has no name"), (b"caf\xe9\n1\n", "not UTF-8")],
)
def test_a_header_that_cant_be_used_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    """Doubled, empty and undecodable column names are named."""
    with pytest.raises(BrokenFile) as refused:
        columns(write(tmp_path, "a.csv", content))
    assert reason in refused.value.reason
    assert refused.value.line == 1


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.jsonl"])
def test_a_missing_file_is_a_broken_file(tmp_path: Path, name: str) -> None:
    """A file that isn't there is named with the system's reason."""
    with pytest.raises(BrokenFile) as refused:
        read_rows(tmp_path / name)
    assert refused.value.path == tmp_path / name


def test_a_bad_byte_spoils_only_its_row(tmp_path: Path) -> None:
    """One Latin-1 name in a UTF-8 file costs one row."""
    path = write(tmp_path, "a.csv", b"name\nAda\nJos\xe9\nCy\n")
    assert [type(row) for row in read_rows(path)] == [Row, BadRow, Row]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson"])
def test_jsonl_values_keep_their_type(tmp_path: Path, name: str) -> None:
    """A number of a JSON row is a number; its lines need not have the same names."""
    path = write(tmp_path, name, '{"id": 1}\n\n{"tags": ["a"], "on": true}\n')
    assert list(read_rows(path)) == [Row(1, {"id": 1}), Row(2, {"tags": ["a"], "on": True})]


@pytest.mark.parametrize("line", ["[1]", "{", '"x"', "\u00e9", "[" * 100_000])
def test_a_jsonl_line_that_is_no_object_is_a_bad_row(tmp_path: Path, line: str) -> None:
    """A broken line is named; the lines around it are used."""
    path = write(tmp_path, "a.jsonl", f'{{"a": 1}}\n{line}\n{{"a": 3}}\n')
    assert [type(row) for row in read_rows(path)] == [Row, BadRow, Row]


def test_a_json_array_may_be_longer_than_what_is_read_at_once(tmp_path: Path) -> None:
    """Objects that lie across the edge of what was read come out whole."""
    rows = [{"id": number, "text": "x{[,]}" * (number % 700)} for number in range(500)]
    path = write(tmp_path, "a.json", json.dumps(rows, indent=1))
    assert [row.values for row in read_rows(path) if isinstance(row, Row)] == rows


@pytest.mark.parametrize("content", ["{}", "[1]", "nonsense", '["a"]', '[{"a": ', b'[{"a": "\xe9"}]'])
def test_a_json_file_that_is_no_array_of_objects_is_refused(tmp_path: Path, content: str | bytes) -> None:
    """What is wrong at its very beginning is said before anything is sent."""
    with pytest.raises(BrokenFile):
        read_rows(write(tmp_path, "a.json", content))


@pytest.mark.parametrize("rest", [', {"a": ]', " {}", ", 3]", "", ',{"a": nope}]'])
def test_a_json_array_that_breaks_later_ends_with_a_bad_row(tmp_path: Path, rest: str) -> None:
    """The rows before the break are used; the break says that the rest was not read."""
    good, bad = read_rows(write(tmp_path, "a.json", '[{"a": 1}' + rest))
    assert good == Row(1, {"a": 1})
    assert isinstance(bad, BadRow) and "were not read" in bad.failure.detail


def test_an_empty_json_array_has_no_rows(tmp_path: Path) -> None:
    """`[]` is a file without rows."""
    with pytest.raises(UsageError):
        read_rows(write(tmp_path, "a.json", " [ ] "))


async def test_streaming_gives_the_rows_of_reading(tmp_path: Path) -> None:
    """Reading in a thread changes neither order nor number."""
    path = write(tmp_path, "a.csv", "n\n" + "".join(f"{number}\n" for number in range(1000)))
    assert [row async for row in stream_rows(path)] == list(read_rows(path))


_CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


@given(table=st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(_CELL, min_size=width, max_size=width))))
def test_whatever_csv_can_hold_comes_back(table: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Quotes, commas and signs of all scripts in cells survive."""
    width = len(table[0]) if table else 1
    path = tmp_path_factory.mktemp("rows") / "a.csv"
    names = [f"c{place}" for place in range(width)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([names, *table])
    if table:
        assert [row.values for row in read_rows(path) if isinstance(row, Row)] == [
            dict(zip(names, cells, strict=True)) for cells in table
        ]
