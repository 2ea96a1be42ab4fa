"""Getting the values that a request needs from elsewhere: other requests, the user, the secret store, the host."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Hashable
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

from tui_client.errors import Failure, FailureKind, NotFound, RequestFailed
from tui_client.http.cookies import CookieJar
from tui_client.model.effective import EffectiveRequest, Scope
from tui_client.model.step import Dropped, Errored, InDoubt, Replied, Skipped, StepId, StepResult
from tui_client.model.values import Value
from tui_client.model.variables import Constant, FromRequest, HostVariable, Prompt, Secret
from tui_client.replay.memory import Captures
from tui_client.replay.reach import reached, sibling
from tui_client.replay.scope import literals, session_scope
from tui_client.replay.services import Question, Services
from tui_client.replay.session import Session
from tui_client.template import SECRETS_ORIGIN, Need, needs
from tui_client.trust.grants import Grant, GrantKind, how_to_allow

_SHORTEST_TOKEN: Final = 8  # as of cookies, in the history

# Sends the request that gives a value: the step, its session, and the requests that wait for it.
SendFrom: TypeAlias = Callable[[StepId, Session, tuple[Hashable, ...]], Awaitable[StepResult]]


class Asking(msgspec.Struct, frozen=True):
    """The step that needs values. root: its collection's directory; chain: what waits for this very step."""

    step: StepId
    session: Session
    services: Services
    root: Path
    chain: tuple[Hashable, ...]
    send_from: SendFrom


class Obtained(msgspec.Struct, frozen=True):
    """Values by variable; `secrets` are masked wherever they would show."""

    values: dict[str, Constant] = {}
    secrets: dict[str, Constant] = {}

    def over(self, scope: Scope) -> Scope:
        """The scope in which every obtained variable has its value."""
        return scope.over("obtained", self.values).over(SECRETS_ORIGIN, self.secrets)


async def obtain(wanted: tuple[Need, ...], asking: Asking) -> Obtained:
    """A value for each need. Raises RequestFailed (variable.*, trust.refused, template.unknown_variable, or why a
    request that gives a value could not be sent)."""
    values: dict[str, Value] = {}
    secrets: dict[str, Value] = {}
    questions: list[Question] = []
    for need in wanted:
        match need.variable:
            case Prompt(question=text):
                questions.append(Question(need.name, text))
            case Secret():
                secrets[need.name] = await _secret(need, asking)
            case HostVariable(name=name):
                value = await _host_variable(need, name, asking)
                # What a machine tells its programs so is mostly a token; masking each "true" would spoil all replies.
                (secrets if len(value) >= _SHORTEST_TOKEN else values)[need.name] = value
            case FromRequest():
                pass
    if questions:
        values |= await asking.services.memory.answers.ask(asking.services.asker, asking.root, tuple(questions))
    for need in wanted:
        if isinstance(need.variable, FromRequest):
            values[need.name] = await _from_request(need.name, need.variable, asking)
    return Obtained(literals(values), literals(secrets))


async def _secret(need: Need, asking: Asking) -> str:
    # The keyring may ask its user; the screen must go on meanwhile.
    value = await asyncio.to_thread(asking.services.secrets.get, asking.root, asking.session.environment, need.name)
    if value is None:
        raise RequestFailed(Failure(FailureKind.VARIABLE_SECRET, need.name, place=need.origin))
    return value


async def _host_variable(need: Need, name: str, asking: Asking) -> str:
    grant = Grant(GrantKind.ENV, name)
    if not await asking.services.gate.allow(str(asking.root), grant):
        detail = f"the variable {need.name} reads it from this machine; {how_to_allow(grant)}"
        raise RequestFailed(Failure(FailureKind.TRUST_REFUSED, f"env:{name}", need.origin, detail))
    environ = asking.services.environ
    value = (os.environ if environ is None else environ).get(name)
    if value is None:
        place = f"{need.origin}: the environment variable {name} is not set on this machine"
        raise RequestFailed(Failure(FailureKind.TEMPLATE_UNKNOWN_VARIABLE, need.name, place))
    return value


async def _from_request(name: str, variable: FromRequest, asking: Asking) -> Value:
    key = sibling(asking.step.key, variable.key)
    captures = await captures_of(name, key, variable.max_age_s, asking)
    if name not in captures:
        raise RequestFailed(Failure(FailureKind.VARIABLE_FROM, name, detail=f"{key} has no [capture.{name}]"))
    return captures[name]


async def captures_of(name: str, key: str, max_age_s: float | None, asking: Asking) -> Captures:
    """What a request captures for the variable of this name, sent if it was not of late. Raises RequestFailed."""
    services, session = asking.services, asking.session
    try:
        services.source.effective(key, session.environment)
    except NotFound as error:
        raise RequestFailed(Failure(FailureKind.VARIABLE_FROM, name, detail=f"there is no request {key}")) from error
    cache_key = (asking.root, session.environment, key, _depends_on(key, asking, frozenset()))

    async def fetch() -> Captures:
        step = StepId(asking.step.row, asking.step.iteration, -1, key)
        # Cookies of its own: whether it is sent at all depends on what is kept from before.
        fresh = msgspec.structs.replace(session, jar=CookieJar())
        return _captures(name, await asking.send_from(step, fresh, (*asking.chain, cache_key)))

    cache = services.memory.cache(max_age_s)
    return await cache.get(name, cache_key, asking.chain, max_age_s, fetch)


def _depends_on(key: str, asking: Asking, seen: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """The session's own values that the request reaches: where they differ, so does what it captures."""
    session = asking.session
    request = asking.services.source.effective(key, session.environment)
    scope = session_scope(request.scope, session)
    own = {**session.row_values, **session.captured, **session.given}
    found = {(name, repr(own[name])) for name in reached(request, scope) if name in own}
    for need in _froms(request, scope):
        inner = sibling(key, need.key)
        if inner not in seen:
            found |= set(_depends_on(inner, asking, seen | {key}))
    return tuple(sorted(found))


def _froms(request: EffectiveRequest, scope: Scope) -> list[FromRequest]:
    return [need.variable for need in needs(request, scope) if isinstance(need.variable, FromRequest)]


def _captures(name: str, result: StepResult) -> Captures:
    key = result.step.key
    match result.outcome:
        case Replied(captures=captures) if result.passed:
            return captures
        case Replied(exchange=exchange, checks=checks):
            status = exchange.response.status if exchange.response else 0
            failed = next((f"{one.query} {one.expr}".strip() for one in checks if not one.passed), "")
            detail = f"{key} answered {status}" + (f", and its check on {failed} failed" if failed else "")
            raise RequestFailed(Failure(FailureKind.VARIABLE_FROM, name, detail=detail))
        case Errored(failure=failure):
            # A dead host is a dead host, whoever noticed it first.
            place = failure.place or f"{key}, which gives {name}"
            raise RequestFailed(msgspec.structs.replace(failure, place=place))
        case Skipped() | Dropped() | InDoubt():
            raise RequestFailed(Failure(FailureKind.VARIABLE_FROM, name, detail=f"{key} was not sent"))
