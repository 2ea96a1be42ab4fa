"""Every exchange is kept: found as typed, loaded whole, and nobody waits for it."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from handmade_journal import STARTED, exchange_of

from tui_client.errors import BrokenFile, Failure, FailureKind, NotFound, SaveFailed
from tui_client.history import prune
from tui_client.history.database import NAME
from tui_client.history.limits import INLINE_BYTES, Limits
from tui_client.history.migrations import VERSION
from tui_client.history.store import History
from tui_client.history.writer import MOST_WAITING
from tui_client.http.spool import Spool
from tui_client.kinds.body.json import Json
from tui_client.model.exchange import Exchange, Hop, Timings
from tui_client.model.request import NameValue, Request

WRITTEN = Request(
    name="One user",
    url="/users/{{id}}",
    headers=(NameValue("X-Off", "1", enabled=False),),
    body=Json(content='{"a": 1}'),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "history"


@pytest.fixture
def history(folder: Path) -> Iterator[History]:
    found = History(folder)
    yield found
    found.close()


def keep(history: History, *exchanges: Exchange, request: Request = WRITTEN, **more: str) -> None:
    """Record these, and wait until they are written."""
    where = {"key": "users/get", "root": "/home/me/shop", "environment": "local"} | more
    for exchange in exchanges:
        history.record(exchange, request, **where)
    asyncio.run(history.settled())


class Vanished:
    """A body whose file someone took away."""

    path = Path("/nowhere")

    def __init__(self, size: int) -> None:
        self.size = size

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        raise OSError(5, "Input/output error")


def with_body(body: Any) -> Exchange:
    exchange = exchange_of()
    assert exchange.response is not None
    return msgspec.structs.replace(exchange, response=msgspec.structs.replace(exchange.response, body=body))


def test_an_exchange_comes_back_as_it_was(history: History) -> None:
    """Request as sent and as written, reply, timings, hops, failure and warnings."""
    exchange = exchange_of(request_body=b"sent")
    first = exchange_of(url="http://127.0.0.1:8000/first").request
    hop = Hop(first, 302, "Found", ((b"Location", b"/x"),), Timings(wait=1.5), ("authorization",))
    failure = Failure(FailureKind.INCOMPLETE, "h", "", "cut", 2.5)
    exchange = msgspec.structs.replace(exchange, hops=(hop,), failure=failure, warnings=("no proxy",))
    keep(history, exchange)
    kept = history.load(1)
    assert kept.exchange == exchange
    assert kept.request == WRITTEN
    entry = kept.entry
    assert (entry.id, entry.when, entry.method, entry.status, entry.failure) == (1, STARTED, "GET", 200, "incomplete")
    assert entry.url == "http://127.0.0.1:8000/first"
    assert (entry.key, entry.root, entry.environment) == ("users/get", "/home/me/shop", "local")
    assert (entry.total_ms, entry.body_bytes, entry.verified) == (12.5, 9, True)
    assert history.recent() == (entry,)


def test_what_was_not_checked_is_marked(history: History) -> None:
    """An exchange over TLS that nobody verified says so wherever it is listed."""
    exchange = exchange_of()
    loose = msgspec.structs.replace(exchange.request, verified=False)
    keep(history, msgspec.structs.replace(exchange, request=loose), msgspec.structs.replace(exchange, response=None))
    second, first = history.recent()
    assert not first.verified and second.verified
    assert second.status is None and second.body_bytes == 0


def test_the_newest_come_first_page_by_page(history: History) -> None:
    """`before` goes on where the last page ended, `root` leaves only one collection."""
    keep(history, *[exchange_of()] * 3, root="/a")
    keep(history, *[exchange_of()] * 2, root="/b")
    assert [entry.id for entry in history.recent(2)] == [5, 4]
    assert [entry.id for entry in history.recent(2, before=4)] == [3, 2]
    assert [entry.id for entry in history.recent(root="/a")] == [3, 2, 1]
    assert [entry.id for entry in history.search("users", 9, 3, "/a")] == [2, 1]


@pytest.mark.parametrize(
    "text",
    ["users/7", "USER", "full=1", "200", "applic json", "né", "beta req", "users/get", "GET 127.0.0.1", '"', "  ", "*"],
)
def test_it_is_found_as_typed(history: History, text: str) -> None:
    """Beginnings of words, in any order, of method, URL, key, status, headers and bodies; signs alone find all."""
    keep(history, exchange_of('{"name": "Née beta"}'.encode(), request_body=b"requested"))
    assert [entry.id for entry in history.search(text)] == [1]


@pytest.mark.parametrize(
    "text",
    [
        "sers",
        "404",
        "NOT users OR x",
        "a NEAR(b)",
        "text:users AND",
        "x" * 9999,
        "7/users",
        "\0 zz",
        "\ud800zz",
        '"zz" OR',
    ],
)
def test_no_query_is_syntax(history: History, text: str) -> None:
    """What is typed is only ever words: nothing raises, and nothing is found that lacks one."""
    keep(history, exchange_of())
    assert history.search(text) == ()


def test_long_bodies_have_files_and_a_cap(folder: Path) -> None:
    """A body beyond 64 KiB is read back whole from its file; one beyond the cap is cut, and says so."""
    history = History(folder, Limits(body_bytes=300_000))
    whole, long = bytes(range(256)) * 800, b"x" * 300_001
    keep(history, exchange_of(whole), exchange_of(long), exchange_of(b"y" * INLINE_BYTES))
    first, second, third = (history.load(number).exchange.response for number in (1, 2, 3))
    assert first and second and third
    assert first.body.read() == whole and first.complete and first.body.read(5, 3) == whole[5:8]
    assert second.body.size == 300_000 and not second.complete and "300,000 of 300,001 bytes" in second.note
    assert third.body.read() == b"y" * INLINE_BYTES and third.body.path is None
    assert len(list((folder / "bodies").iterdir())) == 2
    assert history.recent()[1].body_bytes == 300_001
    history.delete(1)
    assert first.body.read(0, 4) == whole[:4], "whoever looks at it goes on"
    assert len(list((folder / "bodies").iterdir())) == 1
    for path in (folder / "bodies").iterdir():
        path.unlink()
    lost = history.load(2).exchange.response
    assert lost and lost.body.size == 0 and not lost.complete and "gone" in lost.note
    history.close()


@pytest.mark.parametrize("size", [10, 1_000_000])
def test_a_body_that_vanished_loses_only_itself(history: History, size: int) -> None:
    """The rest of the exchange is kept, and it says that the body is not."""
    keep(history, with_body(Vanished(size)), exchange_of())
    response = history.load(1).exchange.response
    assert response and not response.complete and response.note == "this body could not be kept"
    assert history.recent()[1].body_bytes == size and history.problem == "" and history.dropped == 0


def test_a_spool_is_kept_though_its_file_is_gone(tmp_path: Path, history: History) -> None:
    """Someone cleans up the folder of temporary files between the reply's end and its writing."""
    spool = Spool(tmp_path / "spool")
    spool.append(b"0123456789" * 200_000)
    asyncio.run(spool.settle())
    assert spool.path is not None
    spool.path.unlink()
    keep(history, with_body(spool))
    response = history.load(1).exchange.response
    assert response and response.complete and response.body.read() == b"0123456789" * 200_000


def test_only_its_owner_can_read_it(folder: Path, history: History) -> None:
    """Folder 0700; database, WAL, shared memory and bodies 0600, whatever the umask is."""
    folder.mkdir(mode=0o755)
    keep(history, exchange_of(b"x" * 100_000))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {NAME, f"{NAME}-wal", f"{NAME}-shm"} and len(files) == 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_entries_can_be_removed(folder: Path, history: History) -> None:
    """One, those of a collection, all; they are gone from the search, from the disk, and no number comes again."""
    keep(history, exchange_of(b"pelican"), root="/a")
    keep(history, exchange_of(b"x" * 100_000), exchange_of(b"heron " * 10_000), root="/b")
    history.delete(1)
    history.delete(1)
    assert history.search("pelican") == ()
    assert b"pelican" not in b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    with pytest.raises(NotFound):
        history.load(1)
    assert history.clear("/a") == 0 and history.clear() == 2
    assert history.recent() == () and history.search("heron") == ()
    assert list((folder / "bodies").iterdir()) == []
    assert (folder / NAME).stat().st_size < 100_000
    found = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    assert b"pelican" not in found and b"heron" not in found
    keep(history, exchange_of())
    assert history.recent()[0].id == 4


def test_looking_makes_nothing(folder: Path, history: History) -> None:
    """Where nothing was ever sent there is no file, and nothing to find."""
    assert history.recent() == () == history.search("x")
    history.delete(1)
    assert history.clear() == 0
    with pytest.raises(NotFound):
        history.load(1)
    history.close()
    assert not folder.exists()


def test_recording_never_waits(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing can be written, records queue up to a bound; what is more is dropped and counted."""
    gate = threading.Event()
    monkeypatch.setattr(history._writer, "_write", lambda batch: str(gate.wait(10))[:0])
    exchange = exchange_of()
    for _ in range(MOST_WAITING + 40):
        history.record(exchange, WRITTEN, key="", root="", environment="")
    assert 0 < history.dropped <= 40
    gate.set()
    asyncio.run(history.settled())


def test_closing_writes_what_waits(folder: Path) -> None:
    """A process that sends once and ends has it in the history."""
    history = History(folder)
    history.record(exchange_of(), WRITTEN, key="", root="", environment="")
    history.close()
    history.close()
    assert [entry.id for entry in History(folder).recent()] == [1]
    history.record(exchange_of(), WRITTEN, key="", root="", environment="")
    assert history.dropped == 1


CHILD = """
import sys
from pathlib import Path
from handmade_journal import exchange_of
from tui_client.history.store import History
from tui_client.model.request import Request
history = History(Path(sys.argv[1]))
for _ in range(100):
    history.record(exchange_of(b"child"), Request(), key="", root="", environment="")
history.close()
print(history.dropped, history.problem)
"""


def test_two_processes_share_it(folder: Path, history: History) -> None:
    """Both make it at the same moment and write side by side; nothing is lost."""
    support = Path(__file__).parent.parent / "support"
    arguments = [sys.executable, "-c", CHILD, str(folder)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, env={"PYTHONPATH": str(support)}) as child:
        while child.poll() is None and len(history.recent()) < 20:
            keep(history, exchange_of())
        out, _ = child.communicate(timeout=20)
    assert out.decode().strip() == "0"
    keep(history, exchange_of())
    assert history.problem == "" and history.dropped == 0
    assert len(history.search("child")) == 100


def test_a_newer_file_is_refused(folder: Path) -> None:
    """It says so, touches nothing, and sending goes on."""
    History.open(folder).close()
    connection = sqlite3.connect(folder / NAME)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    before = (folder / NAME).read_bytes()
    history = History(folder)
    with pytest.raises(BrokenFile, match="newer version"):
        history.recent()
    history.record(exchange_of(), WRITTEN, key="", root="", environment="")
    history.close()
    assert "newer version" in history.problem and history.dropped == 1
    assert (folder / NAME).read_bytes() == before


@pytest.mark.parametrize("content", [b"no database at all" * 99, "foreign", "damaged"])
def test_a_broken_file_is_set_aside(folder: Path, content: bytes | str) -> None:
    """Whatever it is, it is kept under another name, a new history begins, and it says so."""
    folder.mkdir()
    if content == "damaged":
        first = History(folder)
        keep(first, *[exchange_of(b"x" * 9000)] * 20)
        first.close()
        data = bytearray((folder / NAME).read_bytes())
        data[4096:] = b"\xff" * (len(data) - 4096)
        (folder / NAME).write_bytes(data)
    elif isinstance(content, bytes):
        (folder / NAME).write_bytes(content)
    else:
        connection = sqlite3.connect(folder / NAME)
        connection.execute("CREATE TABLE mine (x)")
        connection.close()
    broken = (folder / NAME).read_bytes()
    history = History(folder)
    keep(history, exchange_of())
    assert "could not be read" in history.problem and [entry.id for entry in history.recent()] == [1]
    assert history.dropped == 0
    (aside,) = (path for path in folder.glob(f"{NAME}.broken-*") if path.suffix not in ("-wal", "-shm"))
    assert aside.name in history.problem and (content == "damaged" or aside.read_bytes() == broken)
    history.close()


def test_a_disk_that_takes_nothing_is_named_once_it_does(tmp_path: Path) -> None:
    """The reason is there, what was lost is counted, and once there is room the history goes on."""
    (tmp_path / "history").write_text("in the way")
    history = History(tmp_path / "history")
    keep(history, exchange_of())
    assert history.dropped == 1 and "history" in history.problem
    with pytest.raises(SaveFailed):
        History.open(tmp_path / "history")
    (tmp_path / "history").unlink()
    keep(history, exchange_of())
    assert history.problem == "" and history.dropped == 1 and len(history.recent()) == 1
    history.close()


def test_what_no_file_can_say_is_kept_as_far_as_it_can(history: History) -> None:
    """A request that the file format has no words for keeps its method and URL."""
    odd = Request(method="POST", url="/x", name="\ud800", headers=(NameValue("a", "\udfff"),))
    exchange = msgspec.structs.replace(exchange_of(), started=STARTED + timedelta(seconds=1))
    keep(history, exchange, request=odd)
    assert (history.load(1).request.method, history.load(1).request.url) == ("POST", "/x")


@pytest.mark.parametrize("gone", ["all of it", "the database", "another one is there"])
def test_a_file_that_was_removed_is_made_anew(folder: Path, history: History, gone: str) -> None:
    """What is sent after someone removed the history is kept, and seen by all; nothing of the old one comes back."""
    keep(history, exchange_of(b"pelican"))
    assert len(history.search("pelican")) == 1
    if gone == "all of it":
        shutil.rmtree(folder)
    else:
        (folder / NAME).unlink()
    if gone == "another one is there":
        other = History(folder)
        keep(other, exchange_of(b"heron"))
    assert history.search("pelican") == ()
    keep(history, exchange_of(b"stork " * 20_000))
    history.close()
    found = History(folder).recent()
    assert len(found) == (2 if gone == "another one is there" else 1) and history.problem == ""
    body = History(folder).load(found[0].id).exchange.response
    assert body is not None and body.body.size == 120_000


def test_an_error_while_it_forgets_ends_nothing(
    folder: Path, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the bodies' folder can't be listed, exchanges are written all the same."""

    def refused(_database: object) -> None:
        raise PermissionError(13, "Permission denied")

    # A folder that nobody may read can't be made by root.
    monkeypatch.setattr(prune, "_remove_orphans", refused)
    keep(history, exchange_of(b"x" * 1_200_000))
    keep(history, exchange_of())
    assert history.problem == "" and len(history.recent()) == 2
