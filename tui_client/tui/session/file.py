"""The file of one workspace's session: readable by its owner only, and written by one app at a time."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import msgspec

from tui_client import config, disk
from tui_client.errors import SaveFailed, UsageError
from tui_client.replay.journal.locks import RunLock
from tui_client.storage.slugs import slug
from tui_client.trust.private_files import read_private, write_private
from tui_client.tui.session.codec import decode, encode
from tui_client.tui.session.state import SessionState

_LARGEST: Final = 256 << 20  # bytes; more than was ever typed
_TAKEN = "This workspace is open in another window, which keeps its session. What is open here ends with this one."
_BROKEN = "What was open last time can't be read: {why}. It is kept as {name}."


class Opened(msgspec.Struct, frozen=True):
    """file: to write to, None where another app does. state: of the last session. say: what the user should know."""

    file: SessionFile | None = None
    state: SessionState = SessionState()
    say: str = ""


class SessionFile:
    """Ours alone as long as its lock is held, until `close`."""

    def __init__(self, path: Path, lock: RunLock) -> None:
        self.path = path
        self._lock = lock

    def write(self, state: SessionState) -> None:
        """Replace it; the one before stays whole if that fails. Raises SaveFailed, also where one tab can't be kept."""
        try:
            data = encode(state)
        except ValueError as error:
            # One tab must not cost the drafts of all others.
            write_private(self.path, encode(_what_can_be_kept(state)))
            raise SaveFailed(self.path, f"a draft can't be written: {error}") from error
        write_private(self.path, data)

    def close(self) -> None:
        """Let another app have it."""
        self._lock.release()


def _what_can_be_kept(state: SessionState) -> SessionState:
    tabs = tuple(tab for tab in state.tabs if _can_be_kept(SessionState((tab,))))
    chosen = {key: name for key, name in state.environments.items() if _can_be_kept(SessionState((), 0, {key: name}))}
    return SessionState(tabs, state.active, chosen, state.room)


def _can_be_kept(state: SessionState) -> bool:
    try:
        encode(state)
    except ValueError:
        return False
    return True


def session_path(root: Path, state_dir: Path | None = None) -> Path:
    """Where the session of a workspace is kept; its name tells people which one it is."""
    place = root.resolve()
    digest = hashlib.sha256(str(place).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return (state_dir or config.named(config.state_dir)) / "sessions" / f"{slug(place.name)}-{digest}.json"


def open_session(root: Path, state_dir: Path | None = None) -> Opened:
    """Take the session of a workspace, and read it. Blocking; never raises for what lies on disk."""
    path = session_path(root, state_dir)
    try:
        disk.own_folder(path.parent)
        file = SessionFile(path, RunLock(path.with_suffix(".lock")))
    except UsageError:
        return Opened(say=_TAKEN)
    except (SaveFailed, OSError):
        # A home that can't be written to: nothing was kept, nothing will be.
        return Opened()
    return _read(file)


def _read(file: SessionFile) -> Opened:
    try:
        if file.path.exists() and file.path.stat().st_size > _LARGEST:
            raise ValueError("it is too large")
        data = read_private(file.path)
        return Opened(file, decode(data) if data is not None else SessionState())
    except (OSError, ValueError) as error:
        # Not the decoder's words for it: they may quote what was typed.
        why = error.strerror if isinstance(error, OSError) else "it is damaged, or of a newer version"
        try:
            aside = disk.set_aside(file.path)
        except OSError:
            # It can't be moved, so it must not be written over.
            file.close()
            return Opened()
        return Opened(file, say=_BROKEN.format(why=why, name=aside))
