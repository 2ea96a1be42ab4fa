"""What reaches a terminal, and what a program reads."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.cli import output
from tui_client.text import safe

_TEXT = st.text(st.characters())  # lone surrogates too


@given(value=st.recursive(_TEXT, lambda inner: st.lists(inner) | st.dictionaries(_TEXT, inner)))
def test_json_says_the_same_without_a_sign_a_terminal_obeys(value: Any) -> None:
    """Controls are escaped as JSON knows it, so that programs read what was there."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        output.out_json(value)
    assert json.loads(printed.getvalue()) == value
    assert safe(printed.getvalue()) == printed.getvalue()


@pytest.mark.parametrize("print_it", [output.out, output.out_line, output.say])
def test_escape_codes_become_visible(print_it: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A name can't clear the screen."""
    print_it("a\x1b[2Jb\x9b31mc\u202ed")
    printed = "".join(capsys.readouterr())
    assert printed == "a␛[2Jb<U+009B>31mc<U+202E>d\n"


def test_a_line_stays_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A line feed in a name does not begin a row of its own."""
    output.out_line("a\nb\tc")
    assert capsys.readouterr().out == "a␊b␉c\n"


def test_the_live_line_is_silent_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Logs of a build server hold no control codes."""
    line = output.LiveLine()
    line.show("1 / 2")
    line.clear()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("term", "active"), [("xterm", True), ("dumb", False)])
def test_a_live_line_needs_a_terminal_that_can_go_back(
    monkeypatch: pytest.MonkeyPatch, term: str, active: bool
) -> None:
    """It is written over on a terminal, cut to its width, and left out on a dumb one."""
    main, child = pty.openpty()
    with os.fdopen(child, "w") as terminal:
        monkeypatch.setattr("sys.stderr", terminal)
        monkeypatch.setenv("TERM", term)
        line = output.LiveLine()
        assert line.active is active
        line.show("progress " * 100)
        line.clear()
        terminal.write("end")
        terminal.flush()
        seen = os.read(main, 4096).decode()
    os.close(main)
    assert seen.startswith("\r\x1b[Kprogress") is active
    assert len(seen) < 120


def test_words_that_nobody_can_read_end_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that was closed fails every write; what is being done goes on to its end."""
    controller, terminal = pty.openpty()
    os.close(controller)
    with os.fdopen(terminal, "w", encoding="utf-8") as gone:
        monkeypatch.setattr(sys, "stderr", gone)
        output.say("Stopping.")
        output.say("Stopped.")
        monkeypatch.setattr(sys, "stdout", gone)
        with output.for_who_reads():
            output.out_line("42 done")


def test_a_full_disk_is_no_reader_who_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Data that can't be written is an error, unlike data that nobody wants."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(OSError, match="No space left"), output.for_who_reads():
            output.out_line("42 done")
        output.ends_quietly()
