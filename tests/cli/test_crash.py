"""The net under every command: whatever breaks, no value is printed, and the exit code is not 0."""

from __future__ import annotations

import gc
import logging
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from tui_client.cli.crash import crashed, guarded
from tui_client.cli.exit_codes import ExitCode
from tui_client.errors import UsageError

CANARY = "cnry-5ecret-tok3n"


@pytest.fixture(autouse=True)
def hooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What `guarded` sets for a whole process is put back."""
    for place, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(place, name, getattr(place, name))
    monkeypatch.setattr(logging, "lastResort", logging.lastResort)
    yield


class Deleted:
    def __del__(self) -> None:
        raise ValueError(CANARY)


def _raises(error: BaseException) -> Callable[[], int]:
    def work() -> int:
        token = CANARY
        raise error from KeyError(token)

    return work


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValueError(CANARY), 70),
        (MemoryError(CANARY), 70),
        (RecursionError(CANARY), 70),
        (ExceptionGroup(CANARY, [KeyError(CANARY)]), 70),
        (GeneratorExit(CANARY), 70),
        (SystemExit(CANARY), 70),
        (SystemExit(3), 3),
        (SystemExit(), 0),
        (KeyboardInterrupt(CANARY), 130),
    ],
    ids=repr,
)
def test_whatever_ends_a_command_holds_no_value(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: int
) -> None:
    """A bug is said with its type, its place and the versions; an exit that was meant is one."""
    assert guarded(_raises(error)) == code
    printed = "".join(capsys.readouterr())
    assert CANARY not in printed
    if code == 70:
        kind = "KeyError" if isinstance(error, ExceptionGroup) else type(error).__name__
        assert f"Something in tui-client went wrong: {kind} at" in printed
        assert "Please report it" in printed and f"Python 3.{sys.version_info.minor}" in printed
    else:
        assert printed == ""


def test_what_is_worked_gives_the_exit_code() -> None:
    """The net changes nothing where nothing falls."""
    assert guarded(lambda: 4) == 4


def _in_a_thread() -> None:
    thread = threading.Thread(target=_raises(LookupError(CANARY)))
    thread.start()
    thread.join()


def _in_a_finalizer() -> None:
    Deleted()
    gc.collect()


def _in_a_task() -> None:
    # As asyncio tells of a task that nobody asked for its end.
    log = logging.getLogger("tui_client.tests.nobody")
    log.propagate = False
    try:
        raise ArithmeticError(CANARY)
    except ArithmeticError:
        log.error("never retrieved: %s", CANARY, exc_info=True)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("breaks", "kind"),
    [(_in_a_thread, "LookupError"), (_in_a_finalizer, "ValueError"), (_in_a_task, "ArithmeticError")],
)
def test_what_breaks_aside_is_a_sentence(
    capsys: pytest.CaptureFixture[str], breaks: Callable[[], None], kind: str
) -> None:
    """The work goes on, and its exit code counts."""

    def work() -> int:
        breaks()
        return 1

    assert guarded(work) == 1
    printed = "".join(capsys.readouterr())
    assert printed.count("\n") == 1 and f"went wrong: {kind} at" in printed
    assert CANARY not in printed


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("error", [ConnectionResetError(CANARY), UsageError(CANARY), SystemExit(CANARY)])
def test_what_the_world_does_to_what_nobody_waits_for_is_no_bug(
    capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    """A thread that a server cuts off as the command ends says nothing."""

    def work() -> int:
        thread = threading.Thread(target=_raises(error))
        thread.start()
        thread.join()
        return 0

    assert guarded(work) == 0
    assert "".join(capsys.readouterr()) == ""


def test_a_report_that_breaks_is_a_shorter_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without memory for a list of calls, say."""
    monkeypatch.setattr("tui_client.model.crash.report", _raises(MemoryError(CANARY)))
    assert crashed(ValueError(CANARY)) is ExitCode.CRASHED
    printed = "".join(capsys.readouterr())
    assert "Something in tui-client went wrong." in printed and CANARY not in printed


def test_streams_that_are_closed_are_opened_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading gives the end, writing nothing."""
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)

    def work() -> int:
        assert sys.stdin is not None and sys.stdout is not None and sys.stderr is not None
        sys.stdout.write("nobody reads this")
        return len(sys.stdin.read())

    assert guarded(work) == 0
