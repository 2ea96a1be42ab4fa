"""Loaded into a Dask worker (`dask worker --preload`): requests take 20 ms, go nowhere, and get one and the same reply.

All else on the worker is the product's own: only the engine that sends is another one. BENCHMARK_BURN_MS: processor
time that a request takes besides, as one with a large reply does.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from tui_client.http.prepare import PreparedRequest
from tui_client.model.exchange import BodyEnd, BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.replay.engines.dask import worker
from tui_client.replay.engines.dask.worker_services import worker_services
from tui_client.replay.services import Services

DELAY_S: Final = 0.02
BURN_S: Final = float(os.environ.get("BENCHMARK_BURN_MS", "0")) / 1e3
_REPLY: Final = Response(
    status=200,
    reason="OK",
    http_version="HTTP/1.1",
    headers=((b"Content-Type", b"application/json"), (b"Content-Length", b"2")),
    body=BytesBody(b"{}"),
    encoded_bytes=2,
    body_end=BodyEnd.LENGTH,
)
_TIMINGS: Final = Timings(blocked=0.1, send=0.1, wait=DELAY_S * 1e3, receive=0.1, total=DELAY_S * 1e3 + 0.3)


class Sham:
    """A `Sender` that waits."""

    async def send(self, request: PreparedRequest, jar: object = None, **named: object) -> Exchange:
        """The reply, after a while."""
        sent = SentRequest(request.method, request.url, b"/", request.headers)
        started = datetime.now(UTC)
        await asyncio.sleep(DELAY_S)
        until_s = time.thread_time() + BURN_S
        while time.thread_time() < until_s:
            pass
        return Exchange(sent, _REPLY, _TIMINGS, started, remote="127.0.0.1:9")


@asynccontextmanager
async def _sham_services(*given: Any) -> AsyncIterator[Services]:
    async with worker_services(*given) as services:
        yield msgspec.structs.replace(services, engine=Sham())


worker.worker_services = _sham_services
