"""A reader who leaves, and streams that the shell closed: quiet, with the exit code of the work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from fault_matrix import fault
from pty_host import own_env
from scale import FULL

_CODES: Final = {
    "list -C .": 0,
    "check -C . --json": 3,
    "diff a.toml b.toml": 1,
    "send a -C .": 4,
    "send a -C . --json": 4,
    "send --json": 2,
    "replay a -C . --json": 4,
    "replay nothing -C . --json": 2,
    "replay --show last": 4,
    "history": 0,
}
_MORE: Final = {
    "list -C . --json": 0,
    "check -C .": 3,
    "diff a.toml b.toml --json": 1,
    "replay a -C .": 4,
    "replay --list": 0,
    "history show 1": 0,
    "schema": 0,
    "--help": 0,
}
_COMMANDS: Final = _CODES | _MORE if FULL else _CODES


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one broken file, and one run in its journals."""
    place = tmp_path_factory.mktemp("pipes")
    (place / "collection.toml").write_text("format = 1\n")
    (place / "a.toml").write_text('url = "http://127.0.0.1:1/"\n')
    (place / "b.toml").write_text("url = \n")
    assert _shell(place, "replay a -C . >&-")[0] == 4
    assert _shell(place, "send a -C . >&-")[0] == 4
    return place


def _shell(place: Path, line: str, **env: str) -> tuple[int, str, str]:
    """The exit code of the program in a line of bash, what its readers got, and its error output."""
    program = f"{sys.executable} -m tui_client {line}; exit ${{PIPESTATUS[0]}}"
    ran = subprocess.run(
        ["bash", "-c", program], capture_output=True, text=True, env=own_env(place, **env), cwd=place, timeout=60
    )
    return ran.returncode, ran.stdout, ran.stderr


@fault("terminal.epipe")
@pytest.mark.parametrize("command", _COMMANDS)
def test_a_reader_who_leaves_changes_nothing(place: Path, command: str) -> None:
    """Written at once or in the end, there is no traceback, and the exit code says how the work went."""
    at_once = "1" if len(command) % 2 else ""
    code, _, said = _shell(place, f"{command} | head -0", PYTHONUNBUFFERED=at_once)
    assert code == _COMMANDS[command]
    assert not any(word in said for word in ("Traceback", "went wrong", "Broken pipe", "Exception"))


@fault("terminal.epipe")
@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_the_shell_closed_change_nothing(place: Path, closed: str) -> None:
    """What nobody can read is left out, and no file is taken for a stream."""
    for command in ("send a -C .", "replay a -C . --json"):
        code, got, said = _shell(place, f"{command} {closed}")
        assert code == 4
        assert not got or closed in ("<&-", "2>&-")
        assert "Traceback" not in said and "went wrong" not in said


@fault("terminal.epipe")
def test_the_workbench_without_streams_says_so(place: Path) -> None:
    """It needs all three."""
    for closed in ("<&-", ">&-", "<&- >&-"):
        code, _, said = _shell(place, f". {closed}")
        assert code == 2
        assert "The workbench needs a terminal" in said
    assert _shell(place, ". 2>&-")[0] == 2


@fault("terminal.epipe")
def test_a_full_disk_behind_a_pipe_is_a_sentence(place: Path) -> None:
    """Also where the error itself can't be written as JSON."""
    for command in ("list -C .", "replay nothing -C . --json", "send --json"):
        code, _, said = _shell(place, f"{command} > /dev/full")
        assert code == 3
        assert "The output can't be written: No space left on device." in said
        assert "Traceback" not in said and "went wrong" not in said
