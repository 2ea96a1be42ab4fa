"""Saves that are killed with SIGKILL, again and again: files damaged must be 0. Beside it, what `write_text` leaves.

    python benchmarks/saves.py [--kills 500] [--seed N] [--kilobytes 64]

Each round a process saves one request over and over, two versions by turns, and is killed at a random moment of that;
every other round at a random moment after a temporary file was seen, so in the middle of writing. Then the file is
read: it is whole if it is one of the two, byte for byte. The peer writes the same two texts to a file with
`Path.write_text`, as a save that thinks of nothing would. What killed saves left beside the file is counted, too: the
next save removes it. Exits with 1 if anything is not as promised. A process is forked from one that has done its
imports.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple, NoReturn

from msgspec.structs import replace

from tui_client.kinds.body.text import Text
from tui_client.storage.library import Library

_LINE = "{} of a body that takes the disk a while to write, and the killer a while to miss\n"
_ROUND_S = 0.03  # in which a process is killed after its first save
_WRITE_S = 0.0005  # in which it is killed after it began to write
_LOOK_S = 0.2


class Figures(NamedTuple):
    """kills: of saves. while_writing: of these, those that left a temporary file. saves: that came to their end."""

    kills: int
    damaged: int
    while_writing: int
    left: int
    most_left: int


def texts(kilobytes: int) -> tuple[str, str]:
    """Two bodies of other lengths, so that a part of one is never the other."""
    count = kilobytes * 1024 // len(_LINE)
    return _LINE.format("a") * count, _LINE.format("bb") * (count // 2)


def endless_saves(folder: Path, bodies: tuple[str, str], told: int) -> NoReturn:
    """Save a request, through the library, by turns, as the app does."""
    library = Library(folder)
    loaded = library.load("list")
    while True:
        for body in bodies:
            loaded = library.save(loaded, replace(loaded.request, body=Text(body)))
            os.write(told, b".")


def endless_writes(folder: Path, bodies: tuple[str, str], told: int) -> NoReturn:
    """Write the same two texts, as a plain program does."""
    wanted = _documents(folder, bodies)
    while True:
        for text in wanted:
            (folder / "list.toml").write_text(text, encoding="utf-8")
            os.write(told, b".")


def _documents(folder: Path, bodies: tuple[str, str]) -> tuple[str, ...]:
    """The whole text of each version, as the library writes it."""
    (folder / "made").mkdir(exist_ok=True)
    (folder / "made/collection.toml").write_text("format = 1\n")
    library = Library(folder / "made")
    (folder / "made/list.toml").write_text('# mine\nurl = "/"\n')
    found = []
    for body in bodies:
        loaded = library.load("list")
        found.append(library.save(loaded, replace(loaded.request, body=Text(body))).text)
    return tuple(found)


def writing(folder: Path) -> None:
    """Return as soon as a temporary file is there, or after a while."""
    end_s = time.monotonic() + _LOOK_S
    before = set(folder.iterdir())
    while set(folder.iterdir()) <= before and time.monotonic() < end_s:
        pass


def killed(work: Callable[[int], NoReturn], wait: Callable[[], None]) -> None:
    """Let a process work until some time after its first save, and kill it."""
    listen, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(listen)
            work(tell)
        finally:
            os._exit(1)
    os.close(tell)
    try:
        if not os.read(listen, 1):
            raise SystemExit("the process that saves came to an end by itself")
        wait()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(listen)


def measure(folder: Path, kills: int, kilobytes: int, random: Random, work: Callable[..., NoReturn]) -> Figures:
    """Kill that many processes in one folder."""
    bodies = texts(kilobytes)
    whole = _documents(folder, bodies)
    path = folder / "list.toml"
    (folder / "collection.toml").write_text("format = 1\n")
    path.write_text(whole[0])
    damaged = while_writing = most = 0

    def wait(watch: bool) -> None:
        if watch:
            writing(folder)
        time.sleep(random.uniform(0, _WRITE_S if watch else _ROUND_S))

    for round_ in range(kills):
        killed(lambda told: work(folder, bodies, told), partial(wait, round_ % 2 == 0 and work is endless_saves))
        if path.read_text(encoding="utf-8", errors="replace") not in whole:
            damaged += 1
            path.write_text(whole[0])
        left = len(list(folder.glob(".tui-client-*")))
        while_writing += left > 0
        most = max(most, left)
    library = Library(folder)
    loaded = library.load("list")
    library.save(loaded, replace(loaded.request, url="/last"))
    return Figures(kills, damaged, while_writing, len(list(folder.glob(".tui-client-*"))), most)


def main() -> int:
    """Print both, side by side."""
    parser = argparse.ArgumentParser(description="Kill saves and count damaged files.")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kilobytes", type=int, default=64)
    asked = parser.parse_args()
    found = {}
    for name, work in (("tui-client", endless_saves), ("write_text", endless_writes)):
        with tempfile.TemporaryDirectory() as folder:
            found[name] = measure(Path(folder), asked.kills, asked.kilobytes, Random(asked.seed), work)
    ours, peer = found.values()
    print(f"{'':<34}{'tui-client':>12}{'write_text':>12}")
    print(f"{'saves killed':<34}{ours.kills:>12,}{peer.kills:>12,}")
    print(f"{'files damaged':<34}{ours.damaged:>12,}{peer.damaged:>12,}")
    print(f"{'killed while writing':<34}{ours.while_writing:>12,}{'':>12}")
    print(f"{'temporary files, at most at once':<34}{ours.most_left:>12,}{'':>12}")
    print(f"{'temporary files, after a save':<34}{ours.left:>12,}{'':>12}")
    return int(bool(ours.damaged or ours.left))


if __name__ == "__main__":
    sys.exit(main())
