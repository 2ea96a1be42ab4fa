"""The folder of one process, and what becomes of it when the process is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_client.scratch import Scratch, is_changed, seal, sweep

# A reply that outgrew memory, a body that was lent, and a demo: what lies in the folder of a living app.
_APP = """
import asyncio, sys
from tui_client import scratch
from tui_client.http.spool import Spool
from tui_client.model.exchange import BytesBody
from tui_client.tui.screens._outside import private_file

spool = Spool(memory_bytes=4)
spool.append(b"secret reply")
asyncio.run(spool.settle())
lent = private_file(BytesBody(b"secret reply"), ".json")
for name in ("demo-same", "demo-changed"):
    (scratch.folder() / name).mkdir()
    (scratch.folder() / name / "a.toml").write_text("as it was")
    scratch.seal(scratch.folder() / name)
(scratch.folder() / "demo-changed" / "a.toml").write_text("someone's work")
print(spool.path, lent, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Scratch]:
    """A folder below this test's own, as another process may have it at the same time."""
    found = Scratch(tmp_path)
    yield found
    found.close()


def left_behind(base: Path) -> Path:
    """A folder as a killed process leaves it."""
    folder = base / f"tui-client-{os.geteuid()}-4242-killed_1"
    folder.mkdir(0o700)
    (folder / "body-x").write_bytes(b"secret")
    return folder


def test_what_a_killed_app_left_goes_at_the_next_start(tmp_path: Path) -> None:
    """SIGKILL leaves replies behind; the sweep leaves them while the app lives and removes them then, work excepted."""
    command = [sys.executable, "-c", _APP]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        body, lent = map(Path, process.stdout.readline().split())
        sweep(tmp_path)
        assert body.read_bytes() == lent.read_bytes() == b"secret reply"
        assert [path.stat().st_mode & 0o777 for path in (body.parent, lent.parent, body)] == [0o700, 0o700, 0o600]
        process.kill()
        process.wait()
    assert body.exists() and lent.exists()
    sweep(tmp_path)
    left = sorted(path.relative_to(body.parent).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert left == ["demo-changed.seal", "demo-changed/a.toml"]


def test_the_first_use_sweeps_too(tmp_path: Path, scratch: Scratch) -> None:
    """A command of the command line has no other time for it."""
    left = left_behind(tmp_path)
    folder = scratch.folder()
    assert not left.exists()
    assert list(tmp_path.iterdir()) == [folder]
    assert scratch.folder() == folder


def test_the_end_of_the_process_removes_its_folder(tmp_path: Path, scratch: Scratch) -> None:
    """Files, folders and links in it; what links lead to stays."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("kept")
    folder = scratch.folder()
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "link").symlink_to(tmp_path / "mine")
    (folder / "link").symlink_to(tmp_path / "mine")
    scratch.close()
    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*"))] == ["mine", "mine/file"]


def test_a_folder_that_was_cleaned_away_is_made_again(scratch: Scratch) -> None:
    """Systems clean the place for temporary files; the next reply has a folder all the same."""
    first = scratch.folder()
    first.rmdir()
    assert scratch.folder() != first
    assert scratch.folder().is_dir()


@pytest.mark.parametrize("how", ["name", "user", "mode", "link", "file"])
def test_nothing_that_is_not_ours_is_touched(tmp_path: Path, how: str) -> None:
    """Another name or user in it, a mode that others may use, a link, a file: each is left alone."""
    left = left_behind(tmp_path)
    user = str(os.geteuid())
    match how:
        case "name":
            left = left.rename(left.with_name(f"{left.name}.saved"))
        case "user":
            left = left.rename(left.with_name(left.name.replace(f"-{user}-", f"-{int(user) + 1}-", 1)))
        case "mode":
            left.chmod(0o755)
        case "link":
            real = left.rename(tmp_path / "elsewhere")
            left.symlink_to(real)
        case "file":
            left.rename(tmp_path / "elsewhere")
            left.write_text("a file")
    before = sorted(tmp_path.rglob("*"))
    sweep(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
    assert any(path.name == "body-x" for path in before)


def test_a_place_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    """Sweeping raises nothing; making a folder there says why it can't be done."""
    sweep(tmp_path / "nowhere")
    with pytest.raises(OSError, match="nowhere"):
        Scratch(tmp_path / "nowhere").folder()


def test_starting_instances_leave_each_other_alone(tmp_path: Path) -> None:
    """However making and sweeping fall together, who has a folder keeps it."""
    lost: list[Path] = []

    def start() -> None:
        for _ in range(40):
            mine = Scratch(tmp_path)
            folder = mine.folder()
            (folder / "body").write_bytes(b"reply")
            sweep(tmp_path)
            if not (folder / "body").exists():
                lost.append(folder)
            mine.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lost == []
    assert list(tmp_path.iterdir()) == []


def test_a_seal_tells_work_from_copies(tmp_path: Path) -> None:
    """Another text, a new file, a file less: all of it is a change; without a seal there is none."""
    place = tmp_path / "demo"
    place.mkdir()
    (place / "a").write_text("a")
    assert not is_changed(place)
    seal(place)
    assert not is_changed(place)
    changes = (lambda: (place / "a").write_text("b"), lambda: (place / "b").touch(), lambda: (place / "a").unlink())
    for change in changes:
        seal(place)
        change()
        assert is_changed(place)
