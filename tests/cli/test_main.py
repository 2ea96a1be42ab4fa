"""How the command begins and ends: names, help, pipes, interrupts, terminals."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui_client import __version__
from tui_client.__main__ import _COMMANDS
from tui_client.cli.main import COMMANDS

Cli = Callable[..., Any]


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui_client", *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_version_names_program_and_number(cli: Cli) -> None:
    """For bug reports."""
    ran = cli("--version")
    assert (ran.code, ran.out) == (0, f"tui-client, version {__version__}\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(cli: Cli, name: str) -> None:
    """Nobody needs the documentation to begin."""
    ran = cli(name, "--help")
    assert ran.code == 0
    assert "Examples:" in ran.out and f"tui-client {name}" in ran.out
    assert ran.out.replace("\n", "").isprintable()


def test_the_help_lists_all_commands(cli: Cli) -> None:
    """One line each."""
    ran = cli("--help")
    assert all(f"\n  {name} " in ran.out for name in COMMANDS)
    assert ran.out.replace("\n", "").isprintable()


@pytest.mark.parametrize("arguments", [["--help"], ["replay", "--help"]], ids=" ".join)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """Asking for help starts no HTTP client, no screen and no journal."""
    code = (
        f"import sys; from tui_client.cli.main import run; run({arguments}, None); "
        "sys.exit(any(name in sys.modules for name in ('httpx', 'textual', 'aiohttp', 'lxml', 'sqlite3')))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=30, check=False).returncode == 0


def test_what_is_neither_command_nor_directory_is_said_so(tmp_path: Path) -> None:
    """A typing error in a command's name is not taken for a workspace."""
    ran = command("sned", "users/list")
    assert ran.returncode == 2
    ran = command("sned")
    assert ran.returncode == 2
    assert ran.stderr == (
        "sned is neither a directory nor a command. "
        "The commands are check, cookies, demo, diff, export, history, import, list, replay, schema, send, trust.\n"
    )


def test_without_a_terminal_the_workbench_says_so(tmp_path: Path) -> None:
    """A sentence, not a traceback."""
    ran = command(str(tmp_path))
    assert ran.returncode == 2
    assert ran.stderr.startswith("The workbench needs a terminal: ") and "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"TERM": "dumb"}, "TERM"),
        ({"TERM": "xterm", "PYTHONIOENCODING": "latin-1"}, "UTF-8"),
        ({"TERM": "xterm"}, "error output"),
    ],
)
def test_a_terminal_that_cant_show_it_is_told_why(tmp_path: Path, environment: dict[str, str], words: str) -> None:
    """TERM=dumb, a locale without UTF-8, a screen that would be painted into a file: a sentence each."""
    main, child = pty.openpty()
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "tui_client", str(tmp_path)],
            stdin=child,
            stdout=child,
            stderr=subprocess.PIPE,
            text=True,
            timeout=30,
            env={**os.environ, **environment},
            check=False,
        )
    finally:
        os.close(main)
        os.close(child)
    assert ran.returncode == 2
    assert words in ran.stderr and "Traceback" not in ran.stderr


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    """`tui-client list | head -1` prints no traceback."""
    root = tmp_path / "shop"
    root.mkdir()
    (root / "collection.toml").write_text("format = 1\n")
    for number in range(3000):
        (root / f"request-with-a-long-name-{number}.toml").write_text('url = "/"\n')
    with subprocess.Popen(
        [sys.executable, "-m", "tui_client", "list", "-C", str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        process.wait(30)
    assert process.returncode == 0


def test_a_locale_without_utf_8_is_no_traceback(tmp_path: Path) -> None:
    """Signs that the locale can't say are escaped."""
    root = tmp_path / "shop"
    root.mkdir()
    (root / "collection.toml").write_text("format = 1\n")
    (root / "a.toml").write_text('url = "/"\nname = "Ünï → ✓"\n', encoding="utf-8")
    ran = command("list", "-C", str(root), PYTHONIOENCODING="ascii")
    assert ran.returncode == 0
    assert ran.stdout.startswith("a  GET     \\xdcn\\xef \\u2192")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_traceback(tmp_path: Path, closed: str) -> None:
    """Words that nobody can read are left out; the exit code still says how it went."""
    (tmp_path / "collection.toml").write_text("format = 1\n")
    line = f"{sys.executable} -m tui_client check -C {tmp_path} {closed}"
    ran = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert "Traceback" not in ran.stderr


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    """Output that can't be written is said to be so, and exits with 3."""
    (tmp_path / "collection.toml").write_text("format = 1\n")
    (tmp_path / "a.toml").write_text('url = "/"\n')
    line = f"{sys.executable} -m tui_client list -C {tmp_path} > /dev/full"
    ran = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 3
    assert ran.stderr == "The output can't be written: No space left on device.\n"


def test_every_command_is_one_from_the_shell_too() -> None:
    """The entry point, which imports nothing to know them, has the same list."""
    assert frozenset(COMMANDS) == _COMMANDS
