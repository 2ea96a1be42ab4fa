"""Run as a program: a body from standard input, then expressions; what each finds goes to standard output.

In a process of its own it can be given limits and be ended, and holds nothing up: reading a large body keeps the
interpreter's lock, and jq and XPath can't be interrupted.
"""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final, TypeAlias

if __name__ == "__main__":  # run from a tree that is not installed
    sys.path.append(str(Path(__file__).parents[4]))

import msgspec

from tui_client.errors import QueryError
from tui_client.tui.widgets.filters.json_source import JsonSource, Result, Unusable, without_mark
from tui_client.tui.widgets.filters.markup_source import MarkupSource
from tui_client.tui.widgets.filters.messages import LENGTH_BYTES, Ask, Found, Load, Loaded, Source, framed

_MEMORY_BYTES: Final = 3 << 30
_COLUMN: Final = re.compile(r", line 1, column (\d+)$")
_Source: TypeAlias = JsonSource | MarkupSource


class _Superseded(Exception):
    """A newer expression waits."""


class _Interrupts:
    """Turns an interrupt into _Superseded: of what is evaluated now, or else of what is asked next."""

    def __init__(self) -> None:
        self._welcome = self._early = False
        signal.signal(signal.SIGINT, self._interrupt)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self._early = not self._welcome
        if self._welcome:
            self._welcome = False
            raise _Superseded

    def __enter__(self) -> None:
        self._welcome = True
        if self._early:
            self._early = self._welcome = False
            raise _Superseded

    def __exit__(self, *_: object) -> None:
        self._welcome = False


def main() -> int:
    """Serve until standard input ends."""
    _be_modest()
    interrupts = _Interrupts()
    load = msgspec.json.decode(_read_frame() or b"", type=Load)
    # What is read lives as long as the process, and what is found is let go at once: the collector only costs time.
    gc.disable()
    source = _load(load)
    if isinstance(source, Unusable):
        _write(framed(Loaded(str(source))))
        return 0
    _write(framed(Loaded()))
    while frame := _read_frame():
        ask = msgspec.json.decode(frame, type=Ask)
        _patience(ask.limit_s)
        found, document = _answer(source, ask, interrupts)
        _write(framed(found), document)
        _patience(0)
    return 0


def _be_modest() -> None:
    """Leave the processor to the screen, and some memory to everyone."""
    with suppress(AttributeError, OSError):
        os.nice(5)
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))


def _patience(limit_s: float) -> None:
    """Die by the alarm if this takes so long: who asked may be gone, and jq may go on for ever."""
    with suppress(AttributeError):
        signal.setitimer(signal.ITIMER_REAL, limit_s)


def _load(load: Load) -> _Source | Unusable:
    try:
        text = without_mark(sys.stdin.buffer.read(load.size), load.charset)
        if load.source in (Source.XML, Source.HTML):
            return MarkupSource(text, html=load.source is Source.HTML)
        return JsonSource(text, lines=load.source is Source.LINES)
    except Unusable as error:
        return error
    except MemoryError:
        return Unusable("reading it takes too much memory")
    except LookupError:
        return Unusable(f"{load.charset} is not a charset")


def _answer(source: _Source, ask: Ask, interrupts: _Interrupts) -> tuple[Found, bytes]:
    try:
        with interrupts:
            result = source.evaluate(ask.expr, ask.tool)
    except _Superseded:
        return Found(superseded=True), b""
    except QueryError as error:
        return Found(problem=_COLUMN.sub(r" at character \1", error.reason)), b""
    except Unusable as error:
        return Found(problem=str(error)), b""
    except MemoryError:
        return Found(problem="it takes too much memory"), b""
    except (msgspec.DecodeError, RecursionError) as error:
        return Found(problem=f"what it finds can't be shown: {error}"), b""
    return _found(result), result.document


def _found(result: Result) -> Found:
    return Found(result.nodes, len(result.document), result.markup, result.plain, roots=result.roots)


def _read_frame() -> bytes | None:
    """One message; None at the end."""
    length = sys.stdin.buffer.read(LENGTH_BYTES)
    return sys.stdin.buffer.read(int.from_bytes(length, "big")) if len(length) == LENGTH_BYTES else None


def _write(*parts: bytes) -> None:
    for part in parts:
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        sys.exit(main())
