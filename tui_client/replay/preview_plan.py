"""What a plan would send, with nothing sent or asked: its first requests, as far as they can be known; pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

import msgspec

from tui_client.errors import BrokenFile, NotFound, TuiClientError
from tui_client.http.cookies import CookieJar
from tui_client.http.prepare import PreparedRequest, prepare
from tui_client.model.content import EncodedBody, Locate
from tui_client.model.effective import EffectiveRequest, Scope
from tui_client.model.exchange import header_text
from tui_client.model.values import Value
from tui_client.model.variables import Constant
from tui_client.model.wording import describe, describe_error
from tui_client.replay.feed import Turn
from tui_client.replay.placeholders import Placeholders
from tui_client.replay.plan import Plan
from tui_client.replay.reports._json import plan_settings
from tui_client.replay.rows import BadRow
from tui_client.replay.scope import session_scope
from tui_client.replay.services import RequestSource
from tui_client.replay.session import Session
from tui_client.template import SECRETS_ORIGIN, needs, preview, preview_url, resolve
from tui_client.text import format_bytes

SHOWN_SESSIONS: Final = 3
SHOWN_BODY: Final = 500  # characters
# Secrets are looked for in so much of a body, far more than is shown: none may be cut in two before it is found.
_SEARCHED_BYTES: Final = 64 * 1024
_LENGTH: Final = "content-length"

# The files that the requests of a key may name.
LocateOf: TypeAlias = Callable[[str], Locate]


class PlannedStep(msgspec.Struct, frozen=True, kw_only=True):
    """One request as it would be sent, secrets masked; values still to come stand in « ».

    auth: what will be added to it, "" for nothing. body: its beginning. body_bytes: None where values are to come.
    problem: why it can't be sent as it stands, in words.
    """

    key: str
    method: str = ""
    url: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    auth: str = ""
    body: str = ""
    body_bytes: int | None = 0
    problem: str = ""


class PlannedSession(msgspec.Struct, frozen=True):
    """One of the first sessions; row 0: without data. problem: why its row can't be used."""

    row: int
    iteration: int
    steps: tuple[PlannedStep, ...] = ()
    problem: str = ""


class PlanPreview(msgspec.Struct, frozen=True):
    """What a plan comes to. total: sessions in all; None where only the run will tell."""

    plan: Plan
    setup: tuple[PlannedStep, ...]
    sessions: tuple[PlannedSession, ...]
    total: int | None


def preview_plan(
    plan: Plan, source: RequestSource, turns: Sequence[Turn], total: int | None, locate_of: LocateOf
) -> PlanPreview:
    """The setup and these first sessions of a plan. Never fails for what a request holds; it is in `problem`."""
    return _Previewer(plan, source, locate_of).preview(turns, total)


class _Previewer:
    def __init__(self, plan: Plan, source: RequestSource, locate_of: LocateOf) -> None:
        self._plan = plan
        self._source = source
        self._locate_of = locate_of
        self._placeholders = Placeholders()

    def preview(self, turns: Sequence[Turn], total: int | None) -> PlanPreview:
        setup, captured = self._steps(self._plan.setup, {}, {}, 0, 0)
        sessions = tuple(self._session(turn, captured) for turn in turns)
        return PlanPreview(self._plan, setup, sessions, total)

    def _session(self, turn: Turn, captured: dict[str, Value]) -> PlannedSession:
        if isinstance(turn.row, BadRow):
            return PlannedSession(turn.number, turn.iteration, problem=describe(turn.row.failure))
        values = {} if turn.row is None else turn.row.values
        steps, _ = self._steps(turn.steps, values, captured, turn.number, turn.iteration)
        return PlannedSession(turn.number, turn.iteration, steps)

    def _steps(
        self, keys: Sequence[str], values: dict[str, Value], captured: dict[str, Value], row: int, iteration: int
    ) -> tuple[tuple[PlannedStep, ...], dict[str, Value]]:
        """The steps, and what they and those before them capture."""
        found = []
        for key in keys:
            session = Session(CookieJar(), self._plan.environment, self._plan.given, captured, values, row, iteration)
            try:
                request = self._source.effective(key, self._plan.environment)
            except (BrokenFile, NotFound) as error:
                found.append(PlannedStep(key=key, problem=describe_error(error)))
                continue
            found.append(self._step(request, session))
            captured = {
                **captured,
                **{one.name: self._placeholders.of(f"{one.name} from {key}") for one in request.captures},
            }
        return tuple(found), captured

    def _step(self, request: EffectiveRequest, session: Session) -> PlannedStep:
        scope = session_scope(request.scope, session)
        secrets = _secrets_in(scope)
        # What a check or a capture needs is no part of what is sent.
        request = msgspec.structs.replace(request, asserts=(), captures=())
        try:
            resolved = resolve(request, self._placeholders.over(scope, needs(request, scope)))
            prepared = prepare(resolved, self._locate_of(request.key))
        except TuiClientError as error:
            return self._unresolved(request, scope, secrets, describe_error(error))
        if resolved.options.idempotency_key or self._plan.idempotency_key:
            key = (b"Idempotency-Key", "«made for each step»".encode())
            prepared = msgspec.structs.replace(prepared, headers=(*prepared.headers, key))
        return self._planned(prepared, prepared.secrets | secrets)

    def _planned(self, prepared: PreparedRequest, secrets: frozenset[str]) -> PlannedStep:
        body = self._body(prepared.body, secrets)
        # The stand-ins have other lengths than the values.
        known = not self._placeholders.are_in(body)
        rows = [(header_text(name), header_text(value)) for name, value in prepared.headers]
        return PlannedStep(
            key=prepared.key,
            method=self._placeholders.shown(prepared.method, secrets),
            url=self._placeholders.shown(prepared.url, secrets),
            headers=tuple(
                (self._placeholders.shown(name, secrets), self._placeholders.shown(value, secrets))
                for name, value in rows
                if known or name.lower() != _LENGTH
            ),
            auth="" if prepared.auth is None else prepared.auth.title,
            body=body if len(body) <= SHOWN_BODY else f"{body[:SHOWN_BODY]}…",
            body_bytes=prepared.body.size if known else None,
        )

    def _unresolved(
        self, request: EffectiveRequest, scope: Scope, secrets: frozenset[str], problem: str
    ) -> PlannedStep:
        """What can be said of a request whose values can't be put in."""

        def shown(text: str) -> str:
            return self._placeholders.shown("".join(part.text for part in preview(text, scope)), secrets)

        return PlannedStep(
            key=request.key,
            method=shown(request.method),
            url=self._placeholders.shown("".join(part.text for part in preview_url(request, scope)), secrets),
            headers=tuple((shown(row.name), shown(row.value)) for row in request.headers if row.enabled),
            body_bytes=None,
            problem=self._placeholders.shown(problem, secrets),
        )

    def _body(self, body: EncodedBody, secrets: frozenset[str]) -> str:
        shown = ""
        for segment in body.segments:
            if len(shown) > _SEARCHED_BYTES:
                break
            if not isinstance(segment, bytes):
                shown += f"«{segment.path.name}, {format_bytes(segment.size)}»"
            elif b"\0" in segment[:_SEARCHED_BYTES]:
                shown += f"«{format_bytes(len(segment))} of binary data»"
            else:
                shown += segment[:_SEARCHED_BYTES].decode(errors="replace")
        return self._placeholders.shown(shown, secrets)


def _secrets_in(scope: Scope) -> frozenset[str]:
    """The values of secret variables that are known without asking for them: those of the command line, say."""
    layers = [layer.values for layer in scope.layers if layer.origin == SECRETS_ORIGIN]
    return frozenset(str(one.value) for values in layers for one in values.values() if isinstance(one, Constant))


def to_json(found: PlanPreview) -> dict[str, Any]:
    """The object that `replay --plan --json` prints.

    title, environment; setup [step]; sessions [{row, iteration, steps, problem}], the first three; sessions_total and
    steps_total, null where only the run will tell; plan: its settings, without the values of the command line.
    A step: {key, method, url, headers [[name, value]], auth, body, body_bytes, problem}.
    """
    plan = found.plan
    steps = 1 if plan.recording is not None else len(plan.steps)
    return {
        "title": plan.title,
        "environment": plan.environment,
        "setup": [msgspec.structs.asdict(step) for step in found.setup],
        "sessions": [
            {**msgspec.structs.asdict(one), "steps": [msgspec.structs.asdict(step) for step in one.steps]}
            for one in found.sessions
        ],
        "sessions_total": found.total,
        "steps_total": None if found.total is None else len(plan.setup) + found.total * steps,
        "plan": plan_settings(plan),
    }
