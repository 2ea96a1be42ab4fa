"""Entries of the history as people and programs read them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tui_client.cli import output, send_text
from tui_client.cli.send_json import exchange_json
from tui_client.cli.send_tls import tls_line
from tui_client.history.entry import Entry, Kept
from tui_client.model.charset import decode_body
from tui_client.model.exchange import SentRequest, header_text, header_values
from tui_client.model.wording import describe
from tui_client.text import format_bytes, format_duration_ms


def lines(entries: Iterable[Entry]) -> Iterator[str]:
    """A line each: number, when, status or failure, method, URL; then how long, how much, from where."""
    rows = [(str(entry.id), _outcome(entry), entry) for entry in entries]
    number_width = max((len(number) for number, _, _ in rows), default=0)
    width = max((len(outcome) for _, outcome, _ in rows), default=0)
    for number, outcome, entry in rows:
        rest = [format_duration_ms(entry.total_ms)]
        if entry.status is not None:
            rest.append(format_bytes(entry.body_bytes))
        rest += [part for part in (entry.key, entry.environment) if part]
        if not entry.verified:
            rest.append("certificate not verified")
        when = f"{entry.when.astimezone():%Y-%m-%d %H:%M:%S}"
        yield f"{number:>{number_width}}  {when}  {outcome:<{width}}  {entry.method:<7} {entry.url}  {' · '.join(rest)}"


def entry_json(entry: Entry) -> dict[str, Any]:
    """An entry, by the names of its fields; `when` in ISO 8601."""
    fields: dict[str, Any] = msgspec.to_builtins(entry)
    return fields


def kept_json(kept: Kept) -> dict[str, Any]:
    """The entry's fields; `written`, the request as in a file; request, response, timing_ms, tls, redirects of `send`.

    response.body: its text, null where it is none; of the request likewise, as far as it was kept.
    """
    found = exchange_json(kept.exchange)
    found["request"]["body"] = _text(kept.exchange.request.body, "")
    response = kept.exchange.response
    if response is not None:
        media_type = next(iter(header_values(response.headers, "content-type")), "")
        found["response"] |= {"body": _text(response.body.read(), media_type), "note": response.note}
    failure = kept.exchange.failure
    error = None if failure is None else {"kind": failure.kind.value, "message": describe(failure)}
    return {**entry_json(kept.entry), "written": msgspec.to_builtins(kept.request), **found, "error": error}


def show(kept: Kept) -> None:
    """Print the request as sent, then the reply; what else is known of it on stderr."""
    exchange = kept.exchange
    output.say(next(lines([kept.entry])).strip())
    if exchange.tls is not None:
        output.say(tls_line(exchange.tls))
    for line in _sent_lines(exchange.request):
        output.out(line)
    output.out("")
    response = exchange.response
    if response is not None:
        for line in send_text.head_lines(response, frozenset()):
            output.out(line)
        output.out("")
        show_body(kept)
        if response.note:
            output.say(f"The reply: {response.note}.")
    if exchange.failure is not None:
        output.say(describe(exchange.failure))


def show_body(kept: Kept) -> None:
    """Print the reply's body: as text on a terminal, else byte for byte."""
    response = kept.exchange.response
    if response is None:
        return
    if sys.stdout.isatty():
        send_text.show_body(response)
    else:
        output.out_bytes(send_text.chunks(response.body))


def _outcome(entry: Entry) -> str:
    return entry.failure or ("no reply" if entry.status is None else str(entry.status))


def _sent_lines(request: SentRequest) -> Iterator[str]:
    yield f"{request.method} {request.url}"
    for name, value in request.headers:
        yield f"{header_text(name)}: {header_text(value)}"
    if request.body:
        text = _text(request.body, "")
        yield ""
        yield f"({format_bytes(request.body_bytes)} of binary data)" if text is None else text
        if len(request.body) < request.body_bytes and text is not None:
            yield f"({format_bytes(len(request.body))} of {format_bytes(request.body_bytes)} were kept)"


def _text(body: bytes, media_type: str) -> str | None:
    text = decode_body(body, media_type).text
    return None if "\0" in text else text
