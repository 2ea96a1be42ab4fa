"""A wait of one step that a stop of the run and a cancellation of the step both end."""

from __future__ import annotations

import asyncio

from tui_client.http.cancellation import Cancellation
from tui_client.replay.controls import Controls


async def wait_until(at_s: float, controls: Controls, cancellation: Cancellation | None) -> bool:
    """Wait until a time of the event loop's clock; False if the step should not go on."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout_at(at_s) as limit:
            if cancellation is not None:
                # A deadline that is passing already can't be moved.
                cancellation.bind(lambda: None if limit.expired() else limit.reschedule(loop.time()))
            await controls.stopped()
    except TimeoutError:
        return not controls.stopping and not (cancellation is not None and cancellation.requested)
    finally:
        if cancellation is not None:
            cancellation.bind(None)
    return False
