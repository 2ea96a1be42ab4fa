"""Prompts on the terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tui_client.cli.asking import NoTerminal
from tui_client.errors import FailureKind, RequestFailed
from tui_client.replay.services import Question


async def test_without_a_terminal_the_variable_is_named() -> None:
    """A script learns which -v it lacks."""
    with pytest.raises(RequestFailed) as refused:
        await NoTerminal().ask((Question("code", "Code"), Question("pin", "PIN")))
    assert (refused.value.failure.kind, refused.value.failure.subject) == (FailureKind.VARIABLE_PROMPT, "code")


def test_on_a_terminal_the_question_is_asked_and_the_answer_sent(tmp_path: Path, demo_url: str) -> None:
    """Stdout holds the reply alone; the answer is not shown."""
    (tmp_path / "collection.toml").write_text(
        f'format = 1\nbase_url = "{demo_url}"\n[variables]\ncode = {{ prompt = "One-time code" }}\n'
    )
    (tmp_path / "a.toml").write_text('url = "/echo?code={{code}}"\n')
    main, child = pty.openpty()
    try:
        with subprocess.Popen(
            [sys.executable, "-m", "tui_client", "send", "a", "-C", str(tmp_path)],
            stdin=child,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            text=True,
        ) as process:
            assert process.stderr is not None
            watchdog = threading.Timer(20, process.kill)
            watchdog.start()
            # Echo is off, and what was typed before is thrown away, once the space after the colon is there.
            err = ""
            while not err.endswith(": ") and (sign := process.stderr.read(1)):
                err += sign
            os.write(main, b"4711\n")
            out, rest = process.communicate()
            watchdog.cancel()
            err += rest
    finally:
        os.close(main)
        os.close(child)
    assert process.returncode == 0, err
    assert "code=4711" in out
    assert "One-time code" in err and "4711" not in err
