"""Writing an import: all of it or nothing."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tui_client.errors import SaveFailed
from tui_client.interop.placing import NewFile, Placed
from tui_client.storage import changes
from tui_client.storage.atomic import write_atomically

ASIDE: Final = ".tui-client-import-"


def write_collections(workspace: Path, placed: Placed) -> None:
    """New collections, each built aside and put in its place with one rename. Raises SaveFailed, and leaves nothing.

    What an import that was killed left there is removed.
    """
    changes.make_folder(workspace)
    with changes.alone_in(workspace):
        # Nobody else imports now: each of these is of a process that is no more, and may hold secrets.
        for left in workspace.glob(f"{ASIDE}*"):
            shutil.rmtree(left, ignore_errors=True)
        _write_aside(workspace, workspace / f"{ASIDE}{secrets.token_hex(4)}", placed)


def _write_aside(workspace: Path, staging: Path, placed: Placed) -> None:
    done: list[Path] = []
    try:
        staging.mkdir(mode=0o700)
        for file in placed.files:
            _write_plain(staging / file.path, file)
        for root in placed.collections:
            target = workspace / root
            if os.path.lexists(target):
                raise SaveFailed(target, "it is there by now")
            (staging / root).rename(target)
            done.append(target)
    except OSError as error:
        _remove(done)
        raise SaveFailed(workspace, error.strerror or str(error)) from error
    except BaseException:
        _remove(done)
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def write_inside(root: Path, placed: Placed) -> None:
    """New files of a collection that is there; none of them takes the place of one. Raises SaveFailed."""
    written: list[Path] = []
    made: list[Path] = []
    try:
        with changes.alone_in(root):
            for file in placed.files:
                path = root / file.path
                made += _missing(path.parent, root)
                changes.make_folder(path.parent, root)
                mode = 0o600 if file.private else None
                write_atomically(path, file.text.encode(), mode=mode, fresh=not file.replaces, root=root)
                written.append(path)
    except BaseException:
        _take_back(written, made)
        raise


def _write_plain(path: Path, file: NewFile) -> None:
    # What a kill leaves here is under a name that nobody reads.
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if file.private else 0o666)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(file.text.encode())


def _missing(folder: Path, root: Path) -> list[Path]:
    found: list[Path] = []
    while folder != root and not folder.exists():
        found.append(folder)
        folder = folder.parent
    return found


def _take_back(written: Sequence[Path], made: Sequence[Path]) -> None:
    for path in written:
        with contextlib.suppress(OSError):
            path.unlink()
    for folder in sorted(made, key=lambda path: len(path.parts), reverse=True):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _remove(done: Sequence[Path]) -> None:
    for target in done:
        shutil.rmtree(target, ignore_errors=True)
