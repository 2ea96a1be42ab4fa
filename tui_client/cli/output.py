"""The only place that prints: data on stdout, words on stderr, nothing of a server's that a terminal would obey."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO

import msgspec

from tui_client.text import safe, safe_json, safe_line

_CLEAR_LINE: Final = "\r\x1b[K"


def is_terminal(stream: TextIO) -> bool:
    """Whether people read this stream on a terminal that understands control codes."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def out(text: str) -> None:
    """One line of data. On a terminal it can't do more than be read."""
    sys.stdout.write(safe(text) + "\n")


def out_line(text: str) -> None:
    """One line of data, whatever is in it."""
    sys.stdout.write(safe_line(text) + "\n")


def out_part(text: str) -> None:
    """Some text of a longer one that someone waits for; on a terminal it can't do more than be read."""
    sys.stdout.write(safe(text))
    sys.stdout.flush()


def out_now(text: str) -> None:
    """One line of data that someone waits for."""
    out_line(text)
    sys.stdout.flush()


def out_json(value: Any) -> None:
    """One JSON value, indented, for programs and people."""
    try:
        text = msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2).decode()
    except UnicodeEncodeError:
        # A lone surrogate, from a reply or a data file: JSON can say it, UTF-8 can't.
        text = json.dumps(msgspec.to_builtins(value, enc_hook=str), indent=2)
    # JSON leaves DEL, C1 and bidi controls as they are; escaped they mean the same and reach no terminal.
    sys.stdout.write(safe_json(text) + "\n")


def out_bytes(chunks: Iterable[bytes]) -> None:
    """Bytes as they are; only for a stdout that is no terminal."""
    sys.stdout.flush()
    for chunk in chunks:
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()


def say(text: str) -> None:
    """A sentence for people, on stderr."""
    _to_stderr(safe(text) + "\n")


def _to_stderr(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        # The terminal was closed. What is being done must come to its end all the same.
        _point_nowhere(sys.stderr)


class LiveLine:
    """One line on stderr that is written over while something goes on; silent where stderr is no terminal."""

    def __init__(self) -> None:
        self.active = is_terminal(sys.stderr)
        self._quiet = False

    def show(self, text: str) -> None:
        """Replace the line, cut to the terminal's width."""
        if self.active and not self._quiet:
            width = max(20, columns(sys.stderr) or 80) - 1
            _to_stderr(_CLEAR_LINE + safe_line(text)[:width])

    def clear(self) -> None:
        """Remove the line, so that something else can be printed."""
        if self.active and not self._quiet:
            _to_stderr(_CLEAR_LINE)

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """While the terminal is needed for a question."""
        self.clear()
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False


def columns(stream: TextIO) -> int | None:
    """How wide the terminal is that reads this stream; None if none does."""
    try:
        return os.get_terminal_size(stream.fileno()).columns
    except OSError:
        return None


def open_missing() -> None:
    """Point the standard streams nowhere that the shell closed (`>&-`).

    Else the first word to be said would fail, and a file opened later would be taken for the terminal.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - open to the end


def ends_quietly() -> None:
    """After a reader of ours closed its end: point stdout nowhere, so that the interpreter's last flush is silent."""
    _point_nowhere(sys.stdout)


@contextmanager
def for_who_reads() -> Iterator[None]:
    """Write data to the end of this block; a reader who leaves early changes nothing of what comes after it."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        # A pipe whose reader left, a terminal that was closed.
        if error.errno not in (errno.EPIPE, errno.EIO):
            raise
        ends_quietly()


def _point_nowhere(stream: TextIO) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
