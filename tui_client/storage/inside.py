"""Paths that stay where they belong: the real path of everything read or written is inside its collection."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from tui_client.errors import Failure, FailureKind, OutsideCollection, RequestFailed
from tui_client.model.content import Locate


def is_inside(path: Path, root: Path) -> bool:
    """Whether the real path is `root` or below it."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def is_there(path: Path) -> bool:
    """Whether a file or directory is there and may be seen."""
    try:
        return path.exists()
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Whether a directory is there; False for a name that no disk takes."""
    try:
        return path.is_dir()
    except OSError:
        return False


def safe_parts(relative: str) -> tuple[str, ...]:
    """The parts of a key. Raises OutsideCollection for "..", an absolute path, NUL or a backslash."""
    path = PurePosixPath(relative)
    if path.is_absolute() or ".." in path.parts or "\0" in relative or "\\" in relative:
        raise OutsideCollection(relative)
    return path.parts


def request_path(root: Path, key: str) -> Path:
    """The file of a key; it need not exist. Raises OutsideCollection."""
    parts = safe_parts(key)
    if not parts:
        raise OutsideCollection(key)
    path = root.joinpath(*parts)
    return path.with_name(path.name + ".toml")


def locate_in(root: Path, allowed: frozenset[Path] = frozenset()) -> Locate:
    """Resolve paths written in a request, relative to the collection's root.

    `allowed`: files and directories outside that the user has granted. What is found is a readable regular file.
    Raises RequestFailed (file.missing, file.outside).
    """

    def locate(written: str) -> Path:
        try:
            real = (root / Path(written).expanduser()).resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise RequestFailed(Failure(FailureKind.FILE_MISSING, written, detail=str(error))) from error
        places = (root.resolve(), *(place.resolve() for place in allowed))
        if not any(real.is_relative_to(place) for place in places):
            raise RequestFailed(Failure(FailureKind.FILE_OUTSIDE, written, detail=str(real)))
        if not real.is_file():
            reason = "it is a directory" if real.is_dir() else "there is no such file"
            raise RequestFailed(Failure(FailureKind.FILE_MISSING, written, detail=reason))
        return real

    return locate
