"""Run as a program: a job and two bodies from standard input, the comparison to standard output.

Comparing holds the interpreter's lock for seconds, so large bodies need a process of their own.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from types import FrameType
from typing import IO, Final

import msgspec

from tui_client.model.exchange import BodyContent, BytesBody
from tui_client.replay.comparison.job import Job, compare_texts

_LENGTH_BYTES: Final = 8
_PIECE: Final = 1 << 20
_LOOK_S: Final = 0.5


def write_job(file: IO[bytes], job: Job, left: BodyContent, right: BodyContent) -> None:
    """Write what `main` reads: each part behind its length. A body that grows meanwhile is cut to what it was."""
    for part in (BytesBody(msgspec.msgpack.encode(job)), left, right):
        size = part.size
        file.write(size.to_bytes(_LENGTH_BYTES, "little"))
        for start in range(0, size, _PIECE):
            file.write(part.read(start, min(_PIECE, size - start)))


def _read_part(file: IO[bytes]) -> bytes:
    return file.read(int.from_bytes(file.read(_LENGTH_BYTES), "little"))


def _end_with(parent: int) -> None:
    """End once nobody waits: who started this may have been killed, and could not end it."""

    def look(_signal: int, _frame: FrameType | None) -> None:
        if os.getppid() != parent:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _LOOK_S, _LOOK_S)


def main() -> int:
    """Compare what stands on standard input. Returns 0."""
    _end_with(os.getppid())
    gc.disable()
    source = sys.stdin.buffer
    job = msgspec.msgpack.decode(_read_part(source), type=Job)
    left = _read_part(source)
    right = _read_part(source)
    sys.stdout.buffer.write(compare_texts(job, left, right))
    sys.stdout.buffer.flush()
    # At its very end the interpreter takes the handler away, and the signal would be the end instead.
    signal.setitimer(signal.ITIMER_REAL, 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
