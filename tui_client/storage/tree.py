"""The files of a collection by name alone: nothing is opened but `order` in folder.toml and collection.toml."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

COLLECTION_FILE: Final = "collection.toml"
FOLDER_FILE: Final = "folder.toml"
ENVIRONMENTS: Final = "environments"
BATCHES: Final = "batches"
SECRET_SUFFIX: Final = ".secret.toml"

# Gives the `order` of a folder, by its path in the collection; () where there is none or it can't be read.
ReadOrder: TypeAlias = Callable[[str], tuple[str, ...]]

_DIGITS: Final = re.compile(r"[0-9]+")


class EntryKind(StrEnum):
    """What stands in a folder."""

    FOLDER = "folder"
    REQUEST = "request"


# Looking up an enum's member costs more than all else that is done for one of thousands of files.
_FOLDER: Final = EntryKind.FOLDER
_REQUEST: Final = EntryKind.REQUEST
_SHARED: Final = (COLLECTION_FILE, FOLDER_FILE)


class Entry(msgspec.Struct, frozen=True):
    """One row of a folder. key: "users/list", for a folder "users/admin"; name: the last part of it."""

    kind: EntryKind
    key: str
    name: str


def natural(name: str) -> tuple[str, str]:
    """A sort key: "2" before "10", case ignored unless nothing else differs."""
    folded = name.casefold()
    # Padded text sorts several times faster than a tuple of numbers, with thousands of files in a folder.
    return _DIGITS.sub(_padded, folded), name


def _padded(match: re.Match[str]) -> str:
    return match[0].zfill(20)


def level(root: Path, folder: str, order: tuple[str, ...] = ()) -> tuple[Entry, ...]:
    """The folders and requests of one folder: those in `order` first, the rest in natural order.

    Links to directories are not followed; a link to a file is listed (reading it says if it leads outside).
    """
    found: list[Entry] = []
    prefix, at_root = (f"{folder}/", False) if folder else ("", True)
    try:
        with os.scandir(root / folder) as files:
            for file in files:
                if (kind := _kind(file, at_root)) is not None:
                    name = file.name if kind is _FOLDER else file.name[:-5]
                    found.append(Entry(kind, prefix + name, name))
    except OSError:
        return ()
    return tuple(_ordered(found, order))


def walk(root: Path, read_order: ReadOrder, folder: str = "") -> Iterator[Entry]:
    """All entries below a folder, depth first, in order."""
    waiting = [iter(level(root, folder, read_order(folder)))]
    while waiting:
        entry = next(waiting[-1], None)
        if entry is None:
            waiting.pop()
            continue
        yield entry
        if entry.kind is EntryKind.FOLDER:
            waiting.append(iter(level(root, entry.key, read_order(entry.key))))


def _kind(file: os.DirEntry[str], at_root: bool) -> EntryKind | None:
    name = file.name
    if name[0] == ".":
        return None
    if name.endswith(".toml"):
        ours = name not in _SHARED and not name.endswith(SECRET_SUFFIX)
        return _REQUEST if ours and not file.is_dir(follow_symlinks=False) else None
    if at_root and name in (ENVIRONMENTS, BATCHES):
        return None
    return _FOLDER if file.is_dir(follow_symlinks=False) and not _is_foreign(file.path) else None


def _is_foreign(folder: str) -> bool:
    """Whether a directory holds files, but none that could be ours: data, certificates, documents."""
    foreign = False
    try:
        with os.scandir(folder) as files:
            for file in files:
                if file.name.endswith(".toml") or file.is_dir(follow_symlinks=False):
                    return False
                foreign = True
    except OSError:
        return False
    return foreign


def _ordered(found: list[Entry], order: tuple[str, ...]) -> list[Entry]:
    found.sort(key=lambda entry: natural(entry.name))
    if not order:
        return found
    places = {name.removesuffix(".toml"): index for index, name in reversed(list(enumerate(order)))}

    def place(entry: Entry) -> int:
        exact = entry.name + "/" if entry.kind is EntryKind.FOLDER else entry.name
        return places.get(exact, places.get(entry.name, len(places) + len(order)))

    return sorted(found, key=place)


def environment_names(root: Path) -> tuple[str, ...]:
    """The environments of a collection, in natural order."""
    try:
        names = [file.name for file in os.scandir(root / ENVIRONMENTS)]
    except OSError:
        return ()
    return tuple(sorted((name.removesuffix(".toml") for name in names if _is_shared(name)), key=natural))


def batch_names(root: Path) -> tuple[str, ...]:
    """The saved batches of a collection, in natural order."""
    try:
        names = [file.name for file in os.scandir(root / BATCHES)]
    except OSError:
        return ()
    return tuple(sorted((name.removesuffix(".toml") for name in names if _is_shared(name)), key=natural))


def _is_shared(name: str) -> bool:
    return name.endswith(".toml") and not name.endswith(SECRET_SUFFIX) and not name.startswith(".")
