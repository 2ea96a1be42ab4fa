"""One step, from its key to its result: obtain, resolve, ask, send, check, capture.

The workbench's send, `send` and every replay engine go through `run_step`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import msgspec

from tui_client.errors import BrokenFile, Failure, FailureKind, NotFound, RequestFailed, TuiClientError
from tui_client.http.cancellation import Cancellation
from tui_client.http.prepare import PreparedRequest
from tui_client.kinds.bounded import TooSlow, quickly
from tui_client.kinds.checks import asserts_status, capture, check
from tui_client.model.effective import EffectiveRequest, ResolvedRequest, Scope
from tui_client.model.exchange import Exchange
from tui_client.model.step import Errored, Outcome, Replied, StepId, StepResult
from tui_client.model.wording import broken_place, describe_error
from tui_client.replay.bound import is_bound
from tui_client.replay.guard import masked_failure, prepared_within
from tui_client.replay.idempotency import with_idempotency_key
from tui_client.replay.recipe import Ready
from tui_client.replay.scope import is_secret, known_secrets, session_scope
from tui_client.replay.services import CountingSender, OnEvent, Services, ignore
from tui_client.replay.session import Session
from tui_client.replay.sources import Asking, Obtained, obtain
from tui_client.template import Need, needs, resolve
from tui_client.text.redact import redact

_QUICK_BYTES: Final = 64 * 1024  # reading and parsing bodies up to this size does not hold up the event loop


async def run_step(
    step: StepId,
    session: Session,
    services: Services,
    *,
    on_event: OnEvent = ignore,
    cancellation: Cancellation | None = None,
    draft: EffectiveRequest | None = None,
    began_s: float | None = None,
    chain: tuple[Hashable, ...] = (),
    sender: CountingSender | None = None,
    due_s: float | None = None,
    late: bool = False,
) -> StepResult:
    """Do one step; whatever goes wrong is in the result. Raises nothing but on cancelling the task.

    draft: what is sent in place of what the library has. began_s: when the run began, on the monotonic clock.
    chain: the `from` requests that wait for this one. sender: sends this very step, in place of the engine.
    due_s, late: as in StepResult.
    """
    began_s = time.monotonic() if began_s is None else began_s
    label = step.key
    try:
        request = draft or services.source.effective(step.key, session.environment)
        label = f"{request.method} {request.url}"
        ready = None if draft else _short_way(request, session, services)
        if ready is None:
            async with _cancelled_by(cancellation):
                ready = await _ready(step, request, session, services, chain)
        prepared = with_idempotency_key(ready.prepared, step, services.run) if _wants_key(ready) else ready.prepared
        if not services.memory.secrets <= prepared.secrets:
            prepared = msgspec.structs.replace(prepared, secrets=prepared.secrets | services.memory.secrets)
        label = redact(f"{prepared.method} {prepared.url}", prepared.secrets)
        send = (sender or services.engine).send
        exchange = await send(prepared, session.jar, on_event=on_event, cancellation=cancellation)
        outcome = _knowing_captured(await _judged(ready, exchange), request.scope)
    except TuiClientError as error:
        outcome = Errored(failure_of(error))
    attempts = sender.count if sender is not None else 0
    return StepResult(step, outcome, time.monotonic() - began_s, label, due_s, attempts, late)


def _wants_key(ready: Ready) -> bool:
    return ready.resolved.options.idempotency_key


def failure_of(error: TuiClientError) -> Failure:
    match error:
        case RequestFailed(failure=failure):
            return failure
        case BrokenFile():
            return Failure(FailureKind.COLLECTION_FILE, str(error.path), broken_place(error), error.reason)
        case NotFound():
            return Failure(FailureKind.COLLECTION_FILE, error.name, detail=f"there is no such {error.what}")
        case _:
            return Failure(FailureKind.COLLECTION_FILE, "What this request needs", detail=describe_error(error))


def _short_way(request: EffectiveRequest, session: Session, services: Services) -> Ready | None:
    # Whether a proxy gets to see cookies is not known while there are none.
    if request.options.proxy and session.jar:
        return None
    return services.memory.recipes.ready(request, session)


async def _ready(
    step: StepId, request: EffectiveRequest, session: Session, services: Services, chain: tuple[Hashable, ...]
) -> Ready:
    async def send_from(inner: StepId, its_session: Session, its_chain: tuple[Hashable, ...]) -> StepResult:
        return await run_step(inner, its_session, services, chain=its_chain)

    root = services.source.collection_root(step.key)
    scope = session_scope(request.scope, session)
    wanted = _needs(request, scope, session, services)
    obtained = await obtain(wanted, Asking(step, session, services, root, chain, send_from)) if wanted else Obtained()
    full = obtained.over(scope)
    services.memory.note(str(constant.value) for constant in obtained.secrets.values())
    try:
        resolved = resolve(request, full)
        bound = bool(obtained.secrets) or _is_bound(request, session, services)
        ready = Ready(resolved, await _prepared(resolved, bound, bool(session.jar), root, services))
    except RequestFailed as error:
        raise RequestFailed(masked_failure(error.failure, known_secrets(full))) from None
    if not wanted:
        services.memory.recipes.learn(request, session, services.network)
    return ready


async def _prepared(
    resolved: ResolvedRequest, bound: bool, cookies: bool, root: Path, services: Services
) -> PreparedRequest:
    own_proxy, gate, network = services.defaults.proxy, services.gate, services.network
    return await prepared_within(resolved, bound, root, gate, network, own_proxy=own_proxy, cookies=cookies)


def _is_bound(request: EffectiveRequest, session: Session, services: Services) -> bool:
    if not session.derived and (request.key, session.environment) in services.memory.needless:
        return False
    # What a session brings are values: which names it has is all that counts.
    names = frozenset(session.captured), frozenset(session.row_values)
    return services.memory.bound(
        (request.key, session.environment, *names), lambda: is_bound(request, session, services.source)
    )


def _needs(request: EffectiveRequest, scope: Scope, session: Session, services: Services) -> tuple[Need, ...]:
    """What must be fetched; what a session adds are values, so a request that needs nothing by itself never will."""
    known, place = services.memory.needless, (request.key, session.environment)
    if place in known:
        return ()
    if not needs(request, request.scope):
        known.add(place)
        return ()
    return needs(request, scope)


@asynccontextmanager
async def _cancelled_by(cancellation: Cancellation | None) -> AsyncIterator[None]:
    """Let a cancellation end the wait for prompts and other requests too, as the engine does for the send."""
    if cancellation is None:
        yield
        return
    try:
        async with asyncio.timeout(None) as limit:
            cancellation.bind(lambda: limit.reschedule(asyncio.get_running_loop().time()))
            yield
    except TimeoutError:
        raise RequestFailed(Failure(FailureKind.CANCELLED)) from None
    finally:
        cancellation.bind(None)


async def _judged(ready: Ready, exchange: Exchange) -> Outcome:
    resolved = ready.resolved
    if exchange.failure is not None or exchange.response is None:
        failure = exchange.failure or Failure(FailureKind.CLOSED_EARLY, ready.prepared.url)
        return Errored(masked_failure(failure, ready.prepared.secrets), exchange)
    if not resolved.asserts and not resolved.captures:
        return _judge(resolved, exchange)
    if exchange.response.body.size <= _QUICK_BYTES:
        try:
            with quickly():
                return _judge(resolved, exchange)
        except TooSlow:
            pass
    return await asyncio.to_thread(_judge, resolved, exchange)


def _knowing_captured(outcome: Outcome, scope: Scope) -> Outcome:
    """The reply that a secret was captured from is masked too."""
    if not isinstance(outcome, Replied) or not outcome.captures:
        return outcome
    captured = frozenset(str(value) for name, value in outcome.captures.items() if is_secret(scope, name))
    if not captured:
        return outcome
    sent = outcome.exchange.request
    sent = msgspec.structs.replace(sent, secrets=sent.secrets | captured)
    return msgspec.structs.replace(outcome, exchange=msgspec.structs.replace(outcome.exchange, request=sent))


def _judge(resolved: ResolvedRequest, exchange: Exchange) -> Outcome:
    checks = check(resolved.asserts, exchange) if resolved.asserts else ()
    status = exchange.response.status if exchange.response else 0
    http_error = status >= 400 and not resolved.options.allow_http_errors and not asserts_status(resolved.asserts)
    failed = http_error or any(not one.passed for one in checks)
    if not resolved.captures:
        return Replied(exchange, checks, {}, http_error)
    try:
        captures = capture(resolved.captures, exchange)
    except RequestFailed as error:
        if not failed:
            return Errored(error.failure, exchange)
        # The failed check says more than the capture that an error page has nothing for.
        captures = {}
    return Replied(exchange, checks, captures, http_error)
