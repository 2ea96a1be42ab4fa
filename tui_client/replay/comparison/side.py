"""One side of a comparison: a reply of now, one of the history, or a saved file."""

from __future__ import annotations

import os
import stat
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from tui_client.errors import BrokenFile
from tui_client.history.entry import Kept
from tui_client.model.exchange import BodyContent, BytesBody, Exchange, Response, header_values
from tui_client.text import redact


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """What is compared.

    title: outside text, secrets masked. key: the request it answers, for what is remembered of it. response: None for a
    file, or where no reply came. body: of any size. total_ms: None where it is not known. secrets: values to mask.
    remark: a sentence on what is missing of it, "" if nothing is.
    """

    title: str
    key: str = ""
    response: Response | None = None
    body: BodyContent = BytesBody()
    when: datetime | None = None
    total_ms: float | None = None
    secrets: frozenset[str] = frozenset()
    remark: str = ""

    @property
    def content_type(self) -> str:
        """The Content-Type as sent, "" without one."""
        return "".join(header_values(self.response.headers, "content-type")[:1]) if self.response else ""


def side_of(exchange: Exchange, title: str = "", key: str = "") -> Side:
    """A reply. title: the request's name; its method and URL without one."""
    request, response = exchange.request, exchange.response
    named = redact(title or f"{request.method} {request.url}", request.secrets)
    return Side(
        title=named,
        key=key or f"{request.method} {request.url.partition('?')[0]}",
        response=response,
        body=response.body if response else BytesBody(),
        when=exchange.started,
        total_ms=exchange.timings.total,
        secrets=request.secrets,
        remark=_remark(response),
    )


def _remark(response: Response | None) -> str:
    if response is None:
        return "No reply came"
    return "" if response.complete else response.note or "The body is not whole"


def side_of_kept(kept: Kept) -> Side:
    """A reply of the past."""
    entry = kept.entry
    title = entry.key or f"{entry.method} {entry.url}"
    return msgspec.structs.replace(side_of(kept.exchange, title, entry.key), when=entry.when, total_ms=entry.total_ms)


def side_of_file(name: str) -> Side:
    """A saved body. Raises BrokenFile for what can't be read, or is no file."""
    try:
        path = Path(name).expanduser()
        # Opening a pipe would wait for a writer.
        if not stat.S_ISREG(path.stat().st_mode):
            raise BrokenFile(path, "it is not a file")
        body = _FileBody(path)
    except OSError as error:
        raise BrokenFile(Path(name), error.strerror or str(error)) from error
    except (ValueError, RuntimeError) as error:
        # A NUL in the name, or a home that nobody has.
        raise BrokenFile(Path(name), str(error)) from error
    return Side(title=path.name, key=str(path), body=body, when=body.modified)


class _FileBody:
    """A file as it was when it was opened, closed when nobody holds it."""

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("rb")
        about = os.fstat(self._file.fileno())
        self._size = about.st_size
        self.modified = datetime.fromtimestamp(about.st_mtime).astimezone()

    @property
    def size(self) -> int:
        return self._size

    @property
    def path(self) -> Path | None:
        # A path may lead elsewhere by now.
        return None

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        wanted = self._size - start if length is None else min(length, self._size - start)
        pieces = []
        # One call gives 2 GiB at most.
        while wanted > 0 and (piece := os.pread(self._file.fileno(), wanted, start)):
            pieces.append(piece)
            start, wanted = start + len(piece), wanted - len(piece)
        return b"".join(pieces)
