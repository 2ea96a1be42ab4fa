"""Ctrl-C, a closed terminal and other ends of a replay, from outside."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from counting_server import Counting

Cli = Callable[..., Any]
Shop = Callable[..., Path]

COMMAND: Final = (sys.executable, "-m", "tui_client", "replay")
SLOW: Final = {"a": 'url = "/slow"\n'}


def started(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_lets_what_is_in_flight_end(
    cli: Cli, mine: Shop, server: Counting, number: signal.Signals
) -> None:
    """The request on its way is answered and counted, no other is sent; a resume does the rest, and nothing twice."""
    mine(SLOW)
    with started("a", "--iterations", "5", "--report", "r.json") as process:
        assert process.stderr is not None
        assert server.waiting.acquire(timeout=20)
        process.send_signal(number)
        assert "Stopping" in process.stderr.readline()
        server.gate.set()
        out, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "1 of 5 done: 1 passed" in out and "4 steps not sent. Go on with: tui-client replay --resume " in out
    assert json.loads(Path("r.json").read_text())["interrupted"] is True
    ran = cli("replay", "--resume", "last", "--json")
    assert (ran.code, ran.json["done"], ran.json["passed"], ran.json["interrupted"]) == (0, 5, 5, False)
    assert len(server.arrived) == 5


@pytest.mark.parametrize(("method", "in_doubt", "code", "sent"), [("POST", 1, 5, 3), ("GET", 0, 0, 4)])
def test_the_second_ctrl_c_ends_what_is_in_flight(
    cli: Cli, mine: Shop, server: Counting, method: str, in_doubt: int, code: int, sent: int
) -> None:
    """At once, with figures and how to go on; what may not be done twice is in doubt, the rest is sent again."""
    mine({"a": f'url = "/slow"\nmethod = "{method}"\n'})
    with started("a", "--iterations", "3", "--grace", "10m", "--json") as process:
        assert process.stderr is not None
        assert server.waiting.acquire(timeout=20)
        process.send_signal(signal.SIGINT)
        assert "Ctrl-C again" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    found = json.loads(out)
    assert process.returncode == 130
    assert (found["done"], found["in_doubt"], found["interrupted"]) == (0, in_doubt, True)
    assert f"tui-client replay --resume {found['run']}" in err
    server.gate.set()
    ran = cli("replay", "--resume", found["run"], "--json")
    assert (ran.code, ran.json["in_doubt"], ran.json["done"]) == (code, in_doubt, 3 - in_doubt)
    assert len(server.arrived) == sent


def test_a_step_that_outlasts_the_grace_time_is_cut_off(cli: Cli, mine: Shop, server: Counting) -> None:
    """Nobody waits for a server that never answers."""
    mine(SLOW)
    with started("a", "--iterations", "3", "--grace", "10ms", "--json") as process:
        assert server.waiting.acquire(timeout=20)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
    assert (process.returncode, json.loads(out)["done"]) == (130, 0)


def test_a_closed_terminal_ends_a_run_that_can_go_on(cli: Cli, mine: Shop, server: Counting) -> None:
    """Though nobody reads what is said, the journal is closed as after any stop."""
    mine(SLOW)
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "a", "--iterations", "3", "--grace", "10ms"],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        # The terminal is its own, so that closing it hangs up.
        preexec_fn=lambda: os.close(os.open(os.ttyname(0), os.O_RDWR)),
    )
    os.close(terminal)
    assert server.waiting.acquire(timeout=20)
    os.close(controller)
    assert process.wait(20) == 130
    [run] = cli("replay", "--list", "--json").json
    assert (run["state"], run["planned"], run["done"]) == ("interrupted", 3, 0)
    server.gate.set()
    assert cli("replay", "--resume", "last").code == 0


def test_what_the_caller_ignores_stays_ignored(mine: Shop, server: Counting) -> None:
    """`nohup tui-client replay …` outlives its terminal."""
    mine(SLOW)
    with subprocess.Popen(
        ["nohup", *COMMAND, "a", "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    ) as process:
        assert server.waiting.acquire(timeout=20)
        process.send_signal(signal.SIGHUP)
        server.gate.set()
        out, _ = process.communicate(timeout=20)
    assert (process.returncode, json.loads(out)["passed"]) == (0, 1)


def test_a_reader_who_leaves_changes_nothing(mine: Shop, server: Counting) -> None:
    """`tui-client replay . | head -0` is quiet, and the exit code is still that of the run."""
    mine({"a": 'url = "/broken"\n'})
    server.statuses["/broken"] = 500
    with started("a", "--report", "r.csv") as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()
        process.wait(20)
    assert process.returncode == 1
    assert "Traceback" not in err and "Broken pipe" not in err
    assert Path("r.csv").read_text().count("\n") == 2


def asking(controller: int, terminal: int) -> subprocess.Popen[bytes]:
    """A replay that has asked for a value on that terminal."""
    process = subprocess.Popen(
        [*COMMAND, "a", "--grace", "10ms"],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
        start_new_session=True,
    )
    shown = b""
    while not shown.endswith(b": ") and select.select([controller], [], [], 20)[0]:
        shown += os.read(controller, 65536)
    return process


@pytest.mark.parametrize("end", ["signal", "Ctrl-D"])
def test_a_question_need_not_be_answered(mine: Shop, server: Counting, end: str) -> None:
    """Ctrl-C ends the run without an answer, Ctrl-D refuses one; the terminal shows again what is typed."""
    mine({"a": 'url = "/{{code}}"\n'}, '[variables]\ncode = { prompt = "Code" }\n')
    controller, terminal = pty.openpty()
    modes = termios.tcgetattr(terminal)
    with asking(controller, terminal) as process:
        if end == "signal":
            process.send_signal(signal.SIGINT)
        else:
            os.write(controller, b"\x04")
        out, _ = process.communicate(timeout=20)
    assert termios.tcgetattr(terminal) == modes
    os.close(terminal)
    os.close(controller)
    assert process.returncode == 130 and b"Traceback" not in out
    assert server.arrived == []


def test_a_killed_run_says_what_is_in_doubt(cli: Cli, mine: Shop, server: Counting) -> None:
    """`kill -9`: shown as interrupted; a resume sends nothing twice, and says that nobody knows. Then it is done."""
    mine({"a": 'url = "/slow"\nmethod = "POST"\n'})
    with started("a", "--iterations", "2") as process:
        assert server.waiting.acquire(timeout=20)
        ran = cli("replay", "--show", "last")
        assert "still going on" in ran.err and ran.code == 0
        for arguments in (("--delete", "last"), ("--resume", "last"), ("--only", "in-doubt", "last")):
            assert cli("replay", *arguments).code == 2
        process.kill()
    server.gate.set()
    ran = cli("replay", "--show", "last", "--json")
    assert (ran.code, ran.json["in_doubt"], ran.json["interrupted"]) == (130, 1, True)
    assert cli("replay", "--list", "--json").json[0]["state"] == "interrupted"
    ran = cli("replay", "--resume", "last", "--json")
    assert (ran.code, ran.json["in_doubt"], ran.json["passed"]) == (5, 1, 1)
    assert cli("replay", "--show", "last").code == 5
    assert len(server.arrived) == 2
    assert cli("replay", "--only", "in-doubt", "last").code == 0
    assert len(server.arrived) == 3
