"""HTTP/2 for one connection profile, by httpcore; its errors and extensions put into our terms."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Protocol, TypeVar

import httpx

from tui_client.errors import RequestFailed
from tui_client.http.h1.head import request_head
from tui_client.http.h1.sender import check_body, whole_body
from tui_client.http.h2.failures import FOREIGN, Stage, failure_of, system_error
from tui_client.http.h2.lanes import Lanes
from tui_client.http.h2.marks import marker
from tui_client.http.profile import ConnectionProfile
from tui_client.http.route import HttpProxy, UnixSocket, host_port, parse_route
from tui_client.http.tls import Contexts
from tui_client.http.tls_details import details_of, details_of_error
from tui_client.http.trace import Trace
from tui_client.model.exchange import BodyEnd
from tui_client.model.options import Timeouts

Result = TypeVar("Result")


class H2Client(httpx.AsyncBaseTransport):
    """HTTP/2 where the server agrees, else HTTP/1.1; https only. SOCKS is not its business."""

    def __init__(self, profile: ConnectionProfile, *, max_connections: int, idle_s: float) -> None:
        self._route = parse_route(profile.proxy)
        self._proxy = profile.proxy if isinstance(self._route, HttpProxy) else ""
        self._contexts = Contexts(profile)
        # One of its own: httpcore sets what a context offers before each handshake, and a proxy is offered less.
        self._fronts = Contexts(profile.for_proxy)
        self._limits = httpx.Limits(
            max_connections=max_connections, max_keepalive_connections=max_connections, keepalive_expiry=idle_s
        )
        self._lanes = Lanes(self._transport)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises RequestFailed; the body's stream does too."""
        trace = request.extensions.get("trace") or Trace(time.monotonic())
        timeouts = request.extensions.get("timeouts") or Timeouts()
        proxy = self._route.subject if isinstance(self._route, HttpProxy) else ""
        call = _Call(request.url, proxy, timeouts, trace)
        outgoing = _outgoing(request, trace, timeouts)
        url = request.url
        lane = await self._lanes.take((url.scheme, url.raw_host, url.port))
        response, failed = None, False
        try:
            response = await call.translate(lane.inner.handle_async_request, outgoing)
        except RequestFailed as error:
            failed = True
            trace.tls = details_of_error(system_error(error))
            raise
        finally:
            if response is None:
                await self._lanes.leave(lane, given_up=not failed)
        trace.reused = trace.connect_start is None
        trace.remote = _remote(response, call.subject)
        trace.tls = details_of(_extra(response, "ssl_object"))
        return _normal(response, _Stream(response, call, outgoing, partial(self._lanes.leave, lane)), trace)

    async def _transport(self) -> httpx.AsyncHTTPTransport:
        return httpx.AsyncHTTPTransport(
            verify=await self._contexts.get(),
            http2=True,
            limits=self._limits,
            trust_env=False,
            proxy=await self._way(),
            uds=self._route.path if isinstance(self._route, UnixSocket) else None,
        )

    async def _way(self) -> httpx.Proxy | None:
        """The proxy with a TLS context of ours: one that httpcore made would write session keys to SSLKEYLOGFILE."""
        if not self._proxy:
            return None
        context = await self._fronts.get() if self._proxy.startswith("https:") else None
        return httpx.Proxy(self._proxy, ssl_context=context)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._lanes.aclose()


class _ExactUrl(httpx.URL):
    """A URL whose target is sent as it is.

    Not httpcore's extension "target": it would also stand in the CONNECT to a proxy, who must not even see it.
    """

    def __init__(self, url: httpx.URL, target: bytes) -> None:
        super().__init__(url)
        self._target = target

    @property
    def raw_path(self) -> bytes:
        return self._target


class _Call:
    """One exchange's names and limits, for its failures."""

    def __init__(self, url: httpx.URL, proxy: str, timeouts: Timeouts, trace: Trace) -> None:
        self.subject = host_port(url.raw_host.decode("ascii"), url.port or 443)
        self._proxy = proxy
        self._timeouts = timeouts
        self._trace = trace

    async def translate(self, action: Callable[[httpx.Request], Awaitable[Result]], request: httpx.Request) -> Result:
        try:
            return await action(request)
        except FOREIGN as error:
            stage = Stage.UNSENT if self._trace.send_end is None else Stage.SENT
            raise self.failed(error, stage) from error

    def failed(self, error: Exception, stage: Stage) -> RequestFailed:
        return RequestFailed(failure_of(error, self.subject, self._proxy, self._timeouts, stage))


class Leave(Protocol):
    """Ends an exchange's use of its connection."""

    def __call__(self, *, given_up: bool) -> Awaitable[None]: ...


class _Stream(httpx.AsyncByteStream):
    """The body's raw bytes; raises RequestFailed where it is cut."""

    def __init__(self, response: httpx.Response, call: _Call, outgoing: httpx.Request, leave: Leave) -> None:
        self._response = response
        self._call = call
        self._outgoing = outgoing
        self._leave: Leave | None = leave
        self._given_up = True

    def limit_reads(self, read_s: float | None) -> None:
        """Wait this long for each next part of the body; None: for as long as it takes."""
        # httpcore looks there before each read.
        self._outgoing.extensions["timeout"]["read"] = read_s

    async def __aiter__(self) -> AsyncIterator[bytes]:
        stream = self._response.stream
        assert isinstance(stream, httpx.AsyncByteStream)
        try:
            async for chunk in stream:
                yield chunk
            self._given_up = False
        except FOREIGN as error:
            self._given_up = False
            raise self._call.failed(error, Stage.ANSWERED) from error

    async def aclose(self) -> None:
        try:
            await self._response.aclose()
        except FOREIGN as error:
            raise self._call.failed(error, Stage.ANSWERED) from error
        finally:
            leave, self._leave = self._leave, None
            if leave is not None:
                await leave(given_up=self._given_up)


def _outgoing(request: httpx.Request, trace: Trace, timeouts: Timeouts) -> httpx.Request:
    """The request in httpcore's terms. Raises RequestFailed where our own connections would refuse it too."""
    target = request.extensions.get("target") or request.url.raw_path
    headers = request.headers.raw
    _, framing = request_head(request.method, target, headers)
    check_body(framing, whole_body(request))
    if not any(name.lower() == b"host" for name, _ in headers):
        # HTTP/2 has no request without an :authority; httpcore takes it from here.
        headers = [(b"Host", request.url.netloc), *headers]
    limits = {
        "connect": timeouts.connect,
        "read": timeouts.read,
        "write": timeouts.write,
        "pool": timeouts.pool,
    }
    extensions = {"timeout": limits, "trace": marker(trace)}
    made = httpx.Request(request.method, request.url, headers=headers, stream=request.stream, extensions=extensions)
    made.url = _ExactUrl(request.url, target)
    return made


def _normal(response: httpx.Response, stream: _Stream, trace: Trace) -> httpx.Response:
    version = response.extensions.get("http_version", b"HTTP/2")
    extensions = {
        "http_version": version,
        "reason_phrase": response.extensions.get("reason_phrase", b""),
        "body_end": BodyEnd.HTTP2 if version == b"HTTP/2" else _end_of(response),
        "remote": trace.remote,
        "raw_stream": stream,
    }
    return httpx.Response(response.status_code, headers=response.headers.raw, stream=stream, extensions=extensions)


def _end_of(response: httpx.Response) -> BodyEnd:
    if response.status_code in (204, 304):
        return BodyEnd.NONE
    if "chunked" in response.headers.get("transfer-encoding", "").lower():
        return BodyEnd.CHUNKED
    return BodyEnd.LENGTH if "content-length" in response.headers else BodyEnd.CLOSE


def _extra(response: httpx.Response, what: str) -> object:
    stream = response.extensions.get("network_stream")
    return None if stream is None else stream.get_extra_info(what)


def _remote(response: httpx.Response, subject: str) -> str:
    address = _extra(response, "server_addr")
    return host_port(address[0], address[1]) if isinstance(address, tuple) else str(address or subject)
