"""Files of others: data rows, recordings, journals; and the bodies that are made of what stands in them."""

from __future__ import annotations

import json
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Final

import pytest
from fuzzing import JSON, TEXT, bad_inputs, mutated
from handmade_journal import HandmadeJournal, failed, passed, refused
from hypothesis import strategies as st
from journals import step

from tui_client.errors import BrokenFile, RequestFailed, UsageError
from tui_client.formats._format import FormatError
from tui_client.formats.har import Har, read_har
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.model.content import FileSegment
from tui_client.replay.journal.carry import Sealer
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.rows import BadRow, Row, columns, count_rows, read_rows

TABLES: Final = {
    ".csv": (b'name,age\nann,1\n"b,\n""c",2\n', b"\xef\xbb\xbfa;b\r\n1;2\r\n", b"a\n1\n\n2", b"a,a\n1,2\n"),
    ".json": (b'[{"a": 1}, {"b": [1, {"c": "}"}]}]', b"[]", b'[{"a": "\\ud800"}]', b'[1, {"a": 1}]'),
    ".jsonl": (b'{"a": 1}\n{"b": "\\ud800"}\n\n[1]\n', b'{"a": ' + b"9" * 5000 + b"}\n", b'{"a": NaN}\r\n{"a": 1e999}'),
}
tables = st.sampled_from(sorted(TABLES)).flatmap(
    lambda suffix: st.tuples(st.just(suffix), mutated(st.sampled_from(TABLES[suffix])))
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@bad_inputs(200, tables)
def test_any_data_file_gives_rows_or_reasons(folder: Path, table: tuple[str, bytes]) -> None:
    """A bad row spoils itself; a bad file says so; counting it comes to as many rows."""
    path = folder / f"data{table[0]}"
    path.write_bytes(table[1])
    try:
        names = columns(path)
        rows = list(read_rows(path))
    except (BrokenFile, UsageError) as error:
        assert error.reason
        return
    assert [row.number for row in rows] == list(range(1, len(rows) + 1)) == list(range(1, count_rows(path) + 1))
    for row in rows:
        if isinstance(row, Row):
            assert names is None or row.values.keys() == names
        else:
            assert isinstance(row, BadRow) and row.failure.detail


ENTRY: Final = (
    b'{"log": {"entries": [{"startedDateTime": "2026-01-01T00:00:00Z", "time": 1, "request": {"method": "POST", '
    b'"url": "http://u:p@h/a?b", "headers": [{"name": "Content-Type", "value": "%b"}], "postData": %b}}]}}'
)
content_types = st.sampled_from(
    [
        b"text/plain; charset=punycode",
        b"text/plain; charset*=utf-8''x",
        b"multipart/form-data; boundary=b",
        b"a; charset=idna",
        b"",
        b"text/plain; charset=" + b'a=\\\\\\"' * 300,
        b"multipart/x;" + b"a;" * 3000,
        b"a;charset=\\u0000",
    ]
)
post_data = st.sampled_from(
    [
        b'{"text": "%b"}' % ("".join(map(chr, range(0x400, 0x2400, 3))).encode()),
        b'{"params": [{"name": "a", "fileName": "f"}]}',
        b'{"text": "\\ud800"}',
        b'{"text": "YQ==", "encoding": "base64"}',
        b'{"params": [{"name": "\\r\\n", "value": 1}]}',
        b"null",
        b"[]",
    ]
)


@bad_inputs(
    160,
    st.builds(lambda kind, post: ENTRY % (kind, post), content_types, post_data).flatmap(
        lambda data: st.just(data) | mutated(st.just(data), 1)
    ),
)
def test_any_recorded_body_is_read_or_refused(data: bytes) -> None:
    """Whatever a recording says of its charset and its form, it is read in no time."""
    try:
        found = read_har(data)
    except FormatError as error:
        assert error.reason
        return
    assert isinstance(found, Har)
    assert all(one.reason for one in found.skipped)


parts = st.lists(st.builds(Part, TEXT, TEXT, type=st.just("") | TEXT, filename=st.just("") | TEXT), max_size=3)


@bad_inputs(160, parts)
def test_any_form_has_the_parts_that_were_given(given: list[Part]) -> None:
    """No name, type or value makes one part two, or two one."""
    try:
        body = Multipart(tuple(given)).encode(lambda _: Path())
    except RequestFailed as error:
        assert error.failure.kind == "body.invalid"
        return
    raw = b"".join(piece for piece in body.segments if not isinstance(piece, FileSegment))
    assert len(raw) == body.size
    assert raw.count(b"Content-Disposition: form-data;") == len(given)
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {body.content_type}\r\n\r\n".encode() + raw)
    assert not given or len(list(message.iter_parts())) == len(given)


@pytest.fixture(scope="module")
def journal(folder: Path) -> bytes:
    """A journal in one file, small enough that damage hits something."""
    path = folder / "whole.sqlite"
    made = HandmadeJournal(path)
    made.add(passed(step(0)), failed(step(1)), refused(step(2)))
    made.claim(step(3))
    made.connection.execute("PRAGMA journal_mode = DELETE")
    made.connection.execute("PRAGMA page_size = 512")
    made.connection.execute("VACUUM")
    made.connection.close()
    return path.read_bytes()


damage = st.lists(st.tuples(st.integers(0, 1 << 16), st.binary(min_size=1, max_size=3)), min_size=1, max_size=4)


@bad_inputs(740, damage)
def test_a_damaged_journal_is_read_or_broken(folder: Path, journal: bytes, places: list[tuple[int, bytes]]) -> None:
    """Lists, reports and screens over it get what can be read, or one reason."""
    data = bytearray(journal)
    for place, put in places:
        at = place % len(data)
        data[at : at + len(put)] = put
    path = folder / "damaged.sqlite"
    path.write_bytes(bytes(data[: len(journal)]))
    try:
        with JournalReader(path) as reader:
            reader.info(running=False)
            reader.header(Sealer(b"k" * 32))
            for _ in reader.explained():
                pass
            for _ in reader.results():
                pass
            list(reader.in_doubt())
    except BrokenFile as error:
        assert error.reason


@bad_inputs(190, JSON.map(json.dumps) | TEXT)
def test_what_was_sealed_is_what_is_opened(text: str) -> None:
    """Whatever stands in a journal's sealed parts: variables, or nothing."""
    sealer = Sealer(b"k" * 32)
    sealed = sealer.seal(text.encode("utf-8", "surrogatepass"))
    given = sealer.open_given(sealed)
    assert given is None or all(isinstance(value, str) for value in given.values())
    sealer.open_carry(sealed)
