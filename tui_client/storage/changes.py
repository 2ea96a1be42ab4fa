"""Making, moving and removing files of one collection; nothing is ever written over or lost."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

import msgspec

from tui_client.errors import BrokenFile, NotFound, OutsideCollection, SaveFailed
from tui_client.storage import tree
from tui_client.storage.atomic import sync_folder, write_atomically
from tui_client.storage.document import Document, decode, read_bytes
from tui_client.storage.inside import is_inside, safe_parts
from tui_client.storage.saving import order_text, write_text
from tui_client.storage.sections import file_text
from tui_client.storage.slugs import slug

MAX_TRASH_BYTES: Final = 64 * 1024 * 1024
GITIGNORE: Final = f"*{tree.SECRET_SUFFIX}\n.tui-client-*.tmp\n"


class TrashedFile(msgspec.Struct, frozen=True):
    """A file that was removed, whole."""

    path: Path
    data: bytes
    mode: int


class Trashed(msgspec.Struct, frozen=True):
    """What a delete took away: hand it to `restore` to undo it. `folders` from the outermost in."""

    key: str
    root: Path
    files: tuple[TrashedFile, ...]
    folders: tuple[Path, ...] = ()


def names_in(folder: Path) -> set[str]:
    """The names that a new request or folder can't have."""
    try:
        return {file.name.removesuffix(".toml") for file in folder.iterdir()}
    except OSError:
        return set()


def folder_path(root: Path, folder: str) -> Path:
    """The directory of a folder; it need not be there. Raises OutsideCollection."""
    parts = safe_parts(folder)
    path = root.joinpath(*parts)
    reserved = bool(parts) and parts[0] in (tree.ENVIRONMENTS, tree.BATCHES)
    if reserved or any(part.startswith(".") for part in parts) or not is_inside(path, root):
        raise OutsideCollection(folder)
    return path


def make_folder(path: Path) -> None:
    """A directory and those above it. Raises SaveFailed."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error


def write_new(root: Path, folder: Path, title: str, make: Callable[[Path], str]) -> Path:
    """Write a new file under a free name made of `title`. Raises SaveFailed."""
    make_folder(folder)
    taken: Collection[str] = names_in(folder)
    while True:
        path = folder / f"{slug(title, taken)}.toml"
        try:
            write_text(path, root, make(path), fresh=True)
        except SaveFailed:
            if not path.exists():
                raise
            # Another process was faster with this name.
            taken = {*taken, path.stem}
        else:
            return path


def move_file(root: Path, old: Path, new: Path) -> None:
    """Move a file to a name that is free. Raises SaveFailed."""
    if not is_inside(old, root) or not is_inside(new, root):
        raise OutsideCollection(str(new))
    make_folder(new.parent)
    try:
        data, mode = old.read_bytes(), stat.S_IMODE(old.stat().st_mode)
        write_atomically(new, data, mode=mode, fresh=True)
        old.unlink()
        sync_folder(old.parent)
    except OSError as error:
        raise SaveFailed(new, error.strerror or str(error)) from error


def move_directory(root: Path, old: Path, new: Path) -> None:
    """Move a directory to a name that is free. Raises SaveFailed, OutsideCollection."""
    if not is_inside(old, root) or not is_inside(new, root) or new.is_relative_to(old):
        raise OutsideCollection(str(new))
    make_folder(new.parent)
    try:
        # mkdir claims the name; a rename replaces an empty directory only.
        new.mkdir()
        old.rename(new)
        sync_folder(new.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            new.rmdir()
        raise SaveFailed(new, error.strerror or str(error)) from error


def trash_file(key: str, root: Path, path: Path) -> Trashed:
    """Remove one file. Raises NotFound, SaveFailed."""
    kept = _taken(path)
    _unlink(path)
    return Trashed(key, root, (kept,))


def trash_folder(key: str, root: Path, folder: Path) -> Trashed:
    """Remove a folder with all in it, at most 64 MiB. Raises SaveFailed; nothing is removed then."""
    files: list[Path] = []
    folders = [folder]
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise SaveFailed(path, "it is a link or a special file; remove it by hand")
        (folders if path.is_dir() else files).append(path)
    if sum(path.stat().st_size for path in files) > MAX_TRASH_BYTES:
        raise SaveFailed(folder, "it holds more than 64 MiB; remove it by hand")
    kept = tuple(_taken(path) for path in files)
    for path in files:
        _unlink(path)
    for path in reversed(folders):
        with contextlib.suppress(OSError):
            path.rmdir()
    return Trashed(key, root, kept, tuple(folders))


def restore(trashed: Trashed) -> None:
    """Undo a delete. Raises SaveFailed where something else has taken the name; nothing is written over."""
    for folder in trashed.folders:
        make_folder(folder)
    for file in trashed.files:
        make_folder(file.path.parent)
        write_atomically(file.path, file.data, mode=file.mode, fresh=True)


def _taken(path: Path) -> TrashedFile:
    try:
        return TrashedFile(path, path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
    except FileNotFoundError:
        raise NotFound("request", path.stem) from None
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error


def _unlink(path: Path) -> None:
    try:
        path.unlink()
        sync_folder(path.parent)
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error


def rename_in_order(root: Path, folder: Path, old: str, new: str) -> None:
    """Put the new name where `order` of the folder has the old one. A file that can't be read stays as it is."""
    path = folder / (tree.COLLECTION_FILE if folder == root else tree.FOLDER_FILE)
    try:
        text = decode(path, read_bytes(path)[0])
        order = list(_order(path, text))
        if old in order:
            order[order.index(old)] = new
            write_text(path, root, order_text(path, text, order))
    except BrokenFile:
        return


def _order(path: Path, text: str) -> list[str]:
    found = Document(path, text).table.get("order", [])
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def create_collection(workspace: Path, name: str) -> Path:
    """A new, empty collection; its .gitignore keeps secret files out of git. Raises SaveFailed."""
    make_folder(workspace)
    root = workspace / slug(name, names_in(workspace), fallback="collection")
    try:
        root.mkdir()
    except OSError as error:
        raise SaveFailed(root, error.strerror or str(error)) from error
    write_text(root / ".gitignore", root, GITIGNORE, fresh=True)
    title = name if name.strip() else root.name
    write_text(root / tree.COLLECTION_FILE, root, file_text({"format": 1, "name": title}), fresh=True)
    return root
