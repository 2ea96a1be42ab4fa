"""The whole program in a pseudo terminal: keys go in, bytes come out, and none of them is an enemy's."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path

from fault_matrix import fault
from hostile_server import hostile_server
from payloads import PAYLOADS, but, named
from pty_host import PtyHost, own_env, tui_client
from sink_count import tell
from sink_walks.files import toml

from tui_client.text import safe

# What the app asks of a terminal: styles, places, modes, the pointer's shape, what its keyboard can do.
_OWN = re.compile(r"\x1b\[[0-9;<=>?]*\$?[a-zA-Z]|\x1b\]22;[a-z-]*(?:\x1b\\|\x07)|\x1b_G[^\x1b]*\x1b\\|\r\n|\r")
_SHOWN = but("nul")
(_PASTED,) = named("bidi override")


def _clean(output: bytes) -> None:
    text = output.decode()
    assert [one.name for one in PAYLOADS if one.acts and one.text in text] == []
    rest = _OWN.sub("", text)
    assert safe(rest) == rest


@fault("terminal.payloads")
def test_a_hostile_reply_in_the_workbench(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """It is sent with a key and read as signs; title and modes of the terminal are what the app made them."""
    with hostile_server() as base_url:
        (tmp_path / "work").mkdir()
        (tmp_path / "work" / "collection.toml").write_text(f"format = 1\nbase_url = {toml(base_url)}\n")
        (tmp_path / "work" / "text.toml").write_text(f'url = "/text"\nname = {toml(PAYLOADS[3].whole)}\n')
        with PtyHost(tui_client(tmp_path / "work"), own_env(tmp_path), (160, 110), tmp_path) as host:
            host.until(lambda text: "No reply yet" in text)
            modes = host.modes
            host.write(b"\x0c" + f"{base_url}/text".encode() + b"\r")
            host.until(lambda text: _SHOWN[-1].mark in text)
            seen = [one for one in _SHOWN if one.shown in host.text]
            assert len(seen) == len(_SHOWN)
            # A field of Textual's own draws what is pasted into it.
            host.write(b"\x10")
            host.until(lambda text: "Search for commands" in text)
            host.write(b"\x1b[200~" + _PASTED.whole.encode() + b"\x1b[201~")
            host.until(lambda text: _PASTED.whole.replace("\u202e", "�") in text)
            assert host.modes == modes
            host.send(signal.SIGTERM)
            host.ended()
            assert host.modes == set()
            assert host.attributes[:4] == host.before[:4]
            _clean(host.output)
    tell(record_property, len(seen), 0)


@fault("terminal.payloads")
def test_a_hostile_question_on_the_command_line(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """A variable that is asked for is named by its file; what it is called does nothing."""
    (tmp_path / "work").mkdir()
    asked = "".join(f"v{one.mark} = {{ prompt = {toml(one.whole)} }}\n" for one in _SHOWN)
    url = "/".join(f"{{{{v{one.mark}}}}}" for one in _SHOWN)
    (tmp_path / "work" / "collection.toml").write_text(f"format = 1\n[variables]\n{asked}")
    (tmp_path / "work" / "ask.toml").write_text(f'url = "http://127.0.0.1:9/{url}"\n')
    args = tui_client("send", "ask", "-C", tmp_path / "work")
    with PtyHost(args, own_env(tmp_path), (120, 60), tmp_path) as host:
        for one in _SHOWN:
            host.until(lambda text: one.shown in text)  # noqa: B023 - called at once
            host.write(b"x\r")
        host.ended()
        _clean(host.output)
    tell(record_property, len(_SHOWN), 0)
