"""Looking through a collection's files for secrets that others could read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tui_client import disk
from tui_client.errors import BrokenFile
from tui_client.storage.git_ignore import is_ignored, tracked
from tui_client.storage.plain_secrets import secrets_in
from tui_client.storage.tree import SECRET_SUFFIX, natural

MAX_BYTES: Final = 1 << 20  # of a file, which takes up to two seconds; the rest of a longer one is not looked at
_ENDINGS: Final = (".toml", ".csv", ".tsv", ".json", ".jsonl", ".ndjson")
_NOT_OURS: Final = frozenset({"node_modules", "__pycache__", "site-packages"})


def plain_secrets(root: Path) -> Iterator[BrokenFile]:
    """Each secret that stands in plain in the collection at `root`, or in its data; nothing of it is told."""
    for path in _files(root):
        if path.name.endswith(_ENDINGS) and not path.name.endswith(SECRET_SUFFIX):
            for found in secrets_in(path.name, _text(path)):
                yield BrokenFile(path, found.words, line=found.line, column=found.column, toml_path=found.toml_path)


def open_secrets(root: Path) -> Iterator[BrokenFile]:
    """Each file of secrets in the collection at `root` that others can read, or that git would take along."""
    paths = [path for path in _files(root) if path.name.endswith(SECRET_SUFFIX)]
    kept = {root / name for name in tracked(root, SECRET_SUFFIX)}
    for path in sorted({*paths, *kept}, key=lambda path: natural(str(path))):
        if (mode := _mode(path)) & 0o077:
            yield BrokenFile(path, f"holds secrets, and others can read it (mode {mode:04o}); chmod 600 closes it")
        if path in kept:
            yield BrokenFile(path, "holds secrets, and git keeps it; git rm --cached takes it out, its past stays")
        elif not is_ignored(path, root):
            yield BrokenFile(path, f"holds secrets, and git would keep it; put *{SECRET_SUFFIX} into .gitignore")


def _files(root: Path) -> Iterator[Path]:
    # os.walk calls itself for each folder, and folders can stand in each other a thousand times.
    waiting = [str(root)]
    while waiting:
        files, folders = _level(waiting.pop())
        yield from files
        waiting += reversed(folders)


def _level(folder: str) -> tuple[list[Path], list[str]]:
    """The files of a folder, and the folders in it, in natural order; without what is hidden, links and pipes."""
    try:
        with os.scandir(folder) as found:
            entries = sorted((one for one in found if not one.name.startswith(".")), key=lambda one: natural(one.name))
            files = [Path(one.path) for one in entries if one.is_file(follow_symlinks=False)]
            folders = [one.path for one in entries if one.is_dir(follow_symlinks=False) and one.name not in _NOT_OURS]
    except OSError:
        return [], []
    return files, folders


def _text(path: Path) -> str:
    try:
        return disk.read_file(path, limit=MAX_BYTES).data[:MAX_BYTES].decode("utf-8-sig", "replace")
    except OSError:
        # That it can't be read is told elsewhere, where it matters.
        return ""


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0
