"""Seeing changes on disk: git checkout, an editor, another instance."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, NamedTuple

from tui_client import disk
from tui_client.storage.document import MAX_BYTES
from tui_client.storage.stamps import may_hide_a_change
from tui_client.storage.tree import SECRET_SUFFIX

MAX_FILES: Final = 50_000
# A scan may take this part of a processor's time: a large workspace is looked at less often.
_SHARE: Final = 0.05


class _Seen(NamedTuple):
    """files: by path, a number that differs where a file does: tuples would be visited by every garbage collection.

    young: written so lately that the times may hide another change. contents: a number too, of these and of those that
    were young at the look before.
    """

    files: dict[str, int]
    young: set[str]
    contents: dict[str, int]


class Watcher:
    """Looks at the times and sizes of a workspace's TOML files and folders, in a thread, again and again.

    Iterate it for sets of changed, new and vanished paths; `stop` ends the iteration. The first set is empty: who read
    files before it must compare them now, from then on no change is missed. Hidden files, secret files and what a link
    to a directory leads to are left out; at most 50,000 files are looked at.
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
            is_first = self._seen is None
            changed = await self.scan()
            if changed or is_first:
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
    seen = _look(root, before.young if before else set())
    return seen, _differences(before, seen), time.thread_time() - began_s


def _differences(before: _Seen | None, seen: _Seen) -> frozenset[Path]:
    if before is None or before == seen:
        return frozenset()
    changed = {name for name, status in seen.files.items() if before.files.get(name) != status}
    changed |= {name for name, content in seen.contents.items() if before.contents.get(name, content) != content}
    return frozenset(Path(name) for name in changed | (before.files.keys() - seen.files.keys()))


def _look(root: Path, young: set[str]) -> _Seen:
    seen = _Seen({}, set(), {})
    waiting = [str(root)]
    while waiting and len(seen.files) < MAX_FILES:
        try:
            with os.scandir(waiting.pop()) as files:
                for file in files:
                    _note(file, seen, waiting, young)
        except OSError:
            continue
    return seen


def _note(file: os.DirEntry[str], seen: _Seen, waiting: list[str], young: set[str]) -> None:
    name = file.name
    if name.startswith("."):
        return
    if file.is_dir(follow_symlinks=False):
        waiting.append(file.path)
        seen.files[file.path] = 0
    elif name.endswith(".toml") and not name.endswith(SECRET_SUFFIX):
        try:
            status = file.stat()
        except OSError:
            return
        # ctime is the only one of them that can't be set back.
        seen.files[file.path] = hash((status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino))
        if may_hide_a_change(status, time.time_ns()):
            seen.young.add(file.path)
        if file.path in seen.young or file.path in young:
            seen.contents[file.path] = _content(file.path)


def _content(path: str) -> int:
    try:
        return hash(disk.read_file(Path(path), limit=MAX_BYTES).data)
    except OSError:
        return 0
