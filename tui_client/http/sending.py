"""One send under way: authentication, redirects, the reply, and what is known of them at any moment."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

import httpx
import msgspec

from tui_client.errors import Failure, RequestFailed
from tui_client.http import wire
from tui_client.http.auth import as_answer, through_auth
from tui_client.http.body import BodyStream
from tui_client.http.cookies import CookieJar
from tui_client.http.deadline import Deadline
from tui_client.http.lean import response_rows
from tui_client.http.prepare import PreparedRequest
from tui_client.http.receive import Receiver, close, drain, http_version, read_bounded, reason
from tui_client.http.redirects import CARRIED, Onward, Refused, follow
from tui_client.http.trace import Trace, timings
from tui_client.kinds.auth._kind import AuthContext
from tui_client.model.event_stream import event_stream_of
from tui_client.model.exchange import Event, Exchange, HeadReceived, Hop, SentRequest, Started, Timings
from tui_client.model.wording import describe

_TOKEN_REPLY_BYTES: Final = 1 << 20


@runtime_checkable
class LimitsReads(Protocol):
    """The body's stream of our transports."""

    def limit_reads(self, read_s: float | None) -> None:
        """Wait this long for each next part of the body; None: for as long as it takes."""


class Wiring(msgspec.Struct, frozen=True):
    """What all sends of an engine share. hand_over: brings the head of a reply, its body not read.

    spool_dir None: the system's folder for temporary files. streams_last: built-in limits of time don't end streams of
    events.
    """

    hand_over: Callable[[httpx.Request], Awaitable[httpx.Response]]
    auth: AuthContext
    spool_dir: Path | None
    max_body_bytes: int
    streams_last: bool = False


class Reply(msgspec.Struct, frozen=True):
    """A reply whose head is here and whose body is not read; own: to a request that an auth flow made."""

    made: httpx.Request
    response: httpx.Response
    sent: SentRequest
    trace: Trace
    own: bool


class Sending:
    """Runs once; `exchange` tells what came of it, also after it was cut at any point."""

    def __init__(
        self, wiring: Wiring, request: PreparedRequest, jar: CookieJar | None, on_event: Callable[[Event], None]
    ) -> None:
        self._wiring = wiring
        self._request = request
        self._jar = jar if request.options.cookies else None
        self._on_event = on_event
        self._started = datetime.now(UTC)
        self._trace = Trace(time.monotonic())
        self._begin = self._trace.start
        self._hops: list[Hop] = []
        self._redirects = 0
        self._receiver: Receiver | None = None
        self._open: httpx.Response | None = None
        self._deadline: Deadline | None = None
        self._sent: SentRequest | None = None
        self._made = wire.to_httpx(request, self._jar)
        self._url = self._made.url if request.auth is not None else None

    @property
    def subject(self) -> str:
        """Who is spoken to now: "example.com:443"."""
        return self._request.address.authority

    async def run(self, deadline: Deadline) -> None:
        """Send, follow, and read the last reply to its end. Raises RequestFailed."""
        self._deadline = deadline
        try:
            while not await self._finished(await self._reply()):
                self._made, self._sent = wire.to_httpx(self._request, self._jar), None
                self._url = self._made.url if self._request.auth is not None else None
        finally:
            if self._open is not None:
                await close(self._open)

    async def _reply(self) -> Reply:
        if self._request.auth is None:
            return await self.open(self._made)
        return await through_auth(self._request.auth, self._wiring.auth, self._made, self)

    async def _finished(self, reply: Reply) -> bool:
        headers = tuple(response_rows(reply.response))
        match follow(self._request, reply.response.status_code, headers, self._redirects):
            case Onward(request=following, elsewhere=elsewhere):
                await self.leave(reply, _dropped(reply.sent) if elsewhere else ())
                self._redirects += 1
                self._request = following
                return False
            case Refused(failure=failure):
                await self._receive(reply)
                raise RequestFailed(failure)
            case None:
                await self._receive(reply)
                return True

    async def open(self, made: httpx.Request) -> Reply:
        """Send one request, and come back with the head of its reply."""
        own = made is not self._made
        self._trace = Trace(time.monotonic()) if self._hops else self._trace
        if own:
            wire.complete_own(made, self._request)
        elif self._url is not None and made.url is not self._url and made.extensions["target"] == self._request.target:
            made.extensions["target"] = made.url.raw_path
            made.extensions.pop("address", None)
        made.extensions["trace"] = self._trace
        sent = wire.describe_own(made, self._request) if own else wire.describe_sent(made, self._request)
        self._on_event(Started(sent))
        self._sent = None if own or isinstance(made.stream, BodyStream) else sent
        response = await self._wiring.hand_over(made)
        self._open = response
        if not own and self._jar is not None:
            path = self._request.target.partition(b"?")[0].decode("ascii")
            self._jar.update(self._request.address.origin, path, response_rows(response))
        return Reply(made, response, sent, self._trace, own)

    async def answer(self, reply: Reply) -> httpx.Response:
        """What an auth flow gets to see: the body only of replies to its own requests."""
        body = await read_bounded(reply.response, _TOKEN_REPLY_BYTES) if reply.own else b""
        return as_answer(reply.made, reply.response, body)

    async def leave(self, reply: Reply, dropped: tuple[str, ...] = ()) -> None:
        """Put a reply among the hops, since another request follows."""
        response = reply.response
        if not reply.own:
            await drain(response)
        await close(response)
        self._open = None
        sent = reply.sent if reply.own else wire.describe_sent(reply.made, self._request)
        self._hops.append(
            Hop(
                request=wire.as_sent(sent, http_version(response)),
                status=response.status_code,
                reason=reason(response),
                headers=tuple(response_rows(response)),
                timings=timings(reply.trace, time.monotonic()),
                dropped_headers=dropped,
                own=reply.own,
            )
        )

    async def _receive(self, reply: Reply) -> None:
        self._receiver = Receiver(reply.response, self._wiring.spool_dir, self._wiring.max_body_bytes)
        self._on_event(HeadReceived(self._receiver.response, len(self._hops)))
        if self._wiring.streams_last and event_stream_of(self._receiver.response.headers):
            self._let_last(reply.response.extensions.get("raw_stream"))
        await self._receiver.run(self._on_event)

    def _let_last(self, stream: object) -> None:
        limits = self._request.options.timeouts.for_stream()
        if limits.total is None and self._deadline is not None:
            self._deadline.lift()
        if isinstance(stream, LimitsReads):
            stream.limit_reads(limits.read)

    def exchange(self, failure: Failure | None) -> Exchange:
        """All that is known, now that the send is over."""
        end = time.monotonic()
        response = None if self._receiver is None else self._receiver.response
        if failure is not None and response is not None and not response.complete:
            response = msgspec.structs.replace(response, note=describe(failure))
        # What a body from files came to is known only now.
        sent = self._sent or wire.describe_sent(self._made, self._request)
        return Exchange(
            request=sent if response is None else wire.as_sent(sent, response.http_version),
            response=response,
            timings=_overall(timings(self._trace, end), self._begin, self._trace, end),
            started=self._started,
            hops=tuple(self._hops),
            failure=failure,
            remote=self._trace.remote,
            warnings=self._request.warnings,
            tls=self._trace.tls,
        )


def _overall(last: Timings, begin: float, trace: Trace, end: float) -> Timings:
    finish = end if trace.last_byte is None else trace.last_byte
    return msgspec.structs.replace(last, total=max(0.0, (finish - begin) * 1000))


def _dropped(sent: SentRequest) -> tuple[str, ...]:
    names = (name for name, _ in sent.headers if name.lower() not in CARRIED and name.lower() != b"host")
    return tuple(dict.fromkeys(name.decode("ascii") for name in names))
