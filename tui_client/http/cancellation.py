"""Ending one send from outside, as a value of its own: what arrived is kept, the task lives on."""

from __future__ import annotations

from collections.abc import Callable


class Cancellation:
    """Handed to a send; `cancel()` ends it at whatever stage it is in. Safe to call more than once."""

    def __init__(self) -> None:
        self.requested = False
        self._stop: Callable[[], None] | None = None

    def cancel(self) -> None:
        """End the send; it comes back with a failure of kind `cancelled`."""
        self.requested = True
        if self._stop is not None:
            self._stop()

    def bind(self, stop: Callable[[], None] | None) -> None:
        """Set what ends the wait that is under way; called by the engine alone."""
        self._stop = stop
        if stop is not None and self.requested:
            stop()
