"""What was read of a file is kept as long as the file stands as it was, and no longer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui_client.errors import BrokenFile
from tui_client.storage.cache import FileCache


class Reading:
    """A cache of texts that counts its reads."""

    def __init__(self) -> None:
        self.reads = 0
        self.cache = FileCache(self._read)

    def _read(self, path: Path) -> str:
        self.reads += 1
        return path.read_text()


def test_what_may_still_change_unseen_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within one tick of the clock times and size say nothing; later one look is enough."""
    path = tmp_path / "a"
    path.write_text("one")
    found = path.stat()
    monkeypatch.setattr(os, "stat", lambda *_, **__: found)  # a disk whose clock stands still
    reading = Reading()
    monkeypatch.setattr("time.time_ns", lambda: found.st_ctime_ns)
    assert reading.cache.get(path) == "one"
    path.write_text("two")
    assert reading.cache.get(path) == "two"
    monkeypatch.setattr("time.time_ns", lambda: found.st_ctime_ns + 60_000_000)
    assert [reading.cache.get(path) for _ in range(5)] == ["two"] * 5
    assert reading.reads == 3


@pytest.mark.parametrize("stamp", [10**18, 4 * 10**18])
def test_times_that_were_set_do_not_hide_a_change(tmp_path: Path, stamp: int) -> None:
    """Neither long ago nor in a far future."""
    path = tmp_path / "a"
    reading = Reading()
    for text in ("one", "two"):
        path.write_text(text)
        os.utime(path, ns=(stamp, stamp))
        assert reading.cache.get(path) == text


def test_an_error_is_kept_until_the_file_is_another(tmp_path: Path) -> None:
    """A file that is gone is told each time."""
    reading = Reading()
    with pytest.raises(BrokenFile):
        reading.cache.get(tmp_path / "a")
    (tmp_path / "a").write_text("here")
    assert reading.cache.get(tmp_path / "a") == "here"
