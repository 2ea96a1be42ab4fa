"""What an engine tells of every step: before it is sent, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from tui_client.http.cookies import Cookie
from tui_client.model.step import StepId, StepResult
from tui_client.model.values import Value


class Ledger(Protocol):
    """Keeps what is known of steps, so that a run that died can go on; counts them too."""

    async def claim(self, step: StepId, *, resendable: bool) -> None:
        """The step will be sent now. Returns once that is kept for good. Raises BrokenFile if it can't be kept."""

    async def done(
        self,
        result: StepResult,
        captured: Mapping[str, Value] | None = None,
        cookies: tuple[Cookie, ...] = (),
        lost: Mapping[str, str] | None = None,
    ) -> None:
        """What came of a step, and what later steps of its session need of it; None: there are none, or nothing."""

    def unclaim(self, step: StepId) -> None:
        """It was claimed, and not sent after all: nobody need doubt it. Raises nothing."""

    def doubt(self, result: StepResult) -> None:
        """The run ended while this one, of outcome `InDoubt`, was on its way: its claim stays, and it is counted."""

    def forget(self, iteration: int, row: int) -> None:
        """A session passed whole: what its steps needed is needed no more."""


class NoLedger:
    """Keeps nothing: for runs that nobody would resume."""

    async def claim(self, step: StepId, *, resendable: bool) -> None:
        return None

    async def done(
        self,
        result: StepResult,
        captured: Mapping[str, Value] | None = None,
        cookies: tuple[Cookie, ...] = (),
        lost: Mapping[str, str] | None = None,
    ) -> None:
        return None

    def unclaim(self, step: StepId) -> None:
        return None

    def doubt(self, result: StepResult) -> None:
        return None

    def forget(self, iteration: int, row: int) -> None:
        return None
