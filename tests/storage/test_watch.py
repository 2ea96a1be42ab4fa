"""Changes on disk are seen."""

from __future__ import annotations

import asyncio
import builtins
import os
from pathlib import Path

import pytest

from tui_client.storage.watch import Watcher

_hash = builtins.hash


async def test_new_changed_and_vanished_files_are_named(tmp_path: Path) -> None:
    """Each once; what did not change is not named."""
    for name in ("a.toml", "b.toml", "same.toml"):
        (tmp_path / name).write_text("")
    watcher = Watcher(tmp_path)
    assert await watcher.scan() == frozenset()
    (tmp_path / "a.toml").write_text('url = "/"')
    (tmp_path / "b.toml").unlink()
    (tmp_path / "new").mkdir()
    (tmp_path / "new/c.toml").touch()
    named = {tmp_path / name for name in ("a.toml", "b.toml", "new", "new/c.toml")}
    assert await watcher.scan() == named
    assert await watcher.scan() == frozenset()


async def test_other_files_and_links_out_are_left_alone(tmp_path: Path) -> None:
    """Secrets, hidden and temporary files are nobody's business; a loop of links ends."""
    watcher = Watcher(tmp_path)
    await watcher.scan()
    for name in ("a.secret.toml", ".hidden.toml", "notes.md"):
        (tmp_path / name).touch()
    (tmp_path / "loop").symlink_to(tmp_path)
    assert await watcher.scan() == frozenset()


async def test_a_missing_workspace_is_waited_for(tmp_path: Path) -> None:
    """It may be made later."""
    watcher = Watcher(tmp_path / "work")
    await watcher.scan()
    (tmp_path / "work").mkdir()
    (tmp_path / "work/a.toml").touch()
    assert await watcher.scan() == {tmp_path / "work/a.toml"}


async def test_iterating_yields_changes_until_stopped(tmp_path: Path) -> None:
    """`stop` ends the wait at once, however long the interval."""
    watcher = Watcher(tmp_path, interval_s=0.005)
    await watcher.scan()
    (tmp_path / "a.toml").touch()
    async with asyncio.timeout(10):
        async for changed in watcher:
            assert changed == {tmp_path / "a.toml"}
            watcher.stop()


async def test_the_first_look_asks_to_compare_what_was_read_before_it(tmp_path: Path) -> None:
    """A change between reading and looking is in no difference between two looks."""
    watcher = Watcher(tmp_path, interval_s=0.005)
    async with asyncio.timeout(10):
        async for changed in watcher:
            assert changed == frozenset()
            watcher.stop()


@pytest.mark.parametrize("how", ["same times", "earlier", "another file"])
async def test_a_change_that_hides_is_seen(tmp_path: Path, how: str) -> None:
    """Same size and same times, as two writes in one tick of the clock have them, or times set back as by a copy."""
    path = tmp_path / "a.toml"
    path.write_text('url = "/a"')
    os.utime(path, ns=(10**18, 10**18))
    watcher = Watcher(tmp_path)
    await watcher.scan()
    if how == "another file":
        (tmp_path / "b").write_text('url = "/b"')
        (tmp_path / "b").replace(path)
    else:
        path.write_text('url = "/b"')
    stamp = 10**18 if how != "earlier" else 10**17
    os.utime(path, ns=(stamp, stamp))
    assert await watcher.scan() == {path}
    assert await watcher.scan() == frozenset()


async def test_two_writes_in_one_tick_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a disk has one time for both, the contents of what was written just now are compared, and then no more."""
    path = tmp_path / "a.toml"
    path.write_text('url = "/a"')
    monkeypatch.setattr("builtins.hash", lambda value: 0 if isinstance(value, tuple) else _hash(value))
    watcher = Watcher(tmp_path)
    await watcher.scan()
    path.write_text('url = "/b"')
    assert await watcher.scan() == {path}
    monkeypatch.setattr("time.time_ns", lambda: path.stat().st_mtime_ns + 10**10)
    await watcher.scan()
    path.write_text('url = "/c"')
    monkeypatch.setattr("time.time_ns", lambda: path.stat().st_mtime_ns + 10**10)
    assert await watcher.scan() == frozenset()


async def test_a_file_that_becomes_a_folder_and_back_is_seen(tmp_path: Path) -> None:
    """As a checkout of another branch may do it."""
    path = tmp_path / "a.toml"
    path.touch()
    watcher = Watcher(tmp_path)
    await watcher.scan()
    path.unlink()
    path.mkdir()
    (path / "b.toml").touch()
    assert await watcher.scan() == {path, path / "b.toml"}
    (path / "b.toml").unlink()
    path.rmdir()
    path.touch()
    assert await watcher.scan() == {path, path / "b.toml"}
