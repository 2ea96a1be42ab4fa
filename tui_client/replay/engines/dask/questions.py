"""What workers ask, answered where the user is: each thing once in a run."""

from __future__ import annotations

from typing import Final

from tui_client.errors import Failure, FailureKind, RequestFailed, TuiClientError
from tui_client.http.cookies import CookieJar
from tui_client.model.step import StepId, StepResult
from tui_client.replay.engines.dask.errand import Errand, givers, prompts
from tui_client.replay.engines.dask.messages import Answer, MayReach, ValueOf, WhatIs
from tui_client.replay.services import Question, Services
from tui_client.replay.session import Session
from tui_client.replay.sources import Asking, captures_of
from tui_client.replay.step import failure_of, run_step
from tui_client.trust.grants import Grant, GrantKind

_NO_GIVER: Final = "no request of this replay gets that variable from there"
_NO_PROMPT: Final = "it asks for what no request of this replay asks for"


class Replies:
    """Asks the user, and sends what gives a value, with the services of the launching process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._base: Session | None = None
        self._givers: frozenset[tuple[str, str]] = frozenset()
        self._prompts: frozenset[Question] = frozenset()

    def begin(self, base: Session, errand: Errand) -> None:
        """The setup is done. errand: what workers get, and so all that they can have questions about."""
        self._base = base
        self._givers, self._prompts = givers(errand), prompts(errand)

    async def answer(self, asked: MayReach | WhatIs | ValueOf) -> Answer:
        """Never raises."""
        try:
            match asked:
                case MayReach(collection=collection, kind=kind, subject=subject):
                    value: object = await self._services.gate.allow(collection, Grant(GrantKind(kind), subject))
                case WhatIs(questions=questions):
                    wanted = tuple(Question(variable, text) for variable, text in questions)
                    if not self._prompts.issuperset(wanted):
                        raise RequestFailed(Failure(FailureKind.TRUST_REFUSED, "a worker", detail=_NO_PROMPT))
                    value = await self._services.memory.answers.ask(self._services.asker, "", wanted)
                case ValueOf():
                    value = await self._value(asked)
        except TuiClientError as error:
            return Answer(asked.number, failure=failure_of(error))
        except ValueError as error:  # no kind of grant
            return Answer(asked.number, failure=Failure(FailureKind.TRUST_REFUSED, "a worker", detail=str(error)))
        return Answer(asked.number, value)

    async def _value(self, asked: ValueOf) -> dict[str, object]:
        assert self._base is not None  # no worker begins before
        if (asked.variable, asked.key) not in self._givers:
            raise RequestFailed(Failure(FailureKind.VARIABLE_FROM, asked.variable, detail=_NO_GIVER))
        session = Session(
            CookieJar(self._base.jar.all() if self._base.jar else ()),
            self._base.environment,
            self._base.given,
            self._base.captured,
            derived=self._base.derived,
        )
        step = StepId(0, 0, -1, asked.key)
        root = self._services.source.collection_root(asked.key)
        asking = Asking(step, session, self._services, root, (), self._send)
        return dict(await captures_of(asked.variable, asked.key, asked.max_age_s, asking))

    async def _send(self, step: StepId, session: Session, chain: tuple[object, ...]) -> StepResult:
        return await run_step(step, session, self._services, chain=chain)
