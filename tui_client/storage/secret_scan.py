"""Looking through a collection's files for secrets that others could read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

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
    for folder, folders, names in os.walk(root):
        folders[:] = sorted((one for one in folders if not one.startswith(".") and one not in _NOT_OURS), key=natural)
        for name in sorted(names, key=natural):
            path = Path(folder, name)
            if not name.startswith(".") and not path.is_symlink() and path.is_file():
                yield path


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES).decode("utf-8-sig", "replace")
    except OSError:
        # That it can't be read is told elsewhere, where it matters.
        return ""


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0
