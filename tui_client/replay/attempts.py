"""One step's sends: the first one when its host is free, further ones where the plan's retries allow them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from random import Random
from typing import Final, TypeAlias

from tui_client.http.cancellation import Cancellation
from tui_client.http.cookies import CookieJar
from tui_client.http.prepare import PreparedRequest
from tui_client.model.exchange import Exchange
from tui_client.replay.controls import Controls
from tui_client.replay.hosts import Hosts
from tui_client.replay.pace.waiting import wait_until
from tui_client.replay.plan import Plan
from tui_client.replay.retry import MAX_PAUSE_S, backoff_s, has_idempotency_key, may_retry, retry_after_s
from tui_client.replay.services import OnEvent, Sender, ignore

Claim: TypeAlias = Callable[[PreparedRequest], Awaitable[None]]

_ASK_FOR_PAUSES: Final = frozenset({429, 503})
_RANDOM: Final = Random()


class Attempts:
    """A `Sender` for one step, made anew for each. `count`: how often it was sent."""

    def __init__(
        self,
        engine: Sender,
        plan: Plan,
        hosts: Hosts,
        controls: Controls,
        claim: Claim | None = None,
        rng: Random = _RANDOM,
    ) -> None:
        """claim: awaited once, before the first byte of the first attempt; what it raises ends the step."""
        self.count = 0
        self._engine = engine
        self._plan = plan
        self._hosts = hosts
        self._controls = controls
        self._claim = claim
        self._rng = rng

    async def send(
        self,
        request: PreparedRequest,
        jar: CookieJar | None = None,
        *,
        on_event: OnEvent = ignore,
        cancellation: Cancellation | None = None,
    ) -> Exchange:
        """The last attempt's exchange; of kind `cancelled`, and `count` 0, if the run stopped before the first one."""
        origin = request.address.origin
        exchange: Exchange | None = None
        while await self._may_send(origin, request, cancellation):
            self.count += 1
            exchange = await self._engine.send(request, jar, on_event=on_event, cancellation=cancellation)
            if not await self._again(request, exchange, cancellation):
                return exchange
        return exchange or await self._unsent(request, jar, on_event, cancellation)

    async def _may_send(self, origin: str, request: PreparedRequest, cancellation: Cancellation | None) -> bool:
        if not await self._hosts.clear(origin, self._controls, cancellation):
            return False
        if self._claim is None:
            return True
        claim, self._claim = self._claim, None
        await claim(request)
        # A reply that asks for a pause may have come while the claim was written.
        return await self._hosts.clear(origin, self._controls, cancellation)

    async def _again(self, request: PreparedRequest, exchange: Exchange, cancellation: Cancellation | None) -> bool:
        """Wait for the next attempt; False if there is to be none."""
        asked_s = self._asked_pause(exchange)
        plan = self._plan
        if self.count > plan.retry.count or asked_s > MAX_PAUSE_S:
            return False
        key = has_idempotency_key(exchange.request.headers)
        if not may_retry(plan.retry, plan.retry_unsafe, request.method, key, exchange):
            return False
        wait_s = max(asked_s, backoff_s(self.count, self._rng))
        with self._controls.waiting("Waiting before sending again what failed."):
            if not await wait_until(asyncio.get_running_loop().time() + wait_s, self._controls, cancellation):
                return False
        return await self._controls.may_start()

    def _asked_pause(self, exchange: Exchange) -> float:
        """Seconds that the server asked for, 0 for none; everybody's sends to it wait so long."""
        response = exchange.response
        if response is None or response.status not in _ASK_FOR_PAUSES:
            return 0.0
        asked_s = retry_after_s(response.headers, datetime.now(UTC)) or 0.0
        if asked_s:
            # Redirects may have led to another origin than the request's own: who answered, asked.
            origin = "/".join(exchange.request.url.split("/", 3)[:3])
            self._hosts.hold(origin, asyncio.get_running_loop().time() + min(asked_s, MAX_PAUSE_S))
        return asked_s

    async def _unsent(
        self, request: PreparedRequest, jar: CookieJar | None, on_event: OnEvent, cancellation: Cancellation | None
    ) -> Exchange:
        if cancellation is None or not cancellation.requested:
            cancellation = Cancellation()
            cancellation.cancel()
        # Cancelled before it begins: the engine says what would have been sent, and sends nothing.
        return await self._engine.send(request, jar, on_event=on_event, cancellation=cancellation)
