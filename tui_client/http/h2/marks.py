"""httpcore's trace events as marks of our Trace."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from tui_client.http.trace import Trace

# The same for HTTP/1.1, which a server may choose: the event's first word is left out.
_MARKS: Final = {
    "connect_tcp.started": "connect_start",
    "connect_tcp.complete": "connect_end",
    "connect_unix_socket.started": "connect_start",
    "connect_unix_socket.complete": "connect_end",
    "start_tls.started": "tls_start",
    "start_tls.complete": "tls_end",
    "send_request_headers.started": "send_start",
    "send_request_headers.complete": "send_end",
    "send_request_body.complete": "send_end",
    "receive_response_headers.complete": "first_byte",
    "receive_response_body.complete": "last_byte",
}


def marker(trace: Trace) -> Callable[[str, Mapping[str, object]], Awaitable[None]]:
    """The callable httpcore wants as `trace`; DNS stays None, since httpcore does not time it apart."""

    async def mark(event: str, _info: Mapping[str, object]) -> None:
        name = _MARKS.get(event.partition(".")[2])
        if name is not None:
            setattr(trace, name, time.monotonic())

    return mark
