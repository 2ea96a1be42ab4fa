"""Whatever the size of the terminal, and however often it changes, what is drawn at the end is right."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest
from fault_matrix import fault
from pty_host import PtyHost
from scale import FULL, tries

_KEYS = (b"\x10", b"\x1b[6~", b"\x1b[5~", b"\x0f", b"\t", b"\x1b[27u", b"\x1bOP", b"\x1b[27u")


def _assert_drawn_right(host: PtyHost, columns: int, rows: int) -> None:
    """What is there after all those changes is what is drawn for that size anew, to its edges."""
    host.until(lambda screen: "No reply yet" in screen and "F1 Help" in screen.split("\n")[rows - 1])
    _settle(host)
    seen = host.text
    lines = seen.split("\n")
    assert "no collection" in lines[0] and "Collections" in lines[1]
    assert lines[rows - 2].startswith("╰") and len(lines) == rows
    host.resize(columns + 1, rows + 1)
    host.until(lambda screen: screen.split("\n")[rows - 1].startswith("╰"))
    host.resize(columns, rows)
    host.until(lambda screen: screen == seen)


def _settle(host: PtyHost) -> None:
    """Until nothing is drawn any more but a cursor that blinks."""
    drawn = -1
    while len(host.output) - drawn > 400:
        drawn = len(host.output)
        for _ in range(4):
            host.read(0.2)


@fault("terminal.resize_storm")
def test_a_storm_of_resizes_is_drawn_right_at_the_end(typed: Callable[..., PtyHost]) -> None:
    """Hundreds, down to one column and one line, with keys between them."""
    host = typed(size=(100, 30))
    for number in range(tries(300, 5000)):
        host.set_size(1 + number * 37 % 220, 1 + number * 11 % 70)
        host.read()
        if number % tries(40, 640) == 20:  # not more than the field has room for
            host.write(b"k")
    host.resize(107, 31)
    _assert_drawn_right(host, 107, 31)
    assert "/typedkkk" in host.text
    host.send(signal.SIGTERM)
    assert host.ended() == 128 + signal.SIGTERM
    host.assert_restored()


@fault("terminal.resize_storm")
def test_a_size_that_another_overtakes_is_not_told_last(typed: Callable[..., PtyHost]) -> None:
    """The signal of the next size comes while the one before it is handled."""
    host = typed("overtaken", size=(100, 30))
    host.screen.resize(31, 107)
    host.write(b"\x1b[20~")
    _assert_drawn_right(host, 107, 31)


@fault("terminal.tiny")
@pytest.mark.parametrize("size", [(1, 1), (300, 1), (1, 60)] if FULL else [(1, 1)], ids=str)
def test_a_tiny_terminal_breaks_nothing(start: Callable[..., PtyHost], size: tuple[int, int]) -> None:
    """Keys and dialogs work without room to show them, and all is there when it grows."""
    host = start(size=size)
    host.read_until(b"\x1b[?1049h")
    host.write(b"/typed")
    for key in _KEYS:
        host.write(key)
        host.read(0.1)
    host.resize(100, 30)
    _assert_drawn_right(host, 100, 30)
    host.send(signal.SIGTERM)
    assert host.ended() == 128 + signal.SIGTERM
    host.assert_restored()


@fault("terminal.tiny")
def test_columns_and_lines_of_the_environment_do_not_count(start: Callable[..., PtyHost]) -> None:
    """The terminal knows its size; a shell that exports another one would have all memory taken."""
    host = start(size=(107, 31), env={"COLUMNS": "99999999", "LINES": "-7"})
    _assert_drawn_right(host, 107, 31)
