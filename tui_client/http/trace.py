"""When each phase of one exchange began and ended, and what that makes in HAR's terms."""

from __future__ import annotations

from tui_client.model.exchange import Timings
from tui_client.model.tls import TlsDetails


class Trace:
    """Marks of one hop, in seconds on the monotonic clock (`time.monotonic`); None where a phase did not take place.

    Filled by the connection as it works; one writer, no history. tls: of the connection, new or reused.
    """

    __slots__ = (
        "connect_end",
        "connect_start",
        "dns_end",
        "dns_start",
        "first_byte",
        "last_byte",
        "remote",
        "reused",
        "send_end",
        "send_start",
        "start",
        "tls",
        "tls_end",
        "tls_start",
    )

    def __init__(self, start: float) -> None:
        self.start = start
        self.dns_start: float | None = None
        self.dns_end: float | None = None
        self.connect_start: float | None = None
        self.connect_end: float | None = None
        self.tls_start: float | None = None
        self.tls_end: float | None = None
        self.send_start: float | None = None
        self.send_end: float | None = None
        self.first_byte: float | None = None
        self.last_byte: float | None = None
        self.remote = ""
        self.reused = False
        self.tls: TlsDetails | None = None


def _between(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else max(0.0, (end - start) * 1000)


def timings(trace: Trace, end: float) -> Timings:
    """HAR 1.2 timings of one hop, in milliseconds; `total` runs from the hop's start to `end`.

    A reused connection has no dns, connect or tls.
    """
    began = next((mark for mark in (trace.dns_start, trace.connect_start, trace.send_start) if mark is not None), None)
    return Timings(
        blocked=_between(trace.start, began),
        dns=_between(trace.dns_start, trace.dns_end),
        connect=_between(trace.connect_start, trace.connect_end),
        tls=_between(trace.tls_start, trace.tls_end),
        send=_between(trace.send_start, trace.send_end),
        # A reply may begin before the request's last byte left.
        wait=_between(trace.send_end if trace.send_end is not None else trace.send_start, trace.first_byte),
        receive=_between(trace.first_byte, trace.last_byte if trace.last_byte is not None else end),
        total=max(0.0, (end - trace.start) * 1000),
    )
