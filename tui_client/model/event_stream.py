"""Replies that are a stream of events: how their headers announce them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from tui_client.model.exchange import RawHeader, header_text


class EventStream(StrEnum):
    """How the events of a stream are told apart."""

    SSE = "server-sent events"  # WHATWG HTML, 9.2
    LINES = "JSON lines"
    SEQUENCE = "JSON sequence"  # RFC 7464: each begins with a record separator


_KINDS: Final = {
    "text/event-stream": EventStream.SSE,
    "application/x-ndjson": EventStream.LINES,
    "application/ndjson": EventStream.LINES,
    "application/jsonl": EventStream.LINES,
    "application/x-jsonlines": EventStream.LINES,
    "application/jsonlines": EventStream.LINES,
    "application/stream+json": EventStream.LINES,
    "application/json-seq": EventStream.SEQUENCE,
    "application/geo+json-seq": EventStream.SEQUENCE,
}


def event_stream_of(headers: Iterable[RawHeader]) -> EventStream | None:
    """The kind of stream that these headers announce by their first Content-Type; None for all other replies."""
    for name, value in headers:
        if len(name) == 12 and name.lower() == b"content-type":
            return _KINDS.get(header_text(value).partition(";")[0].strip().lower())
    return None
