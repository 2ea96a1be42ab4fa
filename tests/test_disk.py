"""Folders that others change meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tui_client import disk


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with another in it; `outside` is beside it."""
    root = tmp_path / "root"
    (root / "in").mkdir(parents=True)
    (root / "in/a.toml").write_text("mine")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/a.toml").write_text("theirs")
    return root


@pytest.fixture
def swapping(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As soon as a path has been looked at, the folder it names becomes a link that leads outside."""
    resolve = Path.resolve

    def resolved(path: Path, strict: bool = False) -> Path:
        found = resolve(path, strict)
        if path.name == "in" and not path.is_symlink():
            path.rename(root.parent / "was")
            path.symlink_to(root.parent / "outside")
        return found

    monkeypatch.setattr(Path, "resolve", resolved)
    return root


def test_a_folder_that_becomes_a_link_is_not_followed(swapping: Path) -> None:
    """Between the look and the use of a name there is no gap to slip through."""
    with pytest.raises(disk.Outside), disk.folder_at(swapping / "in", swapping):
        pass
    assert (swapping / "in").is_symlink()


def test_a_link_that_leads_out_is_refused_and_one_inside_is_followed(root: Path) -> None:
    """For reading as for writing; a missing folder is made on the way only if wanted."""
    (root / "out").symlink_to(root.parent / "outside")
    (root / "alias").symlink_to(root / "in")
    with pytest.raises(disk.Outside):
        disk.read_file(root / "out/a.toml", root)
    assert disk.read_file(root / "alias/a.toml", root).data == b"mine"
    with pytest.raises(FileNotFoundError), disk.folder_at(root / "new/deep", root):
        pass
    with disk.folder_at(root / "new/deep", root, make=True):
        assert (root / "new/deep").is_dir()


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_not_waited_for(root: Path, make: Callable[[Path], None]) -> None:
    """A pipe would never end; a folder has no bytes."""
    make(root / "odd")
    with pytest.raises(disk.NoFile):
        disk.read_file(root / "odd", root)


def test_a_loop_of_links_and_a_name_with_nul_are_errors_of_the_disk(root: Path) -> None:
    """Whoever reads a file has one kind of error to expect."""
    (root / "loop").symlink_to(root / "loop")
    for name in ("loop", "a\0b"):
        with pytest.raises(OSError):
            disk.read_file(root / name, root)


HOLDER = """
import sys
from pathlib import Path
from tui_client import disk
with disk.locked(Path(sys.argv[1])), disk.folder_at(Path(sys.argv[1])) as folder:
    name, descriptor = disk.make_temporary(folder, 0o600)
    print(name, flush=True)
    sys.stdin.read()
"""


def test_the_lock_and_the_file_of_a_killed_writer_are_free_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it lives nobody else gets in and nothing of it is removed; when it is dead all of it is gone."""
    monkeypatch.setattr(disk, "_WAIT_S", 0.0)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        name = holder.stdout.readline().strip()
        with disk.folder_at(root) as folder:
            disk.sweep(folder)
        assert (root / name).exists()
        with pytest.raises(TimeoutError, match="another instance"), disk.locked(root):
            pass
        holder.send_signal(signal.SIGKILL)
    with disk.locked(root), disk.folder_at(root) as folder:
        disk.sweep(folder)
    assert [path.name for path in root.iterdir()] == ["in"]


def test_nothing_but_our_own_leftovers_is_swept(root: Path) -> None:
    """Names that only look alike, links and folders stay."""
    (root / ".tui-client-00ff.tmp").touch()
    (root / ".tui-client-00ff.secret.toml").touch()
    kept = {"in", ".tui-client-mine.tmp", ".tui-client-00aa.tmp", ".tui-client-00bb.tmp", "a.secret.toml"}
    (root / ".tui-client-mine.tmp").touch()
    (root / ".tui-client-00aa.tmp").symlink_to(root / "in/a.toml")
    (root / ".tui-client-00bb.tmp").mkdir()
    (root / "a.secret.toml").touch()
    with disk.folder_at(root) as folder:
        disk.sweep(folder)
    assert {path.name for path in root.iterdir()} == kept
