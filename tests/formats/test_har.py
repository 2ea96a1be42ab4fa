"""HAR files of many writers become the requests that they recorded."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.formats._format import FormatError, Skipped
from tui_client.formats.har import Har, HarEntry, read_har

GOLDEN = Path(__file__).parent / "golden" / "har"
WRITERS = sorted(path.stem for path in GOLDEN.glob("*.har"))


def document(*entries: Any) -> bytes:
    return json.dumps({"log": {"version": "1.2", "entries": list(entries)}}).encode()


def entry(url: str = "http://h.example/", method: str = "GET", **more: Any) -> dict[str, Any]:
    """An entry; keywords go to its request, those that begin with "_" to the entry itself."""
    own = {key[1:]: value for key, value in more.items() if key.startswith("_")}
    request = {key: value for key, value in more.items() if not key.startswith("_")}
    return {
        "startedDateTime": "2026-03-01T09:00:00Z",
        "request": {"method": method, "url": url, **request},
        "response": {"status": 200},
        **own,
    }


def only(**more: Any) -> HarEntry:
    (found,) = read_har(document(entry(**more))).entries
    return found


def why_skipped(**more: Any) -> str:
    (found,) = read_har(document(entry(**more))).skipped
    return found.reason


@pytest.mark.parametrize("writer", WRITERS)
def test_each_writers_file_is_read(writer: str) -> None:
    """What browsers and proxies write becomes the requests they sent; what can't be sent is listed with its reason."""
    expected = msgspec.json.decode((GOLDEN / "expected" / f"{writer}.json").read_bytes(), type=Har)
    assert read_har((GOLDEN / f"{writer}.har").read_bytes()) == expected


def test_headers_keep_their_order_and_repeats() -> None:
    """Headers come as they were written, however often a name stands there."""
    rows = [{"name": name, "value": value} for name, value in (("b", "1"), ("A", "2"), ("b", "3"), ("X-Empty", ""))]
    assert only(headers=rows).headers == (("b", "1"), ("A", "2"), ("b", "3"), ("X-Empty", ""))


def test_what_the_connection_needed_is_left_out() -> None:
    """Framing, connection and proxy headers belong to the recording's connection, not to the request."""
    names = ("Connection", "content-length", "Transfer-Encoding", "Keep-Alive", "Proxy-Authorization", ":path")
    rows = [{"name": name, "value": "0"} for name in names]
    assert only(headers=[*rows, {"name": "TE", "value": "trailers"}]).headers == (("TE", "trailers"),)


@pytest.mark.parametrize(
    ("url", "host", "kept"),
    [
        ("http://h.example/", "h.example", False),
        ("http://h.example:80/", "h.example", False),
        ("https://u:p@H.example:443/", "h.EXAMPLE", False),
        ("http://[::1]:8000/?@x", "[::1]:8000", False),
        ("http://h.example:8000/", "h.example", True),
        ("http://127.0.0.1/", "h.example", True),
    ],
)
def test_host_is_kept_only_where_it_says_more_than_the_url(url: str, host: str, kept: bool) -> None:
    """A virtual host is part of the request; a Host that follows from the URL is written by the engine."""
    assert only(url=url, headers=[{"name": "Host", "value": host}]).headers == ((("Host", host),) if kept else ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T09:00:00Z", datetime(2026, 3, 1, 9, tzinfo=UTC)),
        ("2026-03-01T09:00:00.5Z", datetime(2026, 3, 1, 9, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-03-01T09:00:00.123456789+00:00", datetime(2026, 3, 1, 9, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-03-01T11:30:00+0230", datetime(2026, 3, 1, 9, tzinfo=UTC)),
        (" 2026-03-01 09:00:00 ", datetime(2026, 3, 1, 9, tzinfo=UTC)),
    ],
)
def test_dates_are_aware_in_every_form(text: str, expected: datetime) -> None:
    """With or without fraction, Z or offset; without either it is UTC."""
    found = only(_startedDateTime=text).started
    assert found == expected
    assert found.utcoffset() is not None


def test_numbers_may_be_text_or_unknown() -> None:
    """Writers differ in how they write numbers; -1 and 0 mean that there is none."""
    assert only(_time="12.5", _response={"status": "404"}).time_ms == 12.5
    assert only(_time="12.5", _response={"status": "404"}).status == 404
    assert only(_time=-1, _response={"status": 0}).time_ms is None
    assert only(_time=-1, _response={"status": 0}).status is None
    assert only(_time={"odd": 1}, _response={"status": None}).status is None


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"url": "ws://h.example/"}, "begins with ws:"),
        ({"url": "about:blank"}, "begins with about:"),
        ({"url": ""}, "begins with :"),
        ({"method": "connect"}, "tunnel"),
        ({"_response": {"status": 101}}, "WebSocket"),
        ({"__fromCache": "disk"}, "cache"),
        ({"_startedDateTime": None}, "startedDateTime"),
        ({"headers": [7]}, "can't be read"),
    ],
)
def test_what_was_no_request_is_listed(more: dict[str, Any], reason: str) -> None:
    """An entry that can't be sent again is left out, and the reason is told."""
    assert reason in why_skipped(**more)


def test_one_bad_entry_leaves_the_others() -> None:
    """Entries stand for themselves; the numbers tell which one was left out."""
    found = read_har(document(entry(), 7, {"request": None}, entry(method="HEAD")))
    assert [one.number for one in found.entries] == [1, 4]
    assert [one.number for one in found.skipped] == [2, 3]


def test_a_skipped_url_is_listed_without_its_secrets() -> None:
    """Users, passwords and queries stay out of lists."""
    found = read_har(document(entry("https://me:hunter2@h.example/p?token=t0k3n#t0k3n", __fromCache="memory")))
    assert found.skipped[0].what == "GET https://h.example/p"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is not JSON"),
        (b"GIF89a", "is not JSON"),
        (b'{"log": {"entries": [}}', "is not JSON"),
        (b"[]", "is not a HAR file"),
        (b'{"log": {}}', "is not a HAR file"),
        (b'{"log": {"entries": 7}}', "is not a HAR file"),
        (b'{"log": {"entries": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}}", "nested too deep"),
        (b'{"a": "\\ud800", "b": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "is not JSON"),
        (b'{"a": "\\ud800", "log": 7}', "is not a HAR file"),
    ],
)
def test_what_is_no_har_file_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    """The whole file is refused only where nothing of it can be understood."""
    with pytest.raises(FormatError, match=reason) as caught:
        read_har(data)
    assert len(caught.value.reason) < 200


def test_too_many_entries_are_refused() -> None:
    """There is a most that one file may ask for."""
    with pytest.raises(FormatError, match="more than 2 entries"):
        read_har(document(entry(), entry(), entry()), max_entries=2)


def test_too_many_bytes_are_refused() -> None:
    """A file that is larger than the limit is refused before it is parsed."""
    with pytest.raises(FormatError, match="larger than 1 MiB"):
        read_har(b" " * (1024 * 1024 + 1), max_bytes=1024 * 1024)


def test_a_file_in_utf_16_is_read() -> None:
    """What an editor saved as UTF-16 is JSON all the same."""
    text = document(entry()).decode()
    assert read_har(text.encode("utf-16")) == read_har(text.encode())


def test_bytes_that_are_no_utf_8_spoil_one_entry_alone() -> None:
    """Damage in one entry leaves the others."""
    data = document(entry("http://h.example/BAD"), entry()).replace(b"BAD", b"\xff\xfe")
    found = read_har(data)
    assert [one.number for one in found.entries] == [2]
    assert found.skipped[0].reason.startswith("it can't be read")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
DOCUMENTS = [json.loads((GOLDEN / f"{writer}.har").read_bytes()) for writer in WRITERS]


def mutated(data: st.DataObject) -> Any:
    """A golden document with one value, somewhere, replaced or gone."""
    root = copy.deepcopy(data.draw(st.sampled_from(DOCUMENTS)))
    node: Any = root
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        inner = node[key]
        if not (isinstance(inner, dict | list) and inner) or data.draw(st.integers(0, 5)) == 0:
            break
        node = inner
    if data.draw(st.booleans()):
        node[key] = data.draw(JSON)
    else:
        del node[key]
    return root


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_change_of_a_document_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever a writer gets wrong, there are entries and reasons, or one reason: never another error."""
    text = json.dumps(mutated(data), ensure_ascii=data.draw(st.booleans()))
    try:
        found = read_har(text.encode("utf-8", "surrogatepass"))
    except FormatError as error:
        assert error.reason
    else:
        assert all(isinstance(one, Skipped) and one.reason for one in found.skipped)
        assert all(one.started - datetime(2026, 1, 1, tzinfo=UTC) < timedelta.max for one in found.entries)


@given(writer=st.sampled_from(WRITERS), at=st.floats(0, 1), put=st.binary(max_size=4), cut=st.integers(0, 4))
@settings(max_examples=150, deadline=None)
def test_any_damage_of_the_bytes_is_read_or_refused(writer: str, at: float, put: bytes, cut: int) -> None:
    """A damaged file gives entries or one reason, never another error."""
    whole = (GOLDEN / f"{writer}.har").read_bytes()
    place = int(at * len(whole))
    try:
        assert isinstance(read_har(whole[:place] + put + whole[place + cut :]), Har)
    except FormatError as error:
        assert error.reason
