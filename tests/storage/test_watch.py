"""Changes on disk are seen."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tui_client.storage.watch import Watcher


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
