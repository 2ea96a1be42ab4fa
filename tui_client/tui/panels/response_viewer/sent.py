"""The request as it went over the wire, secrets masked."""

from __future__ import annotations

from tui_client.model.exchange import BytesBody, SentRequest, header_values
from tui_client.text import format_bytes, redact
from tui_client.tui.panels.response_viewer.reading import language_of
from tui_client.tui.widgets.body_rows import BodyDocument


def sent_document(request: SentRequest, secrets: frozenset[str]) -> BodyDocument:
    """Request line, headers in order and case, and the first MiB of the body, as one text, these values masked."""
    version = request.http_version.encode("utf-8", "replace")
    head = [b" ".join((request.method.encode("utf-8", "replace"), request.target, version))]
    head += [name + b": " + value for name, value in request.headers]
    start, body = (_masked(part, secrets) for part in (b"\n".join(head) + b"\n\n", request.body))
    content_type = "".join(header_values(request.headers, "content-type")[:1])
    return BodyDocument(BytesBody(start + body), language_of(content_type, b""), plain_bytes=len(start))


def _masked(data: bytes, secrets: frozenset[str]) -> bytes:
    """Bytes that are no UTF-8 go through unharmed."""
    return redact(data.decode("utf-8", "surrogateescape"), secrets).encode("utf-8", "surrogateescape")


def sent_note(request: SentRequest, earlier: int) -> str:
    """What the text does not show; "" if it shows all."""
    notes = []
    if request.body_bytes > len(request.body):
        shown = f"the first {format_bytes(len(request.body))}" if request.body else "none"
        notes.append(f"The body has {format_bytes(request.body_bytes)}; {shown} of it is shown.")
    if earlier:
        notes.append(f"The last of {earlier + 1} requests; Redirects shows the others.")
    return " ".join(notes)
