"""What all tests share: what would take time again and again is done once, and signals end programs."""

from __future__ import annotations

import gc
import os
import signal
import sys

import pytest
from figures import say_figures
from hypothesis import HealthCheck, settings
from scale import tries


def pytest_configure() -> None:
    """Before anything is imported by a test."""
    _collect_less_often()
    _compile_once()
    _let_a_busy_machine_be_slow()
    _let_signals_end_programs()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was counted."""
    say_figures(terminalreporter)


def _collect_less_often() -> None:
    """Look at new objects every 20,000, not every 700.

    A worker holds all modules and tests, far more than an app does: to visit them took a quarter of its time.
    """
    gc.set_threshold(20_000, 10, 10)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Free what is garbage, and set the rest aside: pytest collects five times more, each time visiting all of it."""
    for _ in range(5):
        if not gc.collect():
            break
    gc.freeze()


def _compile_once() -> None:
    """Where Python is told to keep no bytecode, each of hundreds of programs under test would compile all of ours."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def _let_a_busy_machine_be_slow() -> None:
    """Hypothesis fails what took 200 ms once, or was slow to generate: beside other programs that says nothing."""
    # The current profile stands below: where CI is set, inputs are the same each time.
    settings.register_profile(
        "busy",
        settings(),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        # Where CI is set the inputs are the same each time: many are for `.ci/run --full`, and for runs by hand.
        max_examples=tries(60, 1000) if "CI" in os.environ else tries(100, 1000),
    )
    settings.load_profile("busy")


def _let_signals_end_programs() -> None:
    """What a shell runs in its background ignores INT and QUIT, and programs under test would inherit that for ever."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
