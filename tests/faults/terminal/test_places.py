"""Odd places: other locales, other terminals, none at all. What can't work says why not."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_matrix import fault
from pty_host import PtyHost, own_env, tui_client

_COLOUR = re.compile(rb"[;\[][34]8;5;([0-9]+)")
_BARE = {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


@fault("terminal.lang_c")
@pytest.mark.parametrize(
    "env",
    [
        {"LANG": "C", "LC_ALL": "C", "TERM": "tmux-256color"},
        {"LANG": "POSIX", "LC_ALL": "POSIX", "TERM": "screen", "NO_COLOR": "1", "TEXTUAL_COLOR_SYSTEM": "none"},
    ],
    ids=["LANG=C in tmux", "POSIX in screen without colours"],
)
def test_the_workbench_is_drawn_there(start: Callable[..., PtyHost], env: dict[str, str]) -> None:
    """Python takes LANG=C for UTF-8; tmux and screen get no colour codes that they can't pass on."""
    host = start(env=env)
    host.until(lambda screen: "No reply yet" in screen and "https://…" in screen)
    assert b";2;" not in re.sub(rb"\x1b\[[0-9;]*H", b"", host.output)
    colours = {int(number) for number in _COLOUR.findall(host.output)}
    if "NO_COLOR" in env:
        assert not colours
    else:
        assert colours
    host.send(signal.SIGTERM)
    assert host.ended() == 128 + signal.SIGTERM
    host.assert_restored()


@fault("terminal.lang_c")
@pytest.mark.parametrize(
    ("env", "why"),
    [
        ({"TERM": "dumb"}, "TERM names none that can move its cursor"),
        ({"TERM": ""}, "TERM names none that can move its cursor"),
        (_BARE, "its locale is not UTF-8; set LANG=C.UTF-8"),
    ],
    ids=["TERM=dumb", "no TERM", "a locale without UTF-8"],
)
def test_where_it_can_not_be_drawn_it_says_why(start: Callable[..., PtyHost], env: dict[str, str], why: str) -> None:
    """Exit code 2, in plain text, and the commands are named that work without."""
    host = start(env=env)
    assert host.ended() == 2
    assert why.encode() in host.output and b"The commands work without one" in host.output
    assert b"\x1b" not in host.output


@fault("terminal.lang_c")
@pytest.mark.parametrize("env", [{"LANG": "C", "LC_ALL": "C"}, _BARE], ids=["LANG=C", "without UTF-8"])
def test_the_commands_work_in_any_locale(work: Path, env: dict[str, str]) -> None:
    """Signs that the locale can't say are escaped on the screen; the bytes of a reply are what they were."""
    name = "Grüße → ✓"
    (work / "collection.toml").write_text("format = 1\n")
    (work / "a.toml").write_text(f'url = "http://127.0.0.1:1/ü"\nname = "{name}"\n', encoding="utf-8")

    def ran(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        everything = own_env(work.parent, **env)
        return subprocess.run(tui_client(*arguments), capture_output=True, env=everything, cwd=work, timeout=60)

    listed = ran("list", "-C", str(work))
    assert listed.returncode == 0
    said = name.encode("ascii", "backslashreplace") if env is _BARE else name.encode()
    assert said in listed.stdout
    sent = ran("send", "a", "-C", str(work), "--json")
    assert sent.returncode == 4 and b"Traceback" not in sent.stderr
    assert ran("history").returncode == 0
    compared = ran("diff", "a.toml", "collection.toml")
    assert compared.returncode == 1 and b"Traceback" not in compared.stderr
