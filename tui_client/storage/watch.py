"""Seeing changes on disk: git checkout, an editor, another instance."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, TypeAlias

from tui_client.storage.tree import SECRET_SUFFIX

MAX_FILES: Final = 50_000
# A scan may take this part of a processor's time: a large workspace is looked at less often.
_SHARE: Final = 0.05

# By path, a number that differs where a file does: tuples would be visited by every collection of garbage.
_Seen: TypeAlias = dict[str, int]


class Watcher:
    """Looks at the times and sizes of a workspace's TOML files and folders, in a thread, again and again.

    Iterate it for sets of changed, new and vanished paths; `stop` ends the iteration. Hidden files, secret files and
    what a link to a directory leads to are left out; at most 50,000 files are looked at.
    """

    def __init__(self, root: Path, interval_s: float = 1.0) -> None:
        self._root = root
        self._interval_s = interval_s
        self._seen: _Seen | None = None
        self._took_s = 0.0
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """End the iteration."""
        self._stopped.set()

    async def scan(self) -> frozenset[Path]:
        """What changed since the last scan; nothing the first time."""
        self._seen, changed, self._took_s = await asyncio.to_thread(_look_again, self._root, self._seen)
        return changed

    async def __aiter__(self) -> AsyncIterator[frozenset[Path]]:
        while not self._stopped.is_set():
            if changed := await self.scan():
                yield changed
            await self._wait(max(self._interval_s, self._took_s / _SHARE))

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopped.wait()
        except TimeoutError:
            return


def _look_again(root: Path, before: _Seen | None) -> tuple[_Seen, frozenset[Path], float]:
    """What is there now, what differs from `before`, and the seconds of work that took."""
    # The thread's own time: a machine that is busy with other things is no reason to look less often.
    began_s = time.thread_time()
    seen = _look(root)
    return seen, _differences(before, seen), time.thread_time() - began_s


def _differences(before: _Seen | None, seen: _Seen) -> frozenset[Path]:
    if before is None or before == seen:
        return frozenset()
    changed = {name for name, status in seen.items() if before.get(name) != status}
    return frozenset(Path(name) for name in changed | (before.keys() - seen.keys()))


def _look(root: Path) -> _Seen:
    seen: _Seen = {}
    waiting = [str(root)]
    while waiting and len(seen) < MAX_FILES:
        try:
            with os.scandir(waiting.pop()) as files:
                for file in files:
                    _note(file, seen, waiting)
        except OSError:
            continue
    return seen


def _note(file: os.DirEntry[str], seen: _Seen, waiting: list[str]) -> None:
    name = file.name
    if name.startswith("."):
        return
    if file.is_dir(follow_symlinks=False):
        waiting.append(file.path)
        seen[file.path] = 0
    elif name.endswith(".toml") and not name.endswith(SECRET_SUFFIX):
        try:
            status = file.stat()
        except OSError:
            return
        seen[file.path] = hash((status.st_mtime_ns, status.st_size, status.st_ino))
