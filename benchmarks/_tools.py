"""Command lines that send a request, ours and the peers': run with a limit of time, exit code and memory noted."""

from __future__ import annotations

import json
import os
import pty
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

LIMIT_S: Final = 5  # each tool is told to stop after this
_PATIENCE_S: Final = 9  # and gets this long
_MOST_BYTES: Final = 6 << 30  # what a tool may take before the system stops it


class Sent(NamedTuple):
    """What came of a run. code: None for one that had to be killed. peak_mb: of its process."""

    code: int | None
    output: str
    seconds: float
    peak_mb: float


Words: TypeAlias = Callable[[str, Mapping[str, str], str, Path], list[str]]


class Tool(NamedTuple):
    """send: to a URL, with some headers, trusting a file's authority. words: its command; None for one with a screen.

    Only a command can be told headers and authorities. watched: which of some bytes its terminal gets from a reply.
    """

    name: str
    send: Callable[[str, Mapping[str, str], str], Sent]
    words: Words | None = None
    watched: Callable[[str, tuple[bytes, ...]], set[bytes]] = lambda url, payloads: set()


def command(name: str, words: Words) -> Tool:
    """A tool that is a command. words: for a URL, headers, the authority's file, and a folder for files it needs."""

    def watched(url: str, payloads: tuple[bytes, ...]) -> set[bytes]:
        written = on_a_terminal(words, url)
        return {payload for payload in payloads if payload in written}

    return Tool(name, lambda url, headers, ca: run(words, url, headers, ca), words, watched)


def on_a_terminal(words: Words, url: str) -> bytes:
    """All bytes that a command writes to a terminal."""
    controller, terminal = pty.openpty()
    with tempfile.TemporaryDirectory() as scratch:
        own = {"PATH": os.environ["PATH"], "HOME": scratch, "LANG": "C.UTF-8", "TERM": "xterm-256color"}
        process = subprocess.Popen(
            words(url, {}, "", Path(scratch)), env=own, stdin=terminal, stdout=terminal, stderr=terminal
        )
        os.close(terminal)
        written = b""
        # Linux says with an error that nobody holds the other end any more.
        with suppress(OSError):
            while data := os.read(controller, 1 << 16):
                written += data
        process.wait(_PATIENCE_S)
    os.close(controller)
    return written


def _ours(url: str, headers: Mapping[str, str], ca: str, scratch: Path) -> list[str]:
    given = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    config = scratch / "config" / "tui-client" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(f'[options]\nca = "{ca}"\n' if ca else "")
    return [sys.executable, "-m", "tui_client", "send", url, "-i", "--timeout", str(LIMIT_S), *given]


def curl(program: str) -> Tool:
    """curl with what a careful user gives it."""

    def words(url: str, headers: Mapping[str, str], ca: str, scratch: Path) -> list[str]:
        given = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
        trust = ["--cacert", ca] if ca else []
        return [program, "-sS", "-i", "-L", "--compressed", "--max-time", str(LIMIT_S), *trust, *given, url]

    return command("curl", words)


def httpie(program: str) -> Tool:
    """HTTPie."""

    def words(url: str, headers: Mapping[str, str], ca: str, scratch: Path) -> list[str]:
        given = [f"{name}:{value}" for name, value in headers.items()]
        trust = [f"--verify={ca}"] if ca else []
        options = ["--ignore-stdin", "--follow", "--max-redirects=10", f"--timeout={LIMIT_S}"]
        return [program, *options, *trust, "GET", url, *given]

    return command("HTTPie", words)


def newman(program: str) -> Tool:
    """newman, with a collection of the one request."""

    def words(url: str, headers: Mapping[str, str], ca: str, scratch: Path) -> list[str]:
        rows = [{"key": name, "value": value} for name, value in headers.items()]
        item = {"name": "it", "request": {"method": "GET", "url": url, "header": rows}}
        schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
        file = scratch / "collection.json"
        file.write_text(json.dumps({"info": {"name": "it", "schema": schema}, "item": [item]}))
        trust = ["--ssl-extra-ca-certs", ca] if ca else []
        return [program, "run", str(file), "--timeout-request", str(LIMIT_S * 1000), "--verbose", *trust]

    return command("newman", words)


def run(make: Words, url: str, headers: Mapping[str, str], ca: str) -> Sent:
    """Send it, with a home of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        folders = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
        own = {"PATH": os.environ["PATH"], "HOME": scratch, "LANG": "C.UTF-8", **folders}
        words = make(url, headers, ca, home)
        begun = time.monotonic()
        process = subprocess.Popen(
            words,
            env=own,
            cwd=scratch,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, _MOST_BYTES)),
        )
        return _ended(process, begun)


def _ended(process: subprocess.Popen[bytes], begun: float) -> Sent:
    killer = threading.Timer(_PATIENCE_S, process.kill)
    killer.start()
    kept = bytearray()
    assert process.stdout is not None
    while data := process.stdout.read1(1 << 16):
        kept += data[: max(0, (1 << 20) - len(kept))]
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    killed = not killer.is_alive() or os.WIFSIGNALED(status)
    killer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    code = None if killed and seconds >= _PATIENCE_S else process.returncode
    return Sent(code, kept.decode("utf-8", "replace"), seconds, usage.ru_maxrss / 1024)


OURS: Final = command("tui-client", _ours)
