"""A recording as requests: one of each that was sent, by host, without what was secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec.structs import replace

from tui_client.formats._format import MAX_BYTES, FormatError, refuse_large
from tui_client.formats._found import Found, FoundCollection, FoundRequest, Line, Outcome, Report
from tui_client.formats._har.file import Entry, decoded, media_of
from tui_client.formats._har.recorded import bounded_entries, host_of, refuse_unsendable, shown
from tui_client.formats._har.requests import Place, learn, read_request, refuse_method
from tui_client.formats._har.secrets import Secrets
from tui_client.model.collection import Folder
from tui_client.model.request import Request

MAX_ENTRIES: Final = 300_000


class _Sendable(msgspec.Struct, frozen=True):
    number: int
    host: str
    entry: Entry
    media: tuple[str, ...]


def found_of(data: bytes, *, name: str = "", max_bytes: int = MAX_BYTES) -> Found:
    """The requests of a HAR file. Raises FormatError."""
    refuse_large(data, max_bytes)
    report = Report()
    entries = list(_sendable(data, report))
    hosts = dict.fromkeys(each.host for each in entries)
    secrets = Secrets(many_hosts=len(hosts) > 1)
    for each in entries:
        learn(each.entry, secrets)
    requests = _once(entries, secrets, report, in_folders=len(hosts) > 1)
    secrets.tell(report)
    collection = FoundCollection(
        title=_title(name, list(hosts)), shared=Folder(variables=secrets.variables()), requests=requests
    )
    return Found(format="har", collections=(collection,), report=tuple(report.lines))


def _sendable(data: bytes, report: Report) -> Iterator[_Sendable]:
    replies = 0
    for number, raw in enumerate(bounded_entries(data, MAX_ENTRIES), start=1):
        what = ""
        try:
            entry = decoded(raw)
            what = shown(entry)
            refuse_unsendable(entry)
            refuse_method(entry)
            replies += entry.response is not None
            yield _Sendable(number, host_of(entry.request.url.strip()), entry, media_of(raw))
        except FormatError as error:
            report.dropped(f"entry {number}", _clean(what) or "entry", error.reason)
    if replies:
        report.dropped("log", "replies", f"recorded replies and their times are not kept: {replies}")


def _once(entries: list[_Sendable], secrets: Secrets, report: Report, *, in_folders: bool) -> tuple[FoundRequest, ...]:
    """One of each: a page asks for some things again and again."""
    found: dict[Request, FoundRequest] = {}
    counts: dict[Request, int] = {}
    for each in entries:
        folder = (_clean(each.host),) if in_folders else ()
        own = Report()
        request = read_request(each.entry, Place(own, each.host, secrets))
        counts[request] = counts.get(request, 0) + 1
        if request not in found:
            found[request] = FoundRequest(request=request, folder=folder, media=each.media)
            origin = " / ".join((*folder, request.name))
            report.lines += [replace(line, origin=origin) for line in own.lines]
    for request, count in counts.items():
        if count > 1:
            origin = " / ".join((*found[request].folder, request.name))
            why = f"it was recorded {count} times and is there once"
            report.lines.append(Line(origin, "repeated request", Outcome.IMPORTED, why))
    return tuple(found.values())


def _title(name: str, hosts: list[str]) -> str:
    title = "" if name == "-" else name.removesuffix(".har")
    return title or (_clean(hosts[0]) if len(hosts) == 1 else "recording")


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
