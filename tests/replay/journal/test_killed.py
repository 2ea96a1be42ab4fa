"""What a process leaves that is killed while it writes a journal, and one whose disk is full."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import journal_child
import pytest
from journals import RUN, header, rows, store_in

from tui_client.replay.journal.header import Only
from tui_client.replay.journal.store import RunStore


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """An empty store."""
    return store_in(tmp_path)


@pytest.fixture
def child(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A process that does what the mark says."""
    command = [sys.executable, journal_child.__file__, request.param, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("child", ["write"], indirect=True)
def test_a_killed_process_leaves_every_claim_it_knew_of(child: subprocess.Popen[str], store: RunStore) -> None:
    """After `kill -9` each step that may have been sent is in doubt or has its result, and the run is nobody's."""
    assert child.stdout is not None
    acknowledged = [child.stdout.readline() for _ in range(500)]
    assert store.is_running(RUN)
    child.send_signal(signal.SIGKILL)
    acknowledged += child.stdout.readlines()
    child.wait()
    assert store.folder.joinpath(f"{RUN}.lock").exists() and not store.is_running(RUN)
    (info,) = store.list()
    part = store.create(header("20261123-080000-c3d4", parent=RUN, only=Only.IN_DOUBT))
    assert rows(part.path, "SELECT count(*) FROM selected") == [(info.in_doubt,)]
    path = store.path(RUN)
    found = rows(path, "SELECT iteration FROM claims UNION ALL SELECT iteration FROM steps")
    on_disk = [iteration for (iteration,) in found]
    assert len(on_disk) == len(set(on_disk))
    assert {int(line) for line in acknowledged if line.endswith("\n")} <= set(on_disk)
    assert rows(path, "SELECT sum(steps) FROM counts") == rows(path, "SELECT count(*) FROM steps")
    assert rows(path, "SELECT count(*) FROM claims") == [(info.in_doubt,)]
    assert (info.state, info.done) == ("interrupted", len(on_disk) - info.in_doubt)


@pytest.mark.parametrize("child", ["fill"], indirect=True)
def test_a_run_goes_on_once_its_files_may_grow_again(child: subprocess.Popen[str], store: RunStore) -> None:
    """Where the system refuses to let the files grow, nothing is lost: the run is held, then all of it is there."""
    assert child.stdout is not None
    lines = child.stdout.read().splitlines()
    assert child.wait() == 0
    held = [line for line in lines if line.startswith("held")]
    assert len(held) == 1 and store.folder.name in held[0]
    assert lines.index("goes on") > lines.index(held[0])
    assert lines[-1] == "closed"
    assert rows(store.path(RUN), "SELECT count(*) FROM claims") == [(100,)]
    assert rows(store.path(RUN), "SELECT count(*) FROM steps") == [(100,)]
