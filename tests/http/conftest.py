"""A sender that shows all that came of one request; the servers are those of all tests of the wire."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from wire_fixtures import authority as authority
from wire_fixtures import ca_file as ca_file
from wire_fixtures import ok as ok
from wire_fixtures import serve as serve
from wire_fixtures import server_tls as server_tls
from wire_fixtures import turns as turns
from wire_fixtures import until as until

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http.profile import ConnectionProfile
from tui_client.http.trace import Trace
from tui_client.http.transport import Transport
from tui_client.model.options import Timeouts


@dataclass
class Outcome:
    """All that came of one request."""

    status: int | None
    headers: list[tuple[bytes, bytes]]
    body: bytes
    failure: Failure | None
    extensions: dict[str, Any]
    trace: Trace

    @property
    def kind(self) -> FailureKind | None:
        return None if self.failure is None else self.failure.kind


class Sender:
    """Sends over one transport with short limits."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    async def __call__(
        self,
        url: str,
        method: str = "GET",
        *,
        headers: list[tuple[bytes, bytes]] | None = None,
        content: Any = None,
        target: bytes | None = None,
        timeouts: Timeouts | None = None,
        profile: ConnectionProfile | None = None,
    ) -> Outcome:
        trace = Trace(time.monotonic())
        extensions: dict[str, Any] = {"trace": trace, "timeouts": timeouts or Timeouts(connect=5, read=5, write=5)}
        if target is not None:
            extensions["target"] = target
        if profile is not None:
            extensions["profile"] = profile
        given = {"stream": content} if isinstance(content, httpx.AsyncByteStream) else {"content": content}
        request = httpx.Request(method, url, headers=headers, extensions=extensions, **given)
        # httpx writes methods in capitals.
        request.method = method
        if headers is not None:
            request.headers = httpx.Headers(headers)
        body = bytearray()
        try:
            response = await self.transport.handle_async_request(request)
        except RequestFailed as error:
            return Outcome(None, [], b"", error.failure, {}, trace)
        failure = None
        assert isinstance(response.stream, httpx.AsyncByteStream)
        try:
            async for chunk in response.stream:
                body += chunk
        except RequestFailed as error:
            failure = error.failure
        await response.aclose()
        return Outcome(response.status_code, response.headers.raw, bytes(body), failure, response.extensions, trace)

    def pools(self) -> list[Any]:
        """The pools of all HTTP/1.1 clients, to count their slots."""
        clients = self.transport._clients.values()
        return [pool for client in clients for _, pool in client._pools.values()]  # type: ignore[attr-defined]  # HTTP/1.1


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    """A transport that is closed at the end."""
    transport = Transport()
    yield transport
    await transport.aclose()


@pytest.fixture
def send(transport: Transport) -> Sender:
    """Send one request and get its outcome."""
    return Sender(transport)
