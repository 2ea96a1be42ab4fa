"""Runs a plan in this process: rows side by side, the steps of a row in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from tui_client.replay.engines.running import Running
from tui_client.replay.engines.sessions import LATE_S, RowSession, drop_session
from tui_client.replay.feed import Turn
from tui_client.replay.journal.standings import Standing
from tui_client.replay.pace.pacer import Pacer
from tui_client.replay.plan import Overflow
from tui_client.replay.session import Session


class LocalRun(Running):
    """The sessions are tasks of this event loop."""

    _sessions = 0
    _open: tuple[asyncio.TaskGroup, Session] | None = None

    @asynccontextmanager
    async def _place(self, base: Session) -> AsyncGenerator[None, None]:
        async with asyncio.TaskGroup() as rows:
            self._open = rows, base
            yield

    async def _start(self, pacer: Pacer, turn: Turn, standing: Standing | None) -> bool:
        due_s = await pacer.due()
        if pacer.over or self._controls.stopping:
            return False
        doubtful = standing is not None and (standing.claimed or standing.shut)
        if pacer.overflow is Overflow.DROP and self._is_full(pacer) and not doubtful:
            await drop_session(self._doing, turn, standing, due_s)
            return True
        still_s = self._controls.still_s
        while self._is_full(pacer) and not self._controls.stopping:
            await pacer.changed()
        if not await self._controls.may_start():
            return False
        if due_s is not None:
            due_s += self._controls.still_s - still_s  # as the pacer has it for all that wait there
        late = due_s is not None and self._now_s() - due_s > LATE_S
        self._sessions += 1
        assert self._open is not None  # a session is started in its place
        rows, base = self._open
        rows.create_task(self._run_session(base, turn, standing, due_s, late))
        return True

    async def _run_session(
        self, base: Session, turn: Turn, standing: Standing | None, due_s: float | None, late: bool
    ) -> None:
        try:
            await RowSession(self._doing, base, turn, standing).run(due_s, late)
        finally:
            self._sessions -= 1
            self._controls.wake()

    def _is_full(self, pacer: Pacer) -> bool:
        return self._sessions >= pacer.limit(self._now_s())
