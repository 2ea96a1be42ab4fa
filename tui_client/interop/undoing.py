"""Taking an import back: what it wrote goes, as long as nobody has changed any of it since."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
from pathlib import Path
from typing import Final

import msgspec

from tui_client import disk
from tui_client.errors import SaveFailed, UsageError
from tui_client.interop.importing import Target
from tui_client.interop.placing import Placed
from tui_client.interop.writing import ASIDE
from tui_client.storage import changes

_GOES_ON: Final = "Delete by hand what you do not want."


class Receipt(msgspec.Struct, frozen=True):
    """What an import wrote below `root`: files with the SHA-256 of their texts, and folders that were not there before.

    made: new collections, nothing of which was there before; files of those are in `files` too.
    """

    root: str
    files: tuple[tuple[str, str], ...]
    folders: tuple[str, ...] = ()
    made: tuple[str, ...] = ()


def receipt_of(placed: Placed, target: Target) -> Receipt:
    """What writing this will have written; asked before it is."""
    root = target.root or target.workspace
    # One that takes the place of another can't be taken back to that; it is no request, and stays.
    files = [file for file in placed.files if target.root is None or not (root / file.path).exists()]
    folders: dict[str, None] = {}
    if target.root is not None:
        for file in files:
            parts = file.path.split("/")[:-1]
            for depth in range(1, len(parts) + 1):
                folders.setdefault("/".join(parts[:depth]))
    return Receipt(
        root=str(root),
        files=tuple((file.path, hashlib.sha256(file.text.encode()).hexdigest()) for file in files),
        folders=tuple(folder for folder in folders if not (root / folder).exists()),
        made=placed.collections,
    )


def take_back(receipt: Receipt) -> None:
    """Remove what it names. Raises UsageError where any of it was changed, and SaveFailed; both leave all as it is."""
    root = Path(receipt.root)
    with changes.alone_in(root):
        for path, digest in receipt.files:
            _expect(root, path, digest)
        _expect_no_more(root, receipt)
        _remove(root, receipt.made or tuple(path for path, _ in receipt.files))
        for folder in reversed(receipt.folders):
            with contextlib.suppress(OSError):
                (root / folder).rmdir()


def _expect(root: Path, path: str, digest: str) -> None:
    try:
        data = disk.read_file(root / path, root).data
    except FileNotFoundError:
        raise UsageError(f"{path} is not there any more, so the import stays. {_GOES_ON}") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} can't be read, so the import stays. {_GOES_ON}") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise UsageError(f"{path} was changed since, so the import stays. {_GOES_ON}")


def _expect_no_more(root: Path, receipt: Receipt) -> None:
    known = {path for path, _ in receipt.files}
    for made in receipt.made or receipt.folders:
        for folder, _, names in os.walk(root / made):
            inside = Path(folder).relative_to(root).as_posix()
            for name in names:
                if (path := f"{inside}/{name}") not in known:
                    raise UsageError(f"{path} was added since, so the import stays. {_GOES_ON}")


def _remove(root: Path, paths: tuple[str, ...]) -> None:
    """All of them or none: each is put aside first."""
    aside = root / f"{ASIDE}{secrets.token_hex(4)}"
    moved: list[tuple[Path, Path]] = []
    try:
        aside.mkdir(mode=0o700)
        for number, path in enumerate(paths):
            place = aside / str(number)
            (root / path).rename(place)
            moved.append((place, root / path))
    except OSError as error:
        for place, path_before in moved:
            with contextlib.suppress(OSError):
                place.rename(path_before)
        with contextlib.suppress(OSError):
            aside.rmdir()
        raise SaveFailed(root, error.strerror or str(error)) from error
    shutil.rmtree(aside, ignore_errors=True)
