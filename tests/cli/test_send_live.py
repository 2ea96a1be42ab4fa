"""`tui-client send` of a stream of events."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]
SEND = (sys.executable, "-m", "tui_client", "send")


def test_a_stream_that_ends_is_printed_as_it_came(cli: Cli, demo_url: str) -> None:
    """Byte for byte on a pipe, its head before it if that is asked for; what happened is said after it."""
    ran = cli("send", f"{demo_url}/sse?count=2&ms=0", "-i")
    assert ran.code == 0
    head, _, body = ran.out.partition("\n\n")
    assert head.startswith("HTTP/1.1 200 OK\n") and "Content-Type: text/event-stream" in head
    assert body.startswith("id: 1\nevent: tick\ndata: {") and body.count("\n\n") == 2
    assert ran.err.startswith("200 OK · ")
    lines = cli("send", f"{demo_url}/ndjson?count=3&ms=0")
    assert lines.out.count("\n") == 3 and lines.raw.endswith(b'"event 3 of 3"}\n')


def test_ctrl_c_ends_a_stream_without_an_end(demo_url: str) -> None:
    """Events are on stdout before the stream is over; what came is kept, and said to be incomplete."""
    command = [*SEND, f"{demo_url}/sse/endless?ms=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"id: 1\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"incomplete" in err and err.endswith(b"Cancelled. What arrived is kept.\n")


def test_a_reader_that_leaves_ends_the_stream(demo_url: str) -> None:
    """As in `| head -1`: silent, like with any other pipe."""
    command = [*SEND, f"{demo_url}/sse/endless?ms=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == 0


def test_a_terminal_gets_a_stream_as_text(demo_url: str) -> None:
    """Line by line, as on a pipe."""
    ours, theirs = pty.openpty()
    command = [*SEND, f"{demo_url}/sse?count=1&ms=0"]
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL) as process:
        os.close(theirs)
        read = b""
        while b"\n" not in read:  # a terminal gives what is there so far
            read += os.read(ours, 100)
        assert read.startswith(b"id: 1\r\n")
        assert process.wait(20) == 0
    os.close(ours)


def test_the_settings_say_how_much_of_a_reply_is_kept(cli: Cli, demo_url: str, tmp_path: Path) -> None:
    """An endless one ends there, with a sentence; what came is printed."""
    path = tmp_path / "config" / "tui-client" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("[replies]\nmegabytes = 1\n")
    ran = cli("send", f"{demo_url}/bytes/1048577")
    assert len(ran.raw) == 1 << 20
    assert "is too large: more than 1.0 MB; the rest was cut. What arrived is kept." in ran.err
