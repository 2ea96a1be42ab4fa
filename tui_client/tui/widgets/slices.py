"""Long work in slices so short that a screen stays alive between them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Final, Protocol

_SLICE_S: Final = 0.003
_REPORT_S: Final = 0.15


class Stepwise(Protocol):
    """Work that is done step by step, each far shorter than a slice."""

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do now."""

    def extend(self) -> None:
        """Do one more step."""


async def in_slices(work: Stepwise) -> AsyncIterator[None]:
    """Do the work; yields some times a second, and once at its end."""
    reported = time.monotonic()
    while not work.complete:
        until = time.monotonic() + _SLICE_S
        while not work.complete and time.monotonic() < until:
            work.extend()
        await asyncio.sleep(0)
        if time.monotonic() - reported > _REPORT_S:
            yield
            reported = time.monotonic()
    yield
