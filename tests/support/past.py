"""Exchanges of the past for screens: made, and recorded in a real history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tui_client.errors import Failure, FailureKind
from tui_client.history.store import History
from tui_client.model.exchange import BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.model.request import Request

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
JSON = ((b"content-type", b"application/json"),)
USER = b'{"id": 7, "name": "Ada"}'
BASE = "http://127.0.0.1:8123"
NOT_HERE = Failure(FailureKind.CONNECT_REFUSED, "127.0.0.1:8123")


def exchange(number: int, method: str, path: str, status: int | None = 200, body: bytes = USER) -> Exchange:
    """One of noon and so many seconds. status: None for one that got no reply."""
    response = None if status is None else Response(status, "OK", "HTTP/1.1", JSON, BytesBody(body), len(body))
    request = SentRequest(method, BASE + path, path.encode(), ())
    failure = NOT_HERE if status is None else None
    return Exchange(request, response, Timings(total=12.4), NOON + timedelta(seconds=number), failure=failure)


def record(history: History, *sent: tuple[str, str, int | None], root: Path | None = None) -> None:
    """Record these: method, path and status, the last one newest."""
    for number, (method, path, status) in enumerate(sent, 1):
        history.record(
            exchange(number, method, path, status),
            Request(method=method, url=BASE + path),
            key="",
            root=str(root or ""),
            environment="local",
        )
