"""JSON indented for people: numbers, escapes, order and repeated keys stay as the server sent them."""

from __future__ import annotations

import asyncio
import codecs
import os
import sys
import tempfile
from pathlib import Path
from typing import IO, Final, TypeAlias

import msgspec

from tui_client.model.exchange import BodyContent, BytesBody
from tui_client.text import format_bytes, safe_line
from tui_client.tui.widgets import format_json

AT_ONCE: Final = 1 << 15  # bytes that are formatted without leaving the event loop: some 0.3 ms
IN_THREAD: Final = 1 << 18
LARGEST: Final = 64 << 20


class Refused(msgspec.Struct, frozen=True):
    """The text can't be indented; `reason` is safe to print and fits after a colon."""

    reason: str


Formatted: TypeAlias = BodyContent | Refused


class FileBody:
    """A body in a file without a name: gone when nobody holds it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._size = os.fstat(file.fileno()).st_size

    @property
    def size(self) -> int:
        return self._size

    @property
    def path(self) -> Path | None:
        return None

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        return os.pread(self._file.fileno(), self._size - start if length is None else length, start)


def pretty_now(content: BodyContent) -> Formatted:
    """Indent it here and now; for up to AT_ONCE bytes, or in a thread."""
    try:
        return BytesBody(msgspec.json.format(content.read().removeprefix(codecs.BOM_UTF8), indent=2))
    except (msgspec.DecodeError, RecursionError) as error:
        return _refused(str(error))


async def pretty(content: BodyContent) -> Formatted:
    """Indent it without holding up the event loop: here, in a thread, or in a process, by its size."""
    if content.size <= AT_ONCE:
        return pretty_now(content)
    if content.size <= IN_THREAD:
        return await asyncio.to_thread(pretty_now, content)
    if content.size > LARGEST:
        return Refused(f"it is larger than {format_bytes(LARGEST)}")
    return await _in_process(content)


async def _in_process(content: BodyContent) -> Formatted:
    # It lives as long as the body that reads it.
    output = await asyncio.to_thread(tempfile.TemporaryFile)
    with await asyncio.to_thread(_as_file, content) as source:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            str(Path(format_json.__file__)),
            stdin=source,
            stdout=output,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, said = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode == 0:
        return FileBody(output)
    output.close()
    return _refused(said.decode("utf-8", "replace") if process.returncode == format_json.REFUSED else "")


def _as_file(content: BodyContent) -> IO[bytes]:
    # What came last may still be in memory, and a file may have been removed by someone.
    if content.path is not None and content.path.is_file() and content.path.stat().st_size >= content.size:
        return content.path.open("rb")
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    for start in range(0, content.size, 1 << 20):
        file.write(content.read(start, 1 << 20))
    file.seek(0)
    return file


def _refused(reason: str) -> Refused:
    words = safe_line(reason).removeprefix("JSON is malformed: ").rstrip(".")
    return Refused((words[:1].lower() + words[1:]) or "the formatter stopped")
