"""The apps that are compared: how each is started, and what its first whole screen says."""

from __future__ import annotations

import argparse
import compileall
import importlib.util
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

MAKE_POSTING: Final = "python3 -m venv /tmp/posting && /tmp/posting/bin/pip install posting 'tree-sitter<0.26'"


class Peer(NamedTuple):
    """One app. command: what starts it with a folder of requests. whole: what its first whole screen says."""

    name: str
    command: tuple[str, ...]
    whole: tuple[str, ...]

    def start(self, folder: Path) -> list[str]:
        """The words that start it in this folder."""
        return [*self.command, str(folder)]


OURS: Final = Peer("tui-client", (sys.executable, "-m", "tui_client"), ("folder-0", "Send ^r", "No reply yet", "F1"))


def posting(program: str) -> Peer:
    """The peer."""
    return Peer("Posting", (program, "--collection"), ("folder-0", "Response", "Trace", "f1"))


def parser(about: str | None) -> argparse.ArgumentParser:
    """The option that all of these scripts have."""
    made = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--posting", metavar="PATH", help=f"Posting's program, to compare with: {MAKE_POSTING}")
    return made


def compile_all(program: str | None) -> None:
    """Byte code for us and for the peer, so that no run compiles."""
    for name in ("tui_client", "textual"):
        spec = importlib.util.find_spec(name)
        assert spec is not None and spec.origin is not None
        compileall.compile_dir(Path(spec.origin).parent, quiet=2)
    if program:
        python = Path(program).parent / "python"
        code = "import compileall, sys; [compileall.compile_dir(p, quiet=2) for p in sys.path if 'site-packages' in p]"
        subprocess.run([python, "-c", code], check=False, env={"PATH": os.environ["PATH"]})


def collection_of(root: Path, count: int, each: int = 100) -> Path:
    """A collection of ours with so many requests, `each` in a folder."""
    root.mkdir()
    (root / "collection.toml").write_text("format = 1\n")
    for number in range(count):
        folder = _folder(root, number // each)
        tag = "smoke" if number % 10 == 0 else "slow"
        text = (
            f'name = "Request {number}"\nmethod = "GET"\nurl = "http://127.0.0.1:9/things/{number}"\n'
            f'tags = ["{tag}"]\n\n[headers]\nAccept = "application/json"\n\n[params]\npage = "{number}"\n'
        )
        (folder / f"request-{number}.toml").write_text(text)
    return root


def posting_collection_of(root: Path, count: int, each: int = 100) -> Path:
    """The same requests for Posting."""
    root.mkdir()
    for number in range(count):
        text = (
            f"name: Request {number}\nmethod: GET\nurl: http://127.0.0.1:9/things/{number}\n"
            f"headers:\n- name: Accept\n  value: application/json\nparams:\n- name: page\n  value: '{number}'\n"
        )
        (_folder(root, number // each) / f"request-{number}.posting.yaml").write_text(text)
    return root


def _folder(root: Path, number: int) -> Path:
    folder = root / f"folder-{number}"
    folder.mkdir(exist_ok=True)
    return folder


def load() -> str:
    """How busy the machine is; figures of a busy one are worth no more than their ratios."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def spread(seconds: Sequence[float]) -> str:
    """Median and range, in milliseconds."""
    return f"{statistics.median(seconds) * 1000:7.0f} ms ({min(seconds) * 1000:.0f}-{max(seconds) * 1000:.0f})"
