"""Entries of the history as a recording: what was sent, as a HAR file that a replay and its resumption read."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from tui_client import __version__, disk
from tui_client.formats._format import Skipped
from tui_client.formats._har.messages import request_of
from tui_client.history.entry import Kept
from tui_client.history.prune import RECORDINGS
from tui_client.model.exchange import SentRequest, header_text
from tui_client.storage.atomic import write_atomically
from tui_client.text import MASK


class PastRecording(msgspec.Struct, frozen=True):
    """har: the file's bytes. requests: how many are in it.

    skipped: entries that can't be sent as they were, by their number in the history. without: names of headers that
    were left out since they were masked, and of how many requests.
    """

    har: bytes
    requests: int
    skipped: tuple[Skipped, ...] = ()
    without: Mapping[str, int] = {}


def record_past(entries: Iterable[Kept]) -> PastRecording:
    """Make a recording of what was sent; of each entry its first request, not where redirects led."""
    found: list[dict[str, Any]] = []
    skipped: list[Skipped] = []
    without: Counter[str] = Counter()
    for kept in entries:
        sent = _first(kept)
        if problem := _problem(sent):
            what = f"{kept.entry.method} {kept.entry.url.partition('?')[0]}"
            skipped.append(Skipped(kept.entry.id, what, problem))
            continue
        masked = [header_text(name) for name, value in sent.headers if MASK in header_text(value)]
        without.update({name.title() for name in masked})
        found.append(_entry(kept, sent))
    creator = {"name": "tui-client", "version": __version__}
    har = msgspec.json.encode({"log": {"version": "1.2", "creator": creator, "entries": found}})
    return PastRecording(har, len(found), tuple(skipped), dict(without))


def write_recording(history: Path, har: bytes) -> Path:
    """Put a recording into the history's folder, under a name made of what is in it. Raises SaveFailed, OSError."""
    folder = history / RECORDINGS
    disk.own_folder(folder)
    path = folder / f"history-{hashlib.sha256(har).hexdigest()[:16]}.har"
    if path.exists():
        os.utime(path)  # a run needs it for as long as it may be resumed
        disk.close_to_others(path)
    else:
        write_atomically(path, har, mode=0o600)
    return path


def _first(kept: Kept) -> SentRequest:
    exchange = kept.exchange
    return exchange.hops[0].request if exchange.hops else exchange.request


def _problem(sent: SentRequest) -> str:
    """Why a request can't be sent as it was, "" if it can."""
    if MASK in sent.url:
        return "its URL held a secret, which was not kept"
    if len(sent.body) < sent.body_bytes:
        return "its body was not kept whole"
    if MASK.encode() in sent.body:
        return "its body held a secret, which was not kept"
    return ""


def _entry(kept: Kept, sent: SentRequest) -> dict[str, Any]:
    entry, hops = kept.entry, kept.exchange.hops
    request = request_of(sent)
    request["headers"] = [row for row in request["headers"] if MASK not in row["value"]]
    if "postData" in request:
        # Readers know this name for the encoding, though the format has none for it.
        data = request["postData"]
        request["postData"] = {name.removeprefix("_"): value for name, value in data.items()}
    return {
        "startedDateTime": entry.when.isoformat(),
        "time": entry.total_ms,
        "request": request,
        "response": {"status": hops[0].status if hops else entry.status or 0},
        "comment": entry.key,
    }
