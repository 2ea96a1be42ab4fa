"""The size that a terminal says it has, and what is written to one that is gone."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_client.tui.terminal import _Lasting, terminal_size


@pytest.fixture
def terminal() -> Iterator[int]:
    """The descriptor of a new one."""
    controller, terminal = pty.openpty()
    yield terminal
    os.close(controller)
    os.close(terminal)


@pytest.mark.parametrize(
    ("said", "columns", "lines", "size"),
    [
        ((120, 40), "99999999", "99999999", (120, 40)),
        ((1, 1), "80", "24", (1, 1)),
        ((0, 0), "100", "30", (100, 30)),
        ((0, 0), "x", "", (80, 24)),
        ((0, 0), "-5", "30", (80, 24)),
        ((0, 0), "99999999", "99999999", (2000, 1000)),
        ((65535, 65535), "80", "24", (2000, 1000)),
    ],
)
def test_the_terminal_knows_its_size(
    terminal: int,
    monkeypatch: pytest.MonkeyPatch,
    said: tuple[int, int],
    columns: str,
    lines: str,
    size: tuple[int, int],
) -> None:
    """What the environment says counts where it does not, and no size takes all memory."""
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", said[1], said[0], 0, 0))
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("LINES", lines)
    assert terminal_size(terminal) == size


def test_no_terminal_has_the_usual_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is none."""
    monkeypatch.delenv("COLUMNS", raising=False)
    with (tmp_path / "file").open("w") as file:
        assert terminal_size(file.fileno()) == (80, 24)


def test_what_is_written_to_a_terminal_that_is_gone_is_dropped() -> None:
    """The thread that writes must live: the loop would wait for it for ever."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "w", encoding="utf-8") as pipe:
        file = _Lasting(pipe)
        os.close(reader)
        file.write("something")
        file.flush()
        file.write("more")
        file.flush()
        assert file.fileno() == writer
        os.dup2(os.open(os.devnull, os.O_WRONLY), writer)


def test_what_is_no_unicode_is_written_as_a_sign(tmp_path: Path) -> None:
    """A lone surrogate that came as far as this ends nothing."""
    with (tmp_path / "file").open("w+", encoding="utf-8", errors="strict") as file:
        _Lasting(file).write("a\ud800b")
        file.seek(0)
        assert file.read() == "a?b"
