"""An event loop whose clock jumps to the next timer: hours pass in milliseconds, and every time is exact."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Jump(selectors.SelectSelector):
    """Never waits: the time that the loop would have slept is added to its clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise AssertionError("all tasks wait, and nothing would ever wake them")
        self.now_s += max(0.0, timeout)
        return super().select(0)


class JumpingLoop(asyncio.SelectorEventLoop):
    """Begins at 1000 s."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        return self._jump.now_s


def run_jumping(main: Coroutine[Any, Any, T]) -> T:
    """What `asyncio.run` does, in a loop of this kind."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(main)
