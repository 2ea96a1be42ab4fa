"""Everything that is sent goes through here: one client, opened once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx
import msgspec

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http import wire
from tui_client.http.cancellation import Cancellation
from tui_client.http.cookies import CookieJar
from tui_client.http.deadline import Deadline
from tui_client.http.prepare import PreparedRequest
from tui_client.http.receive import MAX_BODY_BYTES, MAX_REPLAYED_BYTES
from tui_client.http.sending import Sending, Wiring
from tui_client.kinds.auth._kind import AuthContext, NoTokens, TokenStore
from tui_client.model.exchange import Event, Exchange, Failed, Finished


def ignore(event: Event) -> None:
    """Take no notice of what happens on the way."""


class Engine:
    """Sends prepared requests; open it with `async with`, once for the life of the app or command."""

    def __init__(
        self,
        *,
        tokens: TokenStore | None = None,
        spool_dir: Path | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        """tokens: where OAuth tokens are kept. spool_dir: for large bodies. transport: for tests alone.

        max_body_bytes: of one reply; a longer one is cut. `direct` keeps 512 MiB at most, since it has many at a time.
        """
        transport = _default_transport() if transport is None else transport
        self._client = wire.open_client(transport)
        context = AuthContext(tokens or NoTokens())
        self._wiring = Wiring(self._by_client, context, spool_dir, max_body_bytes, streams_last=True)
        replayed_bytes = min(max_body_bytes, MAX_REPLAYED_BYTES)
        self._direct = Wiring(transport.handle_async_request, context, spool_dir, replayed_bytes)

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _by_client(self, made: httpx.Request) -> httpx.Response:
        return await self._client.send(made, stream=True, auth=_NO_AUTH)

    @property
    def direct(self) -> DirectSender:
        """Sends through the client's transport, past the client's own layers: they cost a replay more than the rest."""
        return DirectSender(self._direct)

    async def send(
        self,
        request: PreparedRequest,
        jar: CookieJar | None = None,
        *,
        on_event: Callable[[Event], None] = ignore,
        cancellation: Cancellation | None = None,
    ) -> Exchange:
        """Send a request and read its reply, redirects and authentication included.

        Never raises for what a server or the network does: `exchange.failure` says it, what arrived is kept.
        Events come in order, from this task, the last one being Finished or Failed. The jar is read and updated.
        A stream of events lasts until its server, the user, or a limit that a file sets ends it.
        """
        return await _sent(self._wiring, request, jar, on_event, cancellation)


class DirectSender:
    """`Engine.send` for many: the same exchange, without httpx's client between us and the transport.

    All limits of time hold for streams of events too: a run comes to its end.
    """

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    async def send(
        self,
        request: PreparedRequest,
        jar: CookieJar | None = None,
        *,
        on_event: Callable[[Event], None] = ignore,
        cancellation: Cancellation | None = None,
    ) -> Exchange:
        """As `Engine.send`."""
        return await _sent(self._wiring, request, jar, on_event, cancellation)


_NO_AUTH: Final = httpx.Auth()


async def _sent(
    wiring: Wiring,
    request: PreparedRequest,
    jar: CookieJar | None,
    on_event: Callable[[Event], None],
    cancellation: Cancellation | None,
) -> Exchange:
    sending = Sending(wiring, request, jar, on_event)
    failure = await _outcome(sending, request, cancellation)
    exchange = sending.exchange(failure)
    on_event(Finished(exchange) if failure is None else Failed(exchange))
    return exchange


async def _outcome(sending: Sending, request: PreparedRequest, cancellation: Cancellation | None) -> Failure | None:
    limit_s = request.options.timeouts.total
    if cancellation is not None and cancellation.requested:
        return Failure(FailureKind.CANCELLED, subject=sending.subject)
    try:
        with Deadline(limit_s) as deadline:
            if cancellation is not None:
                cancellation.bind(deadline.expire)
            await sending.run(deadline)
    except TimeoutError:
        if cancellation is not None and cancellation.requested:
            return Failure(FailureKind.CANCELLED, subject=sending.subject)
        return Failure(FailureKind.TIMEOUT_TOTAL, subject=sending.subject, limit_s=limit_s)
    except RequestFailed as error:
        failure = error.failure
        return failure if failure.subject else msgspec.structs.replace(failure, subject=sending.subject)
    except httpx.InvalidURL as error:
        return Failure(FailureKind.URL_INVALID, subject=request.url, detail=str(error))
    finally:
        if cancellation is not None:
            cancellation.bind(None)
    return None


def _default_transport() -> httpx.AsyncBaseTransport:
    from tui_client.http.transport import Transport

    return Transport()
