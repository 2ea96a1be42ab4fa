"""Making, moving and removing files of one collection; nothing is ever written over or lost."""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from tui_client import disk
from tui_client.errors import BrokenFile, Conflict, NotFound, OutsideCollection, SaveFailed
from tui_client.storage import tree
from tui_client.storage.atomic import write_atomically
from tui_client.storage.document import Document, decode, read_bytes
from tui_client.storage.inside import is_folder, is_inside, safe_parts
from tui_client.storage.saving import check_unchanged, has_bom, order_text, write_text
from tui_client.storage.sections import file_text
from tui_client.storage.slugs import slug

MAX_TRASH_BYTES: Final = 64 * 1024 * 1024
_TRIES: Final = 5
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
    # Folded: some disks take names in another case for the same.
    reserved = bool(parts) and parts[0].casefold() in (tree.ENVIRONMENTS, tree.BATCHES)
    if reserved or any(part.startswith(".") for part in parts) or not is_inside(path, root):
        raise OutsideCollection(folder)
    return path


def new_folder_path(root: Path, folder: str) -> Path:
    """The same for a folder that people named: of what is not there yet, the parts become safe names."""
    path = folder_path(root, folder)
    below = root
    for part in path.relative_to(root).parts:
        below /= part if is_folder(below / part) else slug(part, fallback="new-folder")
    return folder_path(root, below.relative_to(root).as_posix()) if below != root else root


def make_folder(path: Path, root: Path | None = None) -> None:
    """A directory and those above it. root: what it must not lead out of. Raises SaveFailed."""
    with _told(path), disk.folder_at(path, root, make=True):
        pass


@contextlib.contextmanager
def alone_in(root: Path) -> Iterator[None]:
    """No other instance changes files of this collection meanwhile. Raises SaveFailed where it can't be had."""
    with contextlib.ExitStack() as stack:
        with _told(root):
            stack.enter_context(disk.locked(root))
        yield


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error


def write_new(root: Path, folder: Path, title: str, make: Callable[[Path], str]) -> Path:
    """Write a new file under a free name made of `title`. Raises SaveFailed."""
    make_folder(folder, root)
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
    """Move a file to a name that is free. Raises SaveFailed, also where it changes meanwhile; OutsideCollection."""
    if not is_inside(old, root) or not is_inside(new, root):
        raise OutsideCollection(str(new))
    make_folder(new.parent, root)
    with _told(new):
        data, status = disk.read_file(old, root)
        write_atomically(new, data, mode=stat.S_IMODE(status.st_mode), fresh=True, root=root)
        if _signature(disk.read_file(old, root, 0).status) != _signature(status):
            _unlink(new, root)
            raise SaveFailed(old, "it changed while it was moved; try again")
    _unlink(old, root)


def _signature(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def move_directory(root: Path, old: Path, new: Path) -> None:
    """Move a directory to a name that is free. Raises SaveFailed, OutsideCollection."""
    if not is_inside(old, root) or not is_inside(new, root) or new.is_relative_to(old):
        raise OutsideCollection(str(new))
    make_folder(new.parent, root)
    with _told(new), disk.folder_at(old.parent, root) as source, disk.folder_at(new.parent, root) as target:
        # mkdir claims the name; a rename replaces an empty directory only.
        os.mkdir(new.name, dir_fd=target)
        try:
            os.rename(old.name, new.name, src_dir_fd=source, dst_dir_fd=target)
        except OSError:
            os.rmdir(new.name, dir_fd=target)
            raise
        os.fsync(source)
        os.fsync(target)


def trash_file(key: str, root: Path, path: Path) -> Trashed:
    """Remove one file. Raises NotFound, SaveFailed, also for a link, which `restore` could not make again."""
    if path.is_symlink():
        raise SaveFailed(path, "it is a link; remove it by hand")
    return Trashed(key, root, (_taken(path, root),))


def trash_folder(key: str, root: Path, folder: Path) -> Trashed:
    """Remove a folder with all in it, at most 64 MiB. Raises SaveFailed; nothing is removed then."""
    files: list[Path] = []
    folders = [folder]
    for one in folders:
        # Longer than when it began: what is found below is looked at too. rglob would call itself for each level.
        with _told(one):
            for path in sorted(one.iterdir()):
                if path.is_symlink() or not (path.is_dir() or path.is_file()):
                    raise SaveFailed(path, "it is a link or a special file; remove it by hand")
                (folders if path.is_dir() else files).append(path)
    if sum(path.stat().st_size for path in files) > MAX_TRASH_BYTES:
        raise SaveFailed(folder, "it holds more than 64 MiB; remove it by hand")
    kept: list[TrashedFile] = []
    try:
        for path in files:
            kept.append(_taken(path, root))
    except (SaveFailed, NotFound, OutsideCollection):
        # Nobody would get what was taken so far: it is not handed to anyone who could bring it back.
        restore(Trashed(key, root, tuple(kept)))
        raise
    for path in reversed(folders):
        with contextlib.suppress(OSError), disk.folder_at(path.parent, root) as above:
            os.rmdir(path.name, dir_fd=above)
    return Trashed(key, root, tuple(kept), tuple(folders))


def restore(trashed: Trashed) -> None:
    """Undo a delete, as far as it goes; a second time brings back what was in the way of the first.

    Raises SaveFailed where something else has taken a name; nothing is written over.
    """
    problem: SaveFailed | None = None
    for folder in trashed.folders:
        make_folder(folder, trashed.root)
    for file in trashed.files:
        try:
            _put_back(file, trashed.root)
        except SaveFailed as error:
            problem = problem or error
    if problem is not None:
        raise problem


def _put_back(file: TrashedFile, root: Path) -> None:
    make_folder(file.path.parent, root)
    with contextlib.suppress(OSError):
        if disk.read_file(file.path, root).data == file.data:
            return
    write_atomically(file.path, file.data, mode=file.mode, fresh=True, root=root)


def put_aside(root: Path, path: Path) -> Path | None:
    """Keep what a file holds under another name that no tree shows; None if there is no file. Raises SaveFailed."""
    with _told(path):
        real = disk.real_path(path)
        with disk.folder_at(real.parent, root) as folder:
            for number in itertools.count():
                aside = real.with_name(f"{real.name}.theirs{number or ''}")
                try:
                    _copy(folder, real, aside)
                except FileExistsError:
                    continue
                except FileNotFoundError:
                    return None
                return aside
    raise AssertionError("there is always another number")


def _copy(folder: int, path: Path, aside: Path) -> None:
    try:
        # A second name keeps what is there now, whatever is written to the first one. Not so where files have one only.
        os.link(path.name, aside.name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:
        write_atomically(aside, disk.read_file(path).data, fresh=True)


def _taken(path: Path, root: Path) -> TrashedFile:
    """A file, read and removed."""
    try:
        while True:
            data, status = disk.read_file(path, root)
            if _signature(disk.read_file(path, root, 0).status) == _signature(status):
                break
        _unlink(path, root)
    except FileNotFoundError:
        raise NotFound("request", path.stem) from None
    except disk.Outside:
        raise OutsideCollection(str(path)) from None
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error
    return TrashedFile(path, data, stat.S_IMODE(status.st_mode))


def _unlink(path: Path, root: Path) -> None:
    with _told(path), disk.folder_at(path.parent, root) as folder:
        os.unlink(path.name, dir_fd=folder)
        os.fsync(folder)


def rename_in_order(root: Path, folder: Path, old: str, new: str) -> None:
    """Put the new name where `order` of the folder has the old one. A file that can't be read stays as it is."""
    path = folder / (tree.COLLECTION_FILE if folder == root else tree.FOLDER_FILE)
    for _ in range(_TRIES):
        with contextlib.suppress(Conflict):
            _rename_in_order(root, path, old, new)
            return


def _rename_in_order(root: Path, path: Path, old: str, new: str) -> None:
    try:
        data, found = read_bytes(path, root)
        text = decode(path, data)
        order = list(_order(path, text))
        if old in order:
            order[order.index(old)] = new
            unchanged = partial(check_unchanged, path, root, found)
            write_text(path, root, order_text(path, text, order), bom=has_bom(path), check=unchanged)
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
