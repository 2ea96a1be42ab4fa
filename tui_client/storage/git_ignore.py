"""Whether git leaves a file alone: what `.gitignore` files say, read simply, and what git itself has on its list."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from tui_client import disk

_FILE: Final = ".gitignore"
_LARGEST: Final = 1 << 20
_GIT_S: Final = 5.0
# A repository's own settings may name programs, and hooks are some: none of them is run.
_GIT: Final = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.untrackedCache=false")


def is_ignored(path: Path, root: Path) -> bool:
    """Whether a `.gitignore` between a file and the top of its work tree (without one: `root`) leaves it out.

    Names and globs, "!", and folders; what is written in other places of git's is not looked at.
    """
    top = work_tree(root) or root
    ignored = False
    for folder in reversed([*_between(path.parent, top)]):
        inside = path.relative_to(folder).as_posix()
        for negated, pattern in _patterns(folder / _FILE):
            if _matches(pattern, inside):
                ignored = not negated
    return ignored


def work_tree(folder: Path) -> Path | None:
    """The top of the git work tree that a folder is in."""
    return next((above for above in (folder, *folder.parents) if os.path.lexists(above / ".git")), None)


def tracked(root: Path, suffix: str) -> tuple[str, ...]:
    """The files below `root` with this suffix that git keeps, relative to it; () without git or a work tree."""
    if work_tree(root) is None:
        return ()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        found = subprocess.run(
            [*_GIT, "ls-files", "-z", "--", f":(glob)**/*{suffix}"],
            cwd=root,
            env={**environment, "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_GIT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(name.decode("utf-8", "surrogateescape") for name in found.stdout.split(b"\0") if name)


def _between(folder: Path, top: Path) -> Iterator[Path]:
    while True:
        yield folder
        if folder == top or folder == folder.parent:
            return
        folder = folder.parent


def _patterns(path: Path) -> Iterator[tuple[bool, str]]:
    try:
        lines = disk.read_file(path, limit=_LARGEST).data.decode("utf-8", "replace").splitlines()
    except OSError:
        return
    for line in lines:
        text = line.rstrip()  # but not before it, where git means it
        if text and not text.startswith("#"):
            yield text.startswith("!"), text.removeprefix("!")


def _matches(pattern: str, inside: str) -> bool:
    """Whether it means the file, or a folder that the file is in."""
    parts = inside.split("/")
    anchored = "/" in pattern.rstrip("/")
    if not anchored:
        names = parts[:-1] if pattern.endswith("/") else parts
        return any(fnmatchcase(name, pattern.rstrip("/")) for name in names)
    wanted = pattern.strip("/")
    depths = range(1, len(parts) + (0 if pattern.endswith("/") else 1))
    # "**/x" means x at any depth; "*" does not go through a slash.
    return any(_fits(wanted.split("/"), parts[:depth]) for depth in depths)


def _fits(wanted: list[str], parts: list[str]) -> bool:
    # All the places at once: going back for each "**" would take years for twenty of them.
    reached = {0}
    for pattern in wanted:
        if pattern == "**":
            reached = set(range(min(reached), len(parts) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(parts) and fnmatchcase(parts[at], pattern)}
        if not reached:
            return False
    return len(parts) in reached
