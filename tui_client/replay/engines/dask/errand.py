"""What a worker needs to know of a run, put together where the files are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import msgspec

from tui_client.errors import Failure, NotFound, RequestFailed, TuiClientError
from tui_client.http.cookies import Cookie
from tui_client.http.hosts import Network
from tui_client.model.effective import EffectiveRequest
from tui_client.model.options import SendOptions
from tui_client.model.values import Value
from tui_client.model.variables import FromRequest, HostVariable, Prompt, Secret, Variable
from tui_client.replay.plan import Plan
from tui_client.replay.reach import sibling
from tui_client.replay.services import Question, RequestSource, SecretSource, Services
from tui_client.replay.session import Session
from tui_client.replay.step import failure_of

# By collection, environment and name.
Secrets: TypeAlias = Mapping[tuple[Path, str, str], str]
Requests: TypeAlias = Mapping[str, EffectiveRequest | Failure]


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """A run, as a worker does a part of it.

    run: whose idempotency keys the steps carry. requests: all that the steps may need, by key; a failure for what
    can't be read. roots: the collections' directories, by key. cookies, captured, derived: as the setup left them.
    secrets, environ, masked (what any reply may send back): sent along because the user said so; None: the worker has
    its own. silent_s: a coordinator that says nothing for so long is gone.
    """

    plan: Plan
    run: str
    requests: Requests
    roots: Mapping[str, Path]
    cookies: tuple[Cookie, ...]
    captured: Mapping[str, Value]
    derived: frozenset[str]
    network: Network
    defaults: SendOptions
    masked: frozenset[str]
    secrets: Secrets | None = None
    environ: Mapping[str, str] | None = None
    silent_s: float = 10.0


def errand_of(
    plan: Plan, services: Services, base: Session, *, send_secrets: bool = False, silent_s: float = 10.0
) -> Errand:
    """Blocks for files, and for the keyring where secrets are sent. Raises RequestFailed for an unreadable secret."""
    requests = _requests(plan, services.source)
    roots = {key: services.source.collection_root(key) for key in requests}
    return Errand(
        plan=plan,
        run=services.run,
        requests=requests,
        roots=roots,
        cookies=base.jar.all() if base.jar is not None else (),
        captured=base.captured,
        derived=base.derived,
        network=services.network,
        defaults=services.defaults,
        masked=frozenset(services.memory.secrets) if send_secrets else frozenset(),
        secrets=_secrets(requests, roots, plan.environment, services.secrets) if send_secrets else None,
        environ=_environ(requests) if send_secrets else None,
        silent_s=silent_s,
    )


def givers(errand: Errand) -> frozenset[tuple[str, str]]:
    """Which requests give the steps their variables: (variable, key of the request)."""
    return frozenset(
        (name, sibling(key, variable.key))
        for key, name, variable in _declared(errand.requests)
        if isinstance(variable, FromRequest)
    )


def prompts(errand: Errand) -> frozenset[Question]:
    """What the user may be asked for the steps."""
    return frozenset(
        Question(name, variable.question)
        for _, name, variable in _declared(errand.requests)
        if isinstance(variable, Prompt)
    )


def _declared(requests: Requests) -> Iterator[tuple[str, str, Variable]]:
    """Each variable: for which request, its name, what it is."""
    for key, request in requests.items():
        if isinstance(request, EffectiveRequest):
            for layer in request.scope.layers:
                for name, variable in layer.values.items():
                    yield key, name, variable


def _requests(plan: Plan, source: RequestSource) -> dict[str, EffectiveRequest | Failure]:
    """The steps, and whatever `from` variables in their reach name."""
    found: dict[str, EffectiveRequest | Failure] = {}
    wanted = list(plan.steps)
    while wanted:
        key = wanted.pop()
        if key in found:
            continue
        try:
            request = source.effective(key, plan.environment)
        except TuiClientError as error:
            if key in plan.steps:
                found[key] = failure_of(error)
            continue
        found[key] = request
        variables = [variable for _, _, variable in _declared({key: request})]
        wanted += [sibling(key, variable.key) for variable in variables if isinstance(variable, FromRequest)]
    return found


def _secrets(
    requests: Requests,
    roots: Mapping[str, Path],
    environment: str,
    source: SecretSource,
) -> Secrets:
    declared = _declared(requests)
    wanted = {(roots[key], environment, name) for key, name, variable in declared if isinstance(variable, Secret)}
    found = {place: source.get(*place) for place in sorted(wanted)}
    return {place: value for place, value in found.items() if value is not None}


def _environ(requests: Requests) -> dict[str, str]:
    names = {variable.name for _, _, variable in _declared(requests) if isinstance(variable, HostVariable)}
    return {name: os.environ[name] for name in names if name in os.environ}


class Shipped:
    """The requests of an errand as a `RequestSource`; those of a recording come with their sessions."""

    def __init__(self, errand: Errand) -> None:
        self._errand = errand
        self._own: dict[str, EffectiveRequest] = {}

    def add(self, requests: tuple[EffectiveRequest, ...]) -> None:
        """What a session brought along."""
        self._own |= {request.key: request for request in requests}

    def forget(self, requests: tuple[EffectiveRequest, ...]) -> None:
        """The session is over."""
        for request in requests:
            self._own.pop(request.key, None)

    def effective(self, key: str, environment: str) -> EffectiveRequest:
        """Raises RequestFailed for what could not be read where the files are, NotFound."""
        found = self._own.get(key) or self._errand.requests.get(key)
        if found is None:
            raise NotFound("request", key)
        if isinstance(found, Failure):
            raise RequestFailed(found)
        return found

    def collection_root(self, key: str) -> Path:
        return self._errand.roots.get(key, Path())
