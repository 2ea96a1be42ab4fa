"""Two replies compared: sides from anywhere, headers, figures, and the process for large bodies."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tui_client.errors import BrokenFile
from tui_client.history.entry import Entry, Kept
from tui_client.model.exchange import BytesBody, Exchange, RawHeader, Response, SentRequest, Timings
from tui_client.model.request import Request
from tui_client.replay.comparison import running
from tui_client.replay.comparison.figures import Stopped, figures_of, is_binary
from tui_client.replay.comparison.headers import compare_headers, differing
from tui_client.replay.comparison.places import to_ignore
from tui_client.replay.comparison.running import IN_THREAD, compare_sides
from tui_client.replay.comparison.side import Side, side_of, side_of_file, side_of_kept
from tui_client.replay.comparison.summary import differs, summary

NOW = datetime(2026, 5, 1, tzinfo=UTC)
SECRET = frozenset({"tok-12345"})


def exchange(body: bytes = b"{}", *headers: RawHeader, status: int = 200) -> Exchange:
    request = SentRequest("GET", "http://host/users?key=tok-12345", b"/users", (), secrets=SECRET)
    return Exchange(request, Response(status, "OK", "HTTP/1.1", headers, BytesBody(body)), Timings(total=5.0), NOW)


def reply(value: object, *headers: RawHeader, status: int = 200) -> Side:
    return side_of(exchange(json.dumps(value).encode(), *headers, status=status))


def figures(left: bytes, right: bytes) -> Any:
    return figures_of(BytesBody(left), BytesBody(right), threading.Event())


async def test_a_summary_tells_status_headers_and_body() -> None:
    """All of it in one line."""
    left = reply({"a": 1, "id": 1, "n": 1.10, "old": 0}, (b"X-A", b"1"), (b"Date", b"1"))
    right = reply({"a": 2, "id": 2, "n": 1.1, "new": 0}, (b"x-a", b"2"), (b"Date", b"2"), status=404)
    compared = await compare_sides(left, right, ("$.id",))
    assert summary(compared) == ("status 200 → 404 · 1 header differs · body: 1 changed, 1 added, 1 removed; 1 ignored")
    assert differs(compared)


async def test_the_same_reply_does_not_differ() -> None:
    """Nor does one whose date alone is another."""
    compared = await compare_sides(reply([1], (b"Date", b"1")), reply([1], (b"Date", b"2")))
    assert summary(compared) == "status same · headers same · body: the same, byte for byte"
    assert not differs(compared)


async def test_large_bodies_are_compared_in_a_process() -> None:
    """The outcome is the same as that of small ones."""
    items = [{"id": number, "name": "x" * 20} for number in range(IN_THREAD // 40)]
    compared = await compare_sides(reply(items), reply([*items[:50], *items[51:]]))
    assert summary(compared).endswith("body: 0 changed, 0 added, 1 removed")
    assert compared.rows is not None and compared.rows.place(0) == "$[50]"


def _children() -> str:
    """The processes that this thread started and that are there yet."""
    return Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text(encoding="ascii")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the list of children is Linux's")
async def test_a_comparison_that_is_cancelled_leaves_no_process() -> None:
    """Leaving the screen ends the work."""
    items = list(range(IN_THREAD))
    before = _children()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(compare_sides(reply(items), reply(items[1:])))
        async with asyncio.timeout(10):
            while not task.done() and _children() == before:  # noqa: ASYNC110 - a process says nothing of its birth
                await asyncio.sleep(0)
        assert task.cancel()
    assert _children() == before


def test_a_comparison_ends_with_who_started_it() -> None:
    """Killed or terminated, an app or a command can't end its process any more; that notices."""
    code = (
        "import os, signal; from tui_client.replay.comparison import program; program._LOOK_S = 0.01; "
        "program._end_with({parent}); signal.pause(); print('still there', flush=True); os._exit(0)"
    )
    for parent, left in (("os.getppid()", b"still there\n"), ("1 << 30", b"")):
        ran = subprocess.run([sys.executable, "-c", code.format(parent=parent)], capture_output=True, timeout=20)
        assert ran.stdout == left and (ran.returncode == 0) == bool(left)


async def test_a_process_that_takes_too_long_leaves_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be said without it is said."""
    monkeypatch.setattr(running, "_LIMIT_S", 0.0)
    items = list(range(IN_THREAD))
    compared = await compare_sides(reply(items), reply(items[1:]))
    assert compared.rows is None and compared.reason
    assert differs(compared)
    assert "body differs:" in summary(compared)


def test_headers_are_compared_by_name_in_any_case() -> None:
    """Repeated ones as a whole, in order."""
    left = ((b"A", b"1"), (b"B", b"x"), (b"A", b"2"), (b"Gone", b"1"), (b"ETag", b"1"))
    right = ((b"b", b"x"), (b"a", b"2"), (b"a", b"1"), (b"New", b"1"), (b"etag", b"2"))
    rows = compare_headers(left, right)
    assert [(row.name, row.left, row.right) for row in rows] == [
        ("A", ("1", "2"), ("2", "1")),
        ("B", ("x",), ("x",)),
        ("Gone", ("1",), ()),
        ("ETag", ("1",), ("2",)),
        ("New", (), ("1",)),
    ]
    assert differing(rows) == 3


@pytest.mark.parametrize(
    ("left", "right", "offset"),
    [
        (b"", b"", None),
        (b"abc", b"abc", None),
        (b"abc", b"abd", 2),
        (b"abc", b"abcd", 3),
        (b"", b"a", 0),
        (b"x" * 3_000_000, b"x" * 2_500_000 + b"y" + b"x" * 499_999, 2_500_000),
    ],
    ids=["empty", "same", "last", "longer", "none", "far"],
)
def test_the_first_byte_that_differs_is_found(left: bytes, right: bytes, offset: int | None) -> None:
    """In bodies of any size; where one ends, it differs there."""
    found = figures(left, right)
    assert found.offset == offset
    assert found.same == (left == right)


def test_reading_ends_when_nobody_waits() -> None:
    """A gigabyte takes seconds."""
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        figures_of(BytesBody(b"a"), BytesBody(b"b"), stop)


@pytest.mark.parametrize(
    ("head", "content_type", "binary"),
    [
        (b"\x89PNG", "image/png", True),
        (b"<svg/>", "image/svg+xml", False),
        (b"a\x00b", "", True),
        (b"{}", "application/octet-stream", False),
        ("é".encode("utf-16"), "text/plain", False),
        (b"\x00a", "text/plain; charset=utf-16be", False),
    ],
)
def test_binary_is_told_from_text(head: bytes, content_type: str, binary: bool) -> None:
    """By its type, then by NUL bytes."""
    assert is_binary(head, content_type) is binary


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("$.a.b", "$.a.b"),
        ("$.items[3].id", "$.items[*].id"),
        ("$.items[3].tags[2]", "$.items[*].tags[2]"),
        ("$[4]['odd [1] name']", "$[*]['odd [1] name']"),
        ("$[4]", "$[4]"),
        ("$", "$"),
    ],
)
def test_a_field_is_ignored_in_every_element(place: str, path: str) -> None:
    """An element itself only by its own index: else all of them would be left out."""
    assert to_ignore(place) == path


def test_a_side_masks_what_is_secret() -> None:
    """Titles come to the screen and the terminal."""
    side = side_of(exchange())
    assert side.title == "GET http://host/users?key=•••"
    assert side.key == "GET http://host/users"


def test_a_side_of_the_past_has_its_key_and_time() -> None:
    """What is ignored of a request is ignored of its past replies too."""
    entry = Entry(7, NOW, "GET", "http://host/users", key="users/list", status=200, total_ms=3.0)
    side = side_of_kept(Kept(entry, exchange(), Request()))
    assert (side.title, side.key, side.when, side.total_ms) == ("users/list", "users/list", NOW, 3.0)


async def test_a_reply_is_compared_with_a_saved_file(tmp_path: Path) -> None:
    """A file has no status and no headers; its body is compared."""
    path = tmp_path / "saved.json"
    path.write_text('{"a": 1}')
    compared = await compare_sides(side_of_file(str(path)), reply({"a": 2}))
    assert summary(compared) == "body: 1 changed, 0 added, 0 removed"
    path.write_text('{"a": 2}')
    with pytest.raises(BrokenFile):
        side_of_file(str(tmp_path))
    with pytest.raises(BrokenFile):
        side_of_file(str(tmp_path / "missing"))
    with pytest.raises(BrokenFile):
        side_of_file("a\0b")
