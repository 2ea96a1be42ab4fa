"""A file is old or new, never between."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tui_client.errors import SaveFailed
from tui_client.storage.atomic import write_atomically


def test_a_new_file_obeys_the_umask_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    """As an editor would do it."""
    path = tmp_path / "a.toml"
    before = os.umask(0o027)
    try:
        write_atomically(path, b"1")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.chmod(0o604)
    write_atomically(path, b"2")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"2", 0o604)


def test_who_reads_a_file_while_it_is_saved_gets_the_old_one_whole(tmp_path: Path) -> None:
    """It is replaced, never written into: there is no moment at which it holds less, for readers and for a crash."""
    path = tmp_path / "a.toml"
    write_atomically(path, b"old" * 100)
    with path.open("rb") as reader:
        write_atomically(path, b"new")
        assert reader.read() == b"old" * 100
    assert path.read_bytes() == b"new"


def test_a_file_and_its_folder_are_on_the_disk_before_the_save_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The data before the rename, the new name after it; else a power cut leaves an empty file, or the old one."""
    synced: list[tuple[bool, bool]] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append((stat.S_ISDIR(os.fstat(descriptor).st_mode), (tmp_path / "a.toml").exists()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    write_atomically(tmp_path / "a.toml", b"1")
    assert synced == [(False, False), (True, True)]


def test_a_fresh_file_never_replaces_another(tmp_path: Path) -> None:
    """Of many who want the same name at once, one gets it."""
    path = tmp_path / "a.toml"
    won: list[bytes] = []

    def write(data: bytes) -> None:
        try:
            write_atomically(path, data, fresh=True)
            won.append(data)
        except SaveFailed as error:
            assert error.reason == "File exists"

    threads = [threading.Thread(target=write, args=(str(number).encode(),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert won == [path.read_bytes()]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("where", ["none/a.toml", "file/a.toml", "folder"])
def test_a_write_that_fails_leaves_nothing(tmp_path: Path, where: str) -> None:
    """The reason is the system's; no temporary file stays."""
    (tmp_path / "file").write_text("old")
    (tmp_path / "folder").mkdir()
    with pytest.raises(SaveFailed) as caught:
        write_atomically(tmp_path / where, b"new")
    assert caught.value.reason
    assert {file.name for file in tmp_path.iterdir()} == {"file", "folder"}
    assert (tmp_path / "file").read_text() == "old"


WRITER = """
import sys
from pathlib import Path
from tui_client.storage.atomic import write_atomically
path = Path(sys.argv[1])
print("ready", flush=True)
while True:
    for sign in (b"a", b"b"):
        write_atomically(path, sign * 100_000)
"""


def test_a_killed_writer_leaves_a_whole_file(tmp_path: Path) -> None:
    """Whatever moment it dies at; the full count is a benchmark's."""
    path = tmp_path / "a.toml"
    path.write_bytes(b"a" * 100_000)
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        try:
            assert writer.stdout.readline() == "ready\n"
            for _ in range(200):
                data = path.read_bytes()
                assert data in (b"a" * 100_000, b"b" * 100_000)
        finally:
            writer.send_signal(signal.SIGKILL)
    assert path.read_bytes() in (b"a" * 100_000, b"b" * 100_000)
