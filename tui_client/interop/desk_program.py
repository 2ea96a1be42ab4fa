"""Run as a program: the desk of one import, asked and answering over its standard input and output.

Reading ten megabytes takes seconds of Python. Here they hold no lock of a screen's, and take no memory of its own;
whoever started it ends it at any time. Frames: four bytes of length, MessagePack.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

import msgspec

from tui_client.errors import TuiClientError, UsageError
from tui_client.interop.desk import Desk
from tui_client.interop.offered import (
    Answer,
    Ask,
    Lines,
    Nodes,
    Place,
    Preview,
    Read,
    Refused,
    Step,
    Undo,
    Undone,
    Written,
)
from tui_client.interop.undoing import take_back
from tui_client.model.wording import describe_error

MEMORY_BYTES: Final = 4 << 30
_CHUNK: Final = 500  # rows in a frame: a screen takes each between two keys
_TOO_MUCH: Final = "It needs more than 4 GiB of memory to be read."
_STOPPED: Final = "Stopped. Nothing was written."

T = TypeVar("T")


def frame(value: Ask | Answer) -> bytes:
    """One message, with its length before it."""
    data = msgspec.msgpack.encode(value)
    return len(data).to_bytes(4, "big") + data


def serve(desk: Desk, asked: BinaryIO, answered: BinaryIO) -> None:
    """Answer until nobody asks any more."""
    while length := asked.read(4):
        ask = msgspec.msgpack.decode(asked.read(int.from_bytes(length, "big")), type=Ask)
        for answer in _answers(desk, ask):
            _send(answered, answer)


def _answers(desk: Desk, ask: Ask) -> Iterator[Answer]:
    try:
        if isinstance(ask, Read | Place):
            found = desk.read(ask) if isinstance(ask, Read) else desk.place(ask.target)
            if isinstance(found, Preview):
                yield from (Nodes(rows) for rows in _chunks(found.tree))
                yield from (Lines(rows) for rows in _chunks(found.report))
                found = msgspec.structs.replace(found, tree=(), report=())
            yield found
        elif isinstance(ask, Undo):
            take_back(ask.receipt)
            yield Undone()
        else:
            yield _written(desk)
    except TuiClientError as error:
        yield Refused(error.reason if isinstance(error, UsageError) else describe_error(error))
    except MemoryError:
        yield Refused(_TOO_MUCH)
    except KeyboardInterrupt:
        yield Refused(_STOPPED)


def _written(desk: Desk) -> Written:
    """What is written can be stopped, and is taken back then; nothing else can."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return desk.write()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _chunks(rows: tuple[T, ...]) -> Iterator[tuple[T, ...]]:
    left = iter(rows)
    while chunk := tuple(islice(left, _CHUNK)):
        yield chunk


def _send(answered: BinaryIO, answer: Answer) -> None:
    answered.write(frame(answer))
    answered.flush()


def main() -> None:
    """Serve standard input and output, within bounds."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    answered = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may come between the frames
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # a large document is a million objects, all of which live to the end
    with contextlib.suppress(BrokenPipeError):
        serve(Desk(Path(sys.argv[1]), lambda words: _send(answered, Step(words))), sys.stdin.buffer, answered)
    os._exit(0)  # to free a million objects one by one is of no use


if __name__ == "__main__":
    main()
