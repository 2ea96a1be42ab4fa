"""No room on the disk: a message, the old file whole, the text still in the editor; with room again, it is saved."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import kept
import pytest
from fault_matrix import fault

LIST = "users/list.toml"


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, tuple[str, list[int]]]]:
    """What a process met that kept all there is to keep, on a full disk in between."""
    folder = tmp_path_factory.mktemp("full")
    command = [sys.executable, kept.__file__, str(folder), "full"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return folder, json.loads(ran.stdout)


KINDS = (*kept.Kept(Path("none")).ways, "session")


@fault("disk.full_at_save")
@pytest.mark.parametrize("kind", KINDS)
def test_all_that_is_kept_outlives_a_full_disk(tried: tuple[Path, dict[str, tuple[str, list[int]]]], kind: str) -> None:
    """The second save fails with a reason; what the first one wrote is there, and the third one works."""
    reason, marks = tried[1][kind]
    assert "File too large" in reason or (kind == "history" and "disk I/O error" in reason)
    assert marks == [1, 3]


@fault("disk.full_at_save")
def test_no_half_written_file_is_left(tried: tuple[Path, dict[str, tuple[str, list[int]]]]) -> None:
    """Neither a temporary one nor an empty one."""
    files = [path for path in tried[0].rglob("*") if path.is_file()]
    assert len(files) > 8
    assert [path for path in files if path.suffix == ".tmp" or ".tui-client-" in path.name] == []
    assert all(path.stat().st_size for path in files)


@fault("disk.full_at_save")
async def test_the_text_stays_in_the_editor(bench: Any, sample: Path) -> None:
    """Saving says why it failed; the app goes on meanwhile, and the same key saves it once there is room."""
    path = sample / LIST
    old = path.read_text()
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/mine")
        with kept.full_disk():
            await b.press("ctrl+s")
            await b.until(lambda: f"Could not save {path}: File too large" in b.said)
            await b.send()
        assert b.tabs == ["list*"] and b.screen.current.draft.url == "/mine"
        assert b.screen.builder.query_one("#url").value == "/mine"
        assert path.read_text() == old
        await b.press("ctrl+s")
        await b.until(lambda: b.tabs == ["list"])
    assert 'url = "/mine"' in path.read_text()


@fault("disk.full_at_save")
async def test_a_merge_that_finds_no_room_loses_nothing(bench: Any, sample: Path) -> None:
    """Theirs is still on disk, mine in the editor, and both can be merged later."""
    path = sample / LIST
    theirs = path.read_text().replace("page = 1 ", "page = 9 ")
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/mine")
        path.write_text(theirs)
        await b.press("ctrl+s")
        await b.until(lambda: b.top is not b.screen and b.top.query("#merge"))
        await b.pilot.pause()
        with kept.full_disk():
            await b.press("enter")
            await b.until(lambda: "Could not save" in b.said)
        assert path.read_text() == theirs and b.screen.current.draft.url == "/mine" and b.screen.current.dirty
        await b.press("ctrl+s")
        await b.click("#merge")
        await b.until(lambda: b.tabs == ["list"])
    assert path.read_text() == theirs.replace('url = "/users"', 'url = "/mine"')
