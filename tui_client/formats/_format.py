"""What all formats share: what they are given and what they give, and how they refuse a document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

import msgspec

from tui_client.errors import TuiClientError
from tui_client.formats._found import Found, Line
from tui_client.model.effective import EffectiveRequest, ResolvedRequest

MAX_BYTES: Final = 256 * 1024 * 1024


class FormatError(TuiClientError):
    """A document is not of this format; `reason` is a clause without a subject: "is not JSON: …"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refuse_large(data: bytes, max_bytes: int) -> None:
    """Raises FormatError for more bytes than that."""
    if len(data) > max_bytes:
        raise FormatError(f"is larger than {max_bytes // 1024 // 1024} MiB")


class Skipped(msgspec.Struct, frozen=True):
    """A part of a document that can't be used. Its texts are outside text.

    number: its place in the document, from 1. what: "GET https://example.com/path", without a query; "" if unreadable.
    reason: a clause, "its body is not in the recording".
    """

    number: int
    what: str
    reason: str


class Beside(Protocol):
    """The files beside the one that is read, never outside its folder; of a folder that is read, those in it."""

    def names(self) -> Sequence[str]:
        """Paths with slashes, relative to the folder, sorted: "users/get.bru". At most 10,000, hidden ones left out."""

    def read(self, name: str) -> bytes:
        """One file, at most 16 MiB. Raises FormatError, also for one that is elsewhere."""


class Alone:
    """Nothing beside it."""

    def names(self) -> Sequence[str]:
        return ()

    def read(self, name: str) -> bytes:
        raise FormatError("is not there")


class Source(msgspec.Struct, frozen=True):
    """What is imported. name: of the file or folder, for titles and as a hint: "shop.postman_collection.json", "-".

    data: the file, its byte order mark included; b"" where a folder was given (`is_folder`), whose files are `beside`.
    url: where it was fetched, after all redirects, without user, password and query; "" where it was not.
    """

    name: str
    data: bytes
    beside: Beside = Alone()
    is_folder: bool = False
    url: str = ""


class Importer(msgspec.Struct, frozen=True):
    """A format that can be read; a module of `formats` has one as IMPORTER.

    name: on the command line, "postman". title: "Postman collection". recognises: whether a source is certainly of
    this format, looking at no more than it must; never raises. read: all of it; raises FormatError, and nothing else,
    whatever the bytes are: no socket, no file but by `beside`, bounded time and memory.
    """

    name: str
    title: str
    recognises: Callable[[Source], bool]
    read: Callable[[Source], Found]


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One request to be exported. title, folder: for people.

    request: with all it inherits and templates in it. sent: what is sent, every template filled in; a value that is
    only known when it is sent (a secret, a prompt, a capture) stands in it as {{name}}. For an exporter that keeps
    templates there is nothing in it.
    """

    title: str
    folder: tuple[str, ...] = ()
    request: EffectiveRequest
    sent: ResolvedRequest


class Exported(msgspec.Struct, frozen=True):
    """The text of an export, and what of the requests is not in it."""

    text: str
    report: tuple[Line, ...] = ()


class Exporter(msgspec.Struct, frozen=True):
    """A format that can be written; a module of `formats` lists its own as EXPORTERS.

    name: on the command line, "httpx-async". title: "Python httpx (async)". suffix: of a file, ".py".
    write: items in their order, at least one; never raises for what it can't say, but reports it.
    keeps_templates: it writes variables as such, so that a request without a value for one can be exported too.
    """

    name: str
    title: str
    suffix: str
    write: Callable[[Sequence[Item]], Exported]
    keeps_templates: bool = False
