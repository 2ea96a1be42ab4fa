"""What is said while a replay runs."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from counting_server import Counting

from tui_client.cli.output import LiveLine
from tui_client.cli.replay_watch import Progress
from tui_client.replay.summary import Summary
from tui_client.replay.workers import Workers

Shop = Callable[..., Path]


def test_without_a_terminal_there_is_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    """Every ten seconds, so that a log says how far it is; why nothing can be kept is said once, and its end."""
    live = LiveLine()
    live.active = False
    progress = Progress(live, 100.0)
    for now_s in (100.2, 109.9, 110.0, 110.2, 119.0, 120.1):
        progress.tick(now_s, "", lambda now_s=now_s: Summary(run="r", planned=50, done=int(now_s - 100), seconds=1.0))
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" ·")[0] for line in lines] == ["10 / 50", "20 / 50"]
    for held in ("The disk is full.", "The disk is full.", "", ""):
        progress.tick(121.0, held, lambda: Summary(run="r"))
    assert capsys.readouterr().err.splitlines() == ["The disk is full.", "It goes on."]


def test_the_live_line_moves_while_nothing_ends(mine: Shop, server: Counting) -> None:
    """A slow server is no dead program; the line is gone in the end, with the figures in its place."""
    mine({"a": 'url = "/slow"\n'})
    controller, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "tui_client", "replay", "a", "--iterations", "7"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=terminal,
        env={**os.environ, "TERM": "xterm"},
    ) as process:
        os.close(terminal)
        assert server.waiting.acquire(timeout=20)
        shown = b""
        while shown.count(b"0 / 7") < 3 and select.select([controller], [], [], 20)[0]:
            shown += os.read(controller, 65536)
        server.gate.set()
        out, _ = process.communicate(timeout=20)
    while select.select([controller], [], [], 0)[0]:
        try:
            shown += os.read(controller, 65536)
        except OSError:  # the other end is closed
            break
    os.close(controller)
    assert shown.count(b"\r\x1b[K0 / 7") >= 3
    assert shown.endswith(b"\r\x1b[K")
    assert out.startswith(b"7 done: 7 passed")


def test_the_live_line_is_silent_while_a_question_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed stands after the question, and nothing is written over it."""
    controller, terminal = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(terminal, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        live = LiveLine()
        with live.quiet():
            live.show("1 / 9")
            live.clear()
        live.show("2 / 9")
        shown = b""
        while not shown.endswith(b"2 / 9"):
            shown += os.read(controller, 4096)
        assert shown == b"\r\x1b[K\r\x1b[K2 / 9"
    os.close(controller)


def test_a_full_disk_is_told_and_given_up_on(mine: Shop, server: Counting, tmp_path: Path) -> None:
    """The run waits for room, says so once, and a stop ends it with what is on disk."""
    pytest.importorskip("resource")
    mine({"a": 'url = "/big"\n'})
    server.bodies["/big"] = '"' + "x" * 60_000 + '"'
    # No file of this process may grow beyond so much: as good as a full disk for its journal.
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000)); "
        "from tui_client.__main__ import main; sys.argv[0] = 'tui-client'; sys.exit(main())"
    )
    command = [sys.executable, "-c", limited, "replay", "a", "--iterations", "10000", "--grace", "10ms", "--json"]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        held = process.stderr.readline()
        assert "journal" in held.lower() or "room" in held.lower() or "disk" in held.lower(), held
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert '"interrupted": true' in out
    assert "Traceback" not in err and "tui-client replay --resume" in err


def test_a_worker_that_may_not_take_part_is_told_of_once(capsys: pytest.CaptureFixture[str]) -> None:
    """With the reason, whatever signs are in it."""
    progress = Progress(LiveLine(), 0.0)
    workers = Workers(refused=("The worker a has\x1b[31m tui-client 0.1.",))
    for _ in range(3):
        progress.tell(workers)
        progress.tell(None)
    assert capsys.readouterr().err == "The worker a has␛[31m tui-client 0.1.\n"
