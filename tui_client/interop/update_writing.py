"""Writing an update: all of it or nothing, each file whole, in an order in which it can be done again."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from tui_client.errors import Conflict, SaveFailed
from tui_client.interop.drafting import FileChange, on_disk
from tui_client.interop.placing import DOCUMENTS
from tui_client.storage import changes, tree
from tui_client.storage.atomic import write_atomically
from tui_client.storage.saving import has_bom, shown_text, write_text

_AT_A_TIME: Final = 16


def in_order(files: Iterable[FileChange]) -> tuple[FileChange, ...]:
    """As they are written: an update that was killed on its way is done by the next one.

    That knows requests by their link; what an order names is there by then, and the document comes last.
    """
    return tuple(sorted(files, key=_rank))


def _rank(file: FileChange) -> int:
    name = PurePosixPath(file.path).name
    if file.path.startswith(f"{DOCUMENTS}/"):
        return 3
    return 2 if file.text is None else int(name in (tree.FOLDER_FILE, tree.COLLECTION_FILE))


def write_files(root: Path, files: Sequence[FileChange]) -> None:
    """All or nothing, alone in the collection; without files nothing is touched. Raises Conflict, SaveFailed."""
    if not files:
        return
    done: list[_Done] = []
    made: list[Path] = []
    with changes.alone_in(root):
        for file in files:
            _check(root, file)
            made += _missing((root / file.path).parent, root)
        try:
            for _, alike in itertools.groupby(files, key=_rank):
                _write_all(root, tuple(alike), done)
        except BaseException:
            _take_back(root, done, made)
            raise


def _write_all(root: Path, files: Sequence[FileChange], done: list[_Done]) -> None:
    """Files whose order does not matter; what is written stands in `done`, also where one of them fails."""

    def write_one(file: FileChange) -> None:
        before = on_disk(root / file.path, root)
        done.append(_Done(file, before, _write_one(root, file)))

    # Each waits for the disk, which takes many at a time.
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        try:
            for future in [pool.submit(write_one, file) for file in files]:
                future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


class _Done(NamedTuple):
    """A file that was written, what it held before, and the digest of what it holds now."""

    file: FileChange
    before: bytes | None
    digest: str


def _check(root: Path, file: FileChange) -> None:
    data = on_disk(root / file.path, root)
    if _digest(data) != file.was:
        raise Conflict(root / file.path, None if data is None else shown_text(data))


def _write_one(root: Path, file: FileChange) -> str:
    """Gives the digest of what stands there now, "" for nothing."""
    path = root / file.path
    if file.text is None:
        _check(root, file)
        changes.trash_file(file.path, root, path)
        return ""
    changes.make_folder(path.parent, root)
    check = partial(_check, root, file)
    return write_text(path, root, file.text, bom=has_bom(path), fresh=not file.was, check=check).digest


def _missing(folder: Path, root: Path) -> list[Path]:
    found: list[Path] = []
    while folder != root and not folder.exists():
        found.append(folder)
        folder = folder.parent
    return found


def _take_back(root: Path, done: Sequence[_Done], made: Sequence[Path]) -> None:
    """What was written becomes again what it was, unless somebody changed it since."""
    for file, before, digest in reversed(done):
        path = root / file.path
        with contextlib.suppress(OSError, SaveFailed):
            if _digest(on_disk(path, root)) != digest:
                continue
            if before is None:
                path.unlink()
            else:
                write_atomically(path, before, root=root)
    for folder in sorted(made, key=lambda one: len(one.parts), reverse=True):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _digest(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()
