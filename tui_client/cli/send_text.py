"""What `send` shows to people: a line of what happened, the checks, the body."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from tui_client.cli import output
from tui_client.errors import SaveFailed
from tui_client.model.charset import decode_body
from tui_client.model.exchange import BodyContent, Exchange, Response, header_text, header_values
from tui_client.model.step import CheckResult
from tui_client.model.values import MISSING
from tui_client.storage.atomic import write_atomically
from tui_client.text import format_bytes, format_duration_ms
from tui_client.text.redact import redact

_CHUNK: Final = 1 << 16
_PRETTY_BYTES: Final = 1 << 20


def status_line(exchange: Exchange) -> str:
    """ "200 OK · 12.4 ms · 1.2 kB · HTTP/1.1"."""
    response = exchange.response
    if response is None:
        return "no reply"
    parts = [
        f"{response.status} {response.reason}".strip(),
        format_duration_ms(exchange.timings.total),
        format_bytes(response.body.size),
        response.http_version,
    ]
    if not response.complete:
        parts.append("incomplete")
    if exchange.request.proxy:
        parts.append(f"by {exchange.request.proxy}")
    if not (exchange.request.verified and all(hop.request.verified for hop in exchange.hops)):
        parts.append("certificate not verified")
    return " · ".join(parts)


def check_line(check: CheckResult, secrets: frozenset[str]) -> str:
    """ "✓ status == 200", or "✗ status == 201, was 200"."""
    asked = f"{check.query} {check.expr}".strip()
    text = f"{asked} {'not ' if check.negated else ''}{check.op}"
    if check.value is not None:
        text += f" {_short(check.value, secrets)}"
    if check.passed:
        return redact(f"✓ {text}", secrets)
    if check.error:
        return redact(f"✗ {text}: {check.error}", secrets)
    return redact(f"✗ {text}, was {'missing' if check.actual is MISSING else _short(check.actual, secrets)}", secrets)


def _short(value: object, secrets: frozenset[str]) -> str:
    # Masked before it is cut: half of a secret would not be known as one.
    text = redact(msgspec.json.encode(value, enc_hook=str).decode(), secrets)
    return text if len(text) <= 200 else text[:200] + "…"


def head_lines(response: Response, secrets: frozenset[str]) -> Iterator[str]:
    """Status line and headers as they came."""
    yield f"{response.http_version} {response.status} {response.reason}".rstrip()
    for name, value in response.headers:
        yield redact(f"{header_text(name)}: {header_text(value)}", secrets)


def chunks(body: BodyContent) -> Iterator[bytes]:
    """The body piece by piece."""
    for start in range(0, body.size, _CHUNK):
        yield body.read(start, _CHUNK)


def save_body(body: BodyContent, path: Path) -> None:
    """Write the body to a file, whole or not at all. Raises SaveFailed."""
    if path.exists() and not path.is_file():
        _pour(body, path)
    else:
        write_atomically(path.resolve(), chunks(body))


def _pour(body: BodyContent, path: Path) -> None:
    """Into a pipe or a device, which can't be put in place of another."""
    try:
        with path.open("wb") as file:
            file.writelines(chunks(body))
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error


def show_body(response: Response) -> None:
    """The body as text a terminal can show; JSON is indented. What is no text is only spoken of."""
    if not response.body.size:
        return
    data = response.body.read()
    if b"\0" in data[:_CHUNK]:
        output.say(f"The body is binary, {format_bytes(len(data))}. Save it with -o FILE.")
        return
    decoded = decode_body(data, next(iter(header_values(response.headers, "content-type")), ""))
    for problem in decoded.problems:
        output.say(f"The body: {problem}.")
    output.out(_pretty(decoded.text))


def _pretty(text: str) -> str:
    if len(text) > _PRETTY_BYTES or text[:1] not in ("{", "["):
        return text.removesuffix("\n")
    try:
        return msgspec.json.format(text, indent=2)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return text.removesuffix("\n")
