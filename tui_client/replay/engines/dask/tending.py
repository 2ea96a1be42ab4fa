"""What goes on beside the messages: who is silent, who gets how much, and telling all what the user wants."""

from __future__ import annotations

import asyncio
from typing import Final

from tui_client.replay.controls import Controls
from tui_client.replay.engines.dask import messages
from tui_client.replay.engines.dask.coordinator import NO_WORKER, Coordinator

_EVERY_S: Final = 0.1
_LOOK_S: Final = 1.0
_ASLEEP_S: Final = 2.0
_WAITING: Final = "No worker takes part at the moment. It goes on when one does."


class Tending:
    """For one run."""

    def __init__(self, coordinator: Coordinator, controls: Controls, silent_s: float) -> None:
        self._coordinator = coordinator
        self._controls = controls
        self._silent_s = silent_s
        self._still = False
        self._limit = 0
        self._looked_s = 0.0
        self._tended_s = 0.0

    def start(self, group: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        """The tasks; to be cancelled at the end."""
        return [group.create_task(self._tend()), group.create_task(self._steer())]

    async def _tend(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            now_s = loop.time()
            self._coordinator.dealer.flush(self._coordinator.now_s())
            # Who was stopped himself, or asleep with his machine, has not heard anybody.
            if now_s - self._tended_s > _ASLEEP_S:
                for member in self._coordinator.members.values():
                    member.heard_s = now_s
            self._tended_s = now_s
            self._lose_silent(now_s)
            self._look(now_s)
            limit = self._coordinator.limit()
            if limit != self._limit:
                self._limit = limit
                self._coordinator.reshare()
            self._coordinator.dealer.wake()
            await asyncio.sleep(_EVERY_S)

    def _lose_silent(self, now_s: float) -> None:
        for member in tuple(self._coordinator.members.values()):
            if now_s - member.heard_s > self._silent_s:
                self._coordinator.lose(member)

    def _look(self, now_s: float) -> None:
        if now_s - self._looked_s < _LOOK_S:
            return
        self._looked_s = now_s
        for member in self._coordinator.members.values():
            member.look(now_s)

    async def _steer(self) -> None:
        """Pass on what the user wants, as soon as it is known."""
        while not self._controls.stopping:
            self._hold_without_workers()
            # Without workers nobody is told; and whoever comes then is not to stand still.
            if self._coordinator.members and self._controls.still != self._still:
                self._still = self._controls.still
                self._coordinator.tell_all(messages.Still(self._still))
            await self._controls.changed()
        self._coordinator.stop(messages.Stop(self._controls.reason.value, self._controls.grace_s))

    def _hold_without_workers(self) -> None:
        if self._coordinator.begun and not self._coordinator.members:
            self._controls.hold(NO_WORKER, self._coordinator.trouble or _WAITING)
        else:
            self._controls.release(NO_WORKER)
