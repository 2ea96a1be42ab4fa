"""A process that filters, as blocking calls for a thread: the event loop has no part in moving large bodies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

import msgspec

from tui_client.model.exchange import BodyContent, BytesBody
from tui_client.tui.widgets.file_body import FileBody
from tui_client.tui.widgets.filters.messages import LENGTH_BYTES, Ask, Found, Load, Loaded, Source, framed

_STEP: Final = 1 << 20
_IN_MEMORY: Final = 1 << 20
# Nothing of the user's environment goes to where jq could show it.
_ENVIRONMENT: Final = ("PATH", "PYTHONPATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LD_LIBRARY_PATH")


class Gone(Exception):
    """The process ended, or was never there."""


class Channel:
    """One process. `kill` ends it from any thread; calls that wait for it then raise Gone.

    Raises Gone if it can't be started.
    """

    def __init__(self) -> None:
        try:
            # As a file and not as a module: nothing of the app is imported on the way.
            self._process = subprocess.Popen(
                (sys.executable, "-P", str(Path(__file__).with_name("process.py"))),
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            )
        except OSError as error:
            raise Gone from error

    def load(self, content: BodyContent, source: Source, charset: str) -> Loaded:
        """Have it read a body; raises Gone."""
        size = content.size
        try:
            self._write(framed(Load(size, source, charset)))
            for start in range(0, size, _STEP):
                self._write(content.read(start, min(_STEP, size - start)))
            return msgspec.json.decode(self._read_frame(), type=Loaded)
        except (OSError, EOFError, ValueError) as error:
            raise Gone from error

    def ask(self, ask: Ask) -> Found:
        """Have it evaluate an expression; raises Gone. What it found must be taken by `document`."""
        try:
            self._write(framed(ask))
            return msgspec.json.decode(self._read_frame(), type=Found)
        except (OSError, EOFError, ValueError) as error:
            raise Gone from error

    def document(self, size: int) -> BodyContent:
        """The bytes that were announced; many of them are in a file without a name. Raises Gone."""
        try:
            if size <= _IN_MEMORY:
                return BytesBody(self._read(size))
            output = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the body that reads it
            while size:
                data = self._read(min(size, _STEP))
                output.write(data)
                size -= len(data)
            output.flush()
            return FileBody(output)
        except (OSError, EOFError, ValueError) as error:
            raise Gone from error

    def interrupt(self) -> None:
        """What it evaluates is not wanted any more."""
        if sys.platform != "win32":
            with suppress(OSError):
                self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """End it; returns at once."""
        with suppress(OSError):
            self._process.kill()

    def reap(self) -> None:
        """Wait for the end of what was killed."""
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _write(self, data: bytes) -> None:
        pipe = _there(self._process.stdin)
        view = memoryview(data)
        while view:
            view = view[pipe.write(view) :]

    def _read_frame(self) -> bytes:
        return self._read(int.from_bytes(self._read(LENGTH_BYTES), "big"))

    def _read(self, size: int) -> bytes:
        pipe = _there(self._process.stdout)
        data = bytearray()
        while len(data) < size:
            part = pipe.read(size - len(data))
            if not part:
                raise EOFError
            data += part
        return bytes(data)


def _there(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise BrokenPipeError
    return pipe
