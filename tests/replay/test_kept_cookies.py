"""The file of the cookies that outlive the app."""

from __future__ import annotations

import json
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tui_client.errors import SaveFailed
from tui_client.http.cookies import Cookie
from tui_client.replay.journal.locks import RunLock
from tui_client.replay.kept_cookies import MOST, CookieFile, KeptCookie, Unreadable, kept_as

NOW = datetime(2030, 1, 1, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "collection": "/c",
    "environment": "local",
    "origin": "http://127.0.0.1:8000",
    "name": "sid",
    "value": "canary",
    "path": "/",
    "expires": "2031-01-01T00:00:00Z",
}


def kept(name: str = "sid", value: str = "1", collection: str = "/c", days: float = 1) -> KeptCookie:
    """One that lasts a day."""
    fields = {"collection": collection, "environment": "local", "origin": "http://a", "name": name, "path": "/"}
    return KeptCookie(**fields, value=value, expires=NOW + timedelta(days=days))


def opened(folder: Path, now: datetime = NOW) -> CookieFile:
    """The file as another app would open it."""
    return CookieFile(folder / "state" / "cookies.json", lambda: now)


def test_what_is_kept_is_there_for_the_next_app(tmp_path: Path) -> None:
    """In a file for its owner alone, and with nothing beside it."""
    file = opened(tmp_path)
    file.change([kept("a"), kept("b", "é2")])
    assert opened(tmp_path).read() == (kept("a"), kept("b", "é2"))
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
    assert list(file.path.parent.iterdir()) == [file.path]


def test_nothing_to_keep_makes_no_file(tmp_path: Path) -> None:
    """Neither does looking."""
    file = opened(tmp_path)
    assert file.read() == ()
    file.change(gone=[kept().key])
    file.change([kept(days=-1)])
    assert not file.path.exists()


def test_what_has_expired_is_dropped(tmp_path: Path) -> None:
    """When it is read, and from the disk when something is written."""
    opened(tmp_path).change([kept("short", days=1), kept("long", days=9)])
    later = opened(tmp_path, NOW + timedelta(days=2))
    assert [one.name for one in later.read()] == ["long"]
    later.change([kept("new", days=9)])
    assert "short" not in later.path.read_text()


def test_two_apps_lose_nothing_of_each_other(tmp_path: Path) -> None:
    """Each brings its own changes only, on top of what stands there: the later one wins for one cookie."""
    ours, theirs = opened(tmp_path), opened(tmp_path)
    ours.change([kept("a", "old"), kept("b"), kept("c")])
    theirs.read()
    ours.change([kept("a", "ours")], gone=[kept("b").key])
    theirs.change([kept("a", "theirs"), kept("d")])
    assert {one.name: one.value for one in ours.read()} == {"a": "theirs", "c": "1", "d": "1"}


def test_apps_that_write_at_once_wait_for_each_other(tmp_path: Path) -> None:
    """Every cookie of four writers is there in the end."""

    def write(writer: int) -> None:
        for number in range(5):
            opened(tmp_path).change([kept(f"{writer}-{number}")])

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened(tmp_path).read()) == 20


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 20,
        b"{",
        b'{"version": 2, "cookies": []}',
        b'{"version": 1, "cookies": [{}]}',
        b"[" * 100_000,
        *(
            json.dumps({"version": 1, "cookies": [{**GOOD, **change}]}).encode()
            for change in (
                {"value": "canary\r\nX: y"},
                {"name": "a=b"},
                {"expires": "2031-01-01T00:00:00"},
                {"unknown": 1},
                {"path": ""},
            )
        ),
    ],
    ids=lambda content: content[-30:].decode(errors="replace"),
)
def test_a_damaged_file_is_put_aside_once(tmp_path: Path, content: bytes) -> None:
    """A sentence that quotes nothing of it, and from then on a new file; nothing that was in it is lost."""
    file = opened(tmp_path)
    file.path.parent.mkdir()
    file.path.write_bytes(content)
    with pytest.raises(Unreadable, match=r"are kept as .*cookies\.aside\.json") as caught:
        file.read()
    assert "canary" not in str(caught.value)
    assert file.read() == ()
    file.change([kept()])
    assert file.read() == (kept(),)
    assert file.path.with_suffix(".aside.json").read_bytes() == content
    file.path.write_bytes(b"again")
    with pytest.raises(Unreadable, match=r"are kept as .*cookies\.aside2\.json"):
        file.read()
    assert file.path.with_suffix(".aside.json").read_bytes() == content


def test_a_file_damaged_meanwhile_does_not_stop_a_write(tmp_path: Path) -> None:
    """What is to be kept is kept, and the sentence comes all the same."""
    file = opened(tmp_path)
    file.change([kept("a")])
    file.path.write_text("{")
    with pytest.raises(Unreadable):
        file.change([kept("b")])
    assert file.read() == (kept("b"),)


def test_a_good_file_reads_as_it_was_written(tmp_path: Path) -> None:
    """What the tests above damage is fine without that."""
    file = opened(tmp_path)
    file.path.parent.mkdir()
    file.path.write_text(json.dumps({"version": 1, "cookies": [GOOD]}))
    assert [one.cookie.value for one in file.read()] == ["canary"]


def test_a_file_that_cannot_be_read_is_never_written_over(tmp_path: Path) -> None:
    """A folder of that name, say: what is there stays, and both ways say why."""
    file = opened(tmp_path)
    (file.path / "x").mkdir(parents=True)
    for use in (file.read, lambda: file.change([kept()])):
        with pytest.raises(Unreadable, match="stays as it is"):
            use()
    assert (file.path / "x").is_dir()


def test_a_place_that_takes_no_file_is_an_error_with_its_reason(tmp_path: Path) -> None:
    """A file in the place of the folder, and a lock that is held on."""
    (tmp_path / "state").write_text("in the way")
    with pytest.raises(SaveFailed):
        opened(tmp_path).change([kept()])
    (tmp_path / "state").unlink()
    opened(tmp_path).change([kept("a")])
    lock = RunLock(opened(tmp_path).path.with_suffix(".lock"))
    try:
        with pytest.raises(SaveFailed, match="another window"):
            CookieFile(opened(tmp_path).path, tries=1).change([kept("b")])
    finally:
        lock.release()
    assert opened(tmp_path).read() == (kept("a"),)


def test_no_file_grows_without_end(tmp_path: Path) -> None:
    """Of more than three thousand, those that expire first go."""
    file = opened(tmp_path)
    file.change([kept(f"c{number}", days=1 + number) for number in range(MOST + 2)])
    names = [one.name for one in file.read()]
    assert len(names) == MOST
    assert names[0] == "c2"


def test_a_jars_cookie_is_kept_as_it_is(tmp_path: Path) -> None:
    """All of it comes back but its place in the order; without a date of expiry there is nothing to keep."""
    cookie = Cookie(origin="https://a", name="n", value="v", path="/p", expires=NOW, secure=True, http_only=True)
    found = kept_as(tmp_path, "local", cookie)
    assert found is not None
    assert found.cookie == cookie
    assert kept_as(tmp_path, "local", msgspec.structs.replace(cookie, expires=None)) is None


def test_one_collection_has_one_name(tmp_path: Path) -> None:
    """Through a link, through "..", and with bytes that no text has."""
    odd = tmp_path / "odd\udcff"
    (odd / "deeper").mkdir(parents=True)
    (tmp_path / "link").symlink_to(odd)
    cookie = Cookie(origin="http://a", name="n", value="v", expires=NOW + timedelta(days=1))
    found = {kept_as(path, "env\udcfe", cookie) for path in (odd, tmp_path / "link", odd / "deeper" / "..")}
    assert len(found) == 1
    opened(tmp_path).change([one for one in found if one])
    assert set(opened(tmp_path).read()) == found
