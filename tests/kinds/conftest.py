"""Replies to ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tui_client.model.exchange import BytesBody, Exchange, Hop, RawHeader, Response, SentRequest, Timings

MakeExchange = Callable[..., Exchange]


def _sent(url: str) -> SentRequest:
    return SentRequest("GET", url, b"/", ())


def _exchange(
    body: bytes = b"",
    content_type: str = "",
    *headers: RawHeader,
    status: int = 200,
    http_version: str = "HTTP/1.1",
    hops: tuple[tuple[str, int], ...] = (),
    total: float = 12.3456,
) -> Exchange:
    typed = ((b"Content-Type", content_type.encode()),) if content_type else ()
    return Exchange(
        request=_sent("http://127.0.0.1/last"),
        response=Response(status, "OK", http_version, (*typed, *headers), BytesBody(body)),
        timings=Timings(total=total),
        started=datetime.now(UTC),
        hops=tuple(Hop(_sent(url), code, "", (), Timings()) for url, code in hops),
    )


@pytest.fixture
def exchange() -> MakeExchange:
    return _exchange


@pytest.fixture
def no_reply() -> Exchange:
    return Exchange(_sent("http://127.0.0.1/last"), None, Timings(total=5.0), datetime.now(UTC))
