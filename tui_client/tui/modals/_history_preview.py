"""A look into an exchange of the past: what was asked, how it went, how the reply begins; blocking, not a widget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Final

import msgspec
from textual.content import Content

from tui_client.errors import TuiClientError
from tui_client.history.entry import Entry, Kept
from tui_client.model.charset import decode_body
from tui_client.model.exchange import Response, header_values
from tui_client.model.wording import describe
from tui_client.text import format_bytes, format_duration_ms, safe, safe_line
from tui_client.tui.widgets.entry_rows import UNVERIFIED, entry_state, moment_text
from tui_client.tui.widgets.outline import RowState

_HEAD_BYTES: Final = 8192
_LINES: Final = 80
_LONGEST_LINE: Final = 300
_STYLES: Final = {RowState.PASSED: "bold $text-success", RowState.FAILED: "bold $text-error"}
_SIGNS: Final = {RowState.PASSED: "✓", RowState.FAILED: "✗", RowState.ERRORED: "⚠"}


def preview(kept: Kept, today: date) -> Content:
    """The request line, when and where, how it went, and the first lines of the body. Reads the body's beginning."""
    return Content("\n").join([*_about(kept.entry, today), _outcome(kept), *_reply(kept), Content(""), *_body(kept)])


def _about(entry: Entry, today: date) -> Iterator[Content]:
    yield Content(safe_line(f"{entry.method} {entry.url}"[:_LONGEST_LINE])).stylize("bold")
    where = (moment_text(entry.when, today), f"env {entry.environment}" if entry.environment else "", entry.key)
    yield Content(safe_line(" · ".join(filter(None, where))[:_LONGEST_LINE])).stylize("$foreground 70%")


def _outcome(kept: Kept) -> Content:
    response, state = kept.exchange.response, entry_state(kept.entry)
    words = [_SIGNS[state] if response is None else f"{_SIGNS[state]} {response.status} {response.reason}".rstrip()]
    words.append(format_duration_ms(kept.entry.total_ms))
    if response is not None:
        words += [format_bytes(kept.entry.body_bytes), response.http_version]
    if not kept.entry.verified:
        words.append(f"{UNVERIFIED} not verified")
    return Content(safe_line(" · ".join(words)[:_LONGEST_LINE])).stylize(_STYLES.get(state, "bold $text-warning"))


def _reply(kept: Kept) -> Iterator[Content]:
    if kept.exchange.failure is not None:
        yield Content(describe(kept.exchange.failure)[:_LONGEST_LINE]).stylize("$text-error")
    response = kept.exchange.response
    if response is not None and not response.complete:
        yield Content(safe_line(response.note or "The reply was cut.")[:_LONGEST_LINE]).stylize("$text-warning")


def _body(kept: Kept) -> Iterator[Content]:
    response = kept.exchange.response
    if response is None or not response.body.size:
        return
    try:
        text = _text(response)
    except (OSError, TuiClientError):
        yield Content("The body can't be read any more.").stylize("$text-warning")
        return
    for line in safe(text).splitlines()[:_LINES]:
        yield Content(line[:_LONGEST_LINE].replace("\t", "    "))


def _text(response: Response) -> str:
    head = response.body.read(0, _HEAD_BYTES)
    content_type = "".join(header_values(response.headers, "content-type")[:1])
    if b"\0" in head:
        return f"Not a text: {content_type or 'binary'}, {format_bytes(response.body.size)}."
    if "json" in content_type and len(head) == response.body.size:
        with suppress(msgspec.DecodeError):
            head = msgspec.json.format(head, indent=2)
    return decode_body(head, content_type, "").text
