"""However the workbench ends, the terminal is as it was, the exit code says how, and the drafts are kept.

All but kill -9, after which no program can restore anything: what was typed until two seconds before is kept then.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from crashing_app import CANARY
from fault_matrix import fault
from pty_host import PtyHost
from scale import FULL

F9: Final = b"\x1b[20~"
# In a handler, in a worker, while drawing, while reading keys, where the app hangs then, at the end. The others break
# in places beside these.
FEW: Final = ("handler", "worker", "render", "input_thread", "stuck", "unmount")
MANY: Final = (
    *("cause", "rich", "memory", "os", "pipe", "group", "thread_worker", "layout", "widget_mount", "compose"),
    *("timer", "interval", "after_refresh", "lazy_import", "app_mount", "first_screen", "recursion", "system_exit"),
)
_AT_START: Final = ("first_screen", "app_mount")


def _after(host: PtyHost) -> str:
    """What the user reads once the screen of before is back."""
    return host.output.rpartition(b"\x1b[?1049l")[2].decode()


def _opens_the_draft(host: PtyHost) -> None:
    """The next start shows it, with its sign."""
    host.until(lambda screen: "new*" in screen and "/typed" in screen)


@fault("terminal.term")
@fault("terminal.hup")
@fault("terminal.quit")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT])
def test_a_signal_restores_the_terminal(
    start: Callable[..., PtyHost],
    typed: Callable[..., PtyHost],
    drafts: Callable[[], list[str]],
    number: signal.Signals,
) -> None:
    """The exit code names the signal, and nobody is asked for the draft, which is there at the next start."""
    host = typed()
    host.send(number)
    assert host.ended() == 128 + number
    host.assert_restored()
    assert drafts() == ["/typed"]
    if number == signal.SIGTERM:
        _opens_the_draft(start())


@fault("terminal.term")
def test_a_signal_at_the_start_restores_the_terminal(start: Callable[..., PtyHost]) -> None:
    """As soon as the terminal is taken, before anything is drawn."""
    host = start()
    host.read_until(b"\x1b[?1049h")
    host.send(signal.SIGTERM)
    assert host.ended() == 128 + signal.SIGTERM
    host.assert_restored()


@fault("terminal.term")
def test_a_signal_ends_a_workbench_that_hangs(typed: Callable[..., PtyHost], drafts: Callable[[], list[str]]) -> None:
    """Its loop never comes back from a handler, and it ends all the same, a little later."""
    host = typed("frozen")
    host.write(F9)
    host.send(signal.SIGTERM)
    assert host.ended() == 128 + signal.SIGTERM
    host.assert_restored()
    assert drafts() == ["/typed"]


@fault("terminal.crash")
@pytest.mark.parametrize("way", FEW + MANY if FULL else FEW)
def test_a_crash_restores_the_terminal_and_says_where(
    start: Callable[..., PtyHost], typed: Callable[..., PtyHost], drafts: Callable[[], list[str]], way: str
) -> None:
    """Exit code 70; types and places, but no message, local or line of source; what to do next."""
    host = (start if way in _AT_START else typed)(way)
    if way not in _AT_START:
        host.write(F9)
    if way == "input_thread":
        host.until(lambda screen: "keys break" in screen)
        host.write(b"k")
    assert host.ended() == 70
    host.assert_restored()
    assert CANARY.encode() not in host.output
    said = _after(host)
    assert "Something in tui-client went wrong: " in said and "crashing_app.py:" in said
    assert "raise " not in said and "Traceback" not in said
    assert said.count("\n") < 45
    if way not in _AT_START:
        assert drafts() == ["/typed"]
    if way == "handler":
        assert "Drafts that were not saved are kept" in said and "Please report it" in said
        assert "tui-client 0." in said and "Python 3." in said
        _opens_the_draft(start())


@fault("terminal.crash")
def test_a_bug_beside_the_screen_is_told_and_the_workbench_goes_on(typed: Callable[..., PtyHost]) -> None:
    """In a thread, a callback, a task, a finalizer: types and places only, and the next key counts."""
    host = typed("thread,callback,task,unraisable")
    for said in ("ValueError", "KeyError", "LookupError", "ArithmeticError"):
        host.write(F9)
        host.until(lambda screen, said=said: f"{said} at" in screen)  # type: ignore[misc]  # bound as a default
    host.write(b"-on")
    host.until(lambda screen: "/typed-on" in screen)
    host.send(signal.SIGTERM)
    assert host.ended() == 128 + signal.SIGTERM
    assert CANARY.encode() not in host.output


@fault("terminal.hup")
@pytest.mark.parametrize("controlling", [True, False], ids=["with HUP", "without a signal"])
def test_a_closed_terminal_ends_the_workbench(
    typed: Callable[..., PtyHost], drafts: Callable[[], list[str]], controlling: bool
) -> None:
    """A closed window sends HUP to its own session only; elsewhere nothing but the end of the input tells of it."""
    host = typed(controlling=controlling)
    host.hang_up()
    assert host.ended() == 128 + signal.SIGHUP
    assert drafts() == ["/typed"]


@fault("terminal.hup")
def test_a_continue_from_the_system_starts_nothing_again(typed: Callable[..., PtyHost]) -> None:
    """It sends CONT with HUP; no thread that reads keys stays behind, and the terminal is taken once."""
    host = typed()
    for number in (signal.SIGCONT, signal.SIGHUP, signal.SIGCONT):
        host.send(number)
    assert host.ended() == 128 + signal.SIGHUP
    host.assert_restored()
    assert host.output.count(b"\x1b[?1049h") == 1


def test_leaving_restores_what_a_modern_terminal_was_asked_for(start: Callable[..., PtyHost], work: Path) -> None:
    """Reports of sizes, a mouse in pixels, the hand over a button; and Textual's logs of keys are not written."""
    logged = {"TEXTUAL_LOG": str(work.parent / "log"), "TEXTUAL_DEBUG": "1", "TEXTUAL": "debug,devtools"}
    host = start(env=logged)
    host.read_until(b"No reply yet")
    host.write(b"\x1b[?2048;2$y")
    host.read_until(b"\x1b[?1016h")
    assert {"?1016", "?2048", "kitty"} <= host.modes
    row, column = _place(host, "Send ^r")
    host.write(f"\x1b[<35;{column * 10 + 25};{row * 10 + 5}M".encode())
    host.write(b"s3cret")
    host.until(lambda screen: "s3cret" in screen)
    host.write(b"\x11")
    host.until(lambda screen: "has an edit" in screen)
    host.write(b"\t\r")
    assert host.ended() == 0
    host.assert_restored()
    assert not any(path.is_file() for path in work.parent.iterdir())


def _place(host: PtyHost, text: str) -> tuple[int, int]:
    lines: list[Any] = host.text.split("\n")
    row = next(number for number, line in enumerate(lines) if text in line)
    return row, lines[row].index(text)
