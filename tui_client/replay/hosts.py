"""Servers that asked to be left alone for a while (Retry-After): nothing is sent to them until then."""

from __future__ import annotations

import asyncio

from tui_client.http.cancellation import Cancellation
from tui_client.replay.controls import Controls
from tui_client.replay.pace.waiting import wait_until


class Hosts:
    """One for a run. Origins as `http.url.Url.origin` writes them; times are of the event loop's clock."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[float, str]] = {}

    def hold(self, origin: str, until_s: float) -> None:
        """Send nothing there until then; of several holds the longest counts."""
        wait_s = until_s - asyncio.get_running_loop().time()
        if wait_s > 0 and until_s > self._until.get(origin, (0.0, ""))[0]:
            text = f"Waiting for {origin}, which asked for a pause of {wait_s:.0f} s (Retry-After)."
            self._until[origin] = until_s, text

    async def clear(self, origin: str, controls: Controls, cancellation: Cancellation | None) -> bool:
        """Wait until the origin is free, and a pause that began meanwhile is over.

        False if a stop or the cancellation ended the wait: the step should not be sent any more.
        """
        waited = False
        while (found := self._until.get(origin)) is not None:
            until_s, text = found
            if until_s <= asyncio.get_running_loop().time():
                self._until.pop(origin, None)
                continue
            waited = True
            with controls.waiting(text):
                if not await wait_until(until_s, controls, cancellation):
                    return False
        return await controls.may_start() if waited else True
