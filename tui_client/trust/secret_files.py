"""`environments/NAME.secret.toml`: a flat table of secret values, closed to others and ignored by git."""

from __future__ import annotations

import errno
import stat
import tomllib
from pathlib import Path
from typing import Final, TypeAlias

import tomlkit
from tomlkit.exceptions import TOMLKitError

from tui_client import disk
from tui_client.errors import Failure, FailureKind, OutsideCollection, RequestFailed, SaveFailed
from tui_client.text.toml_limits import excess
from tui_client.trust.private_files import alone, read_private, write_private, write_shared

_IGNORED: Final = "*.secret.toml"
_MAX_BYTES: Final = 256 * 1024

_Version: TypeAlias = tuple[int, int, int, int]


class SecretFiles:
    """Reads a file again only when it has changed, or has been opened to others: reading closes it."""

    def __init__(self) -> None:
        self._read: dict[Path, tuple[_Version, dict[str, str]]] = {}

    def values(self, collection: Path, environment: str) -> dict[str, str]:
        """The values of an environment's file, {} without one.

        Raises RequestFailed (collection.file) for one that can't be read, OutsideCollection for one elsewhere.
        """
        path = _secret_file(collection, environment) if environment else None
        if path is None or (version := _version(path)) is None:
            return {}
        kept = self._read.get(path)
        if kept is None or kept[0] != version:
            values = _values(path)
            # Reading may have changed the mode; all else as it was before, in case someone wrote meanwhile.
            kept = self._read[path] = ((*version[:3], (_version(path) or version)[3]), values)
        return kept[1]

    def write(self, collection: Path, environment: str, name: str, value: str | None) -> None:
        """Set a value, or take it out (None); comments and order stay, and git is told to ignore the file.

        Raises SaveFailed, OutsideCollection, and RequestFailed for a file that can't be read.
        """
        path = _secret_file(collection, environment)
        with alone(path):
            _ignore_in_git(collection)
            write_private(path, _edited(path, name, value), collection)
            self._read.pop(path, None)


def _edited(path: Path, name: str, value: str | None) -> bytes:
    try:
        document = tomlkit.parse(_text(path))
    except (TOMLKitError, ValueError, RecursionError) as error:
        raise _broken(path, "it is not valid TOML") from error
    if value is None:
        document.pop(name, None)
    else:
        document[name] = value
    try:
        return tomlkit.dumps(document).encode()
    except UnicodeEncodeError as error:
        raise SaveFailed(path, "the value is not valid Unicode") from error


def _secret_file(collection: Path, environment: str) -> Path:
    plain = environment not in ("", ".", "..") and not set(environment) & set("/\\\0")
    path = collection / "environments" / f"{environment}.secret.toml"
    try:
        if plain and path.resolve().is_relative_to(collection.resolve()):
            return path
    except (OSError, RuntimeError, ValueError) as error:
        raise OutsideCollection(str(path)) from error
    raise OutsideCollection(str(path))


def _version(path: Path) -> _Version | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, stat.S_IMODE(found.st_mode)


def _text(path: Path) -> str:
    try:
        text = (read_private(path, _MAX_BYTES) or b"").decode("utf-8-sig")
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise _broken(path, "it is too large for a table of secrets") from error
        raise _broken(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise _broken(path, "it is not UTF-8") from error
    if found := excess(text):
        raise _broken(path, f"it {found.reason}")
    return text


def _values(path: Path) -> dict[str, str]:
    try:
        table = tomllib.loads(_text(path))
    except (ValueError, RecursionError) as error:
        # Not the parser's words: they may quote a value. A plain ValueError is a number of too many digits.
        raise _broken(path, "it is not valid TOML") from error
    wrong = [name for name, value in table.items() if not isinstance(value, str)]
    if wrong:
        raise _broken(path, f"the value of {wrong[0]} is not text")
    return table


def _broken(path: Path, reason: str) -> RequestFailed:
    return RequestFailed(Failure(FailureKind.COLLECTION_FILE, subject=str(path), detail=reason))


def _ignore_in_git(collection: Path) -> None:
    _ignored_by(collection / ".gitignore", always=True)
    # One that lies nearer wins; whoever wrote the collection may have put it there.
    _ignored_by(collection / "environments" / ".gitignore", always=False)


def _ignored_by(path: Path, *, always: bool) -> None:
    try:
        data = disk.read_file(path).data
    except FileNotFoundError:
        data = b""
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error
    # The last line that fits a file counts: "!local.secret.toml" takes back what stands before it.
    ours = _IGNORED.encode()
    rules = [line.strip() for line in data.splitlines() if line.strip() == ours or line.startswith(b"!")]
    if (rules[-1] != ours) if rules else always:
        end = b"\r\n" if b"\r\n" in data else b"\n"
        write_shared(path, data + (b"" if data[-1:] in (b"", b"\n") else end) + ours + end)
