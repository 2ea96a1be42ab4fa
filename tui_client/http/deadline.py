"""A limit of time on a block, with less work than `asyncio.timeout`: a replay enters one for every request."""

from __future__ import annotations

import asyncio
from types import TracebackType


class Deadline:
    """`with Deadline(limit_s):` raises TimeoutError once the limit is over, or right after `expire`; None: no limit.

    To be entered in a task, once.
    """

    __slots__ = ("_cancelling", "_expired", "_limit_s", "_task", "_timer")

    def __init__(self, limit_s: float | None) -> None:
        self._limit_s = limit_s
        self._timer: asyncio.Handle | None = None
        self._task: asyncio.Task[object] | None = None
        self._cancelling = 0
        self._expired = False

    def __enter__(self) -> Deadline:
        self._task = asyncio.current_task()
        assert self._task is not None  # nobody else awaits
        self._cancelling = self._task.cancelling()
        if self._limit_s is not None:
            self._timer = self._task.get_loop().call_later(self._limit_s, self._end)
        return self

    def lift(self) -> None:
        """Take the limit away; `expire` still ends the block."""
        if self._timer is not None and not self._expired:
            self._timer.cancel()
            self._timer = None

    def expire(self) -> None:
        """End the block at its next wait; one that comes to its end without any has not expired."""
        if self._task is None or self._expired:
            return
        if self._timer is not None:
            self._timer.cancel()
        # Not at once: a task that cancels itself and then leaves the block would be hit behind it.
        self._timer = self._task.get_loop().call_soon(self._end)

    def _end(self) -> None:
        if self._task is not None and not self._expired:
            self._expired = True
            self._task.cancel()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        task, self._task = self._task, None
        if self._timer is not None:
            self._timer.cancel()
        if not self._expired or task is None:
            return
        # A cancellation from outside is not ours to swallow, even where it meets our own.
        if task.uncancel() <= self._cancelling and kind is not None and issubclass(kind, asyncio.CancelledError):
            raise TimeoutError from error
