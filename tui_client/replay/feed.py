"""The sessions of a plan, one after the other, with the row that each one gets."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from pathlib import Path
from typing import Final

import msgspec

from tui_client.replay.plan import Exhausted, Plan, Shard
from tui_client.replay.recording import RecordedSource
from tui_client.replay.rows import AnyRow, BadRow, mark_of, stream_rows

_ALL: Final = Shard(1, 1)
_AT_ONCE: Final = 256  # rows that are passed over without a pause


class Turn(msgspec.Struct, frozen=True):
    """One session: its row (None without data; number 0 then), which time it is that this row is used, its steps."""

    row: AnyRow | None
    number: int
    iteration: int
    steps: tuple[str, ...] = ()


async def turns(plan: Plan) -> AsyncGenerator[Turn, None]:
    """The sessions of a plan, or of its part. Raises BrokenFile or UsageError for a data file that can't be read."""
    if plan.data is None:
        for iteration in _times(plan):
            yield Turn(None, 0, iteration, plan.steps)
        return
    count = 0
    shard = plan.shard or _ALL
    async with aclosing(_rows(plan.data, plan)) as rows:
        async for turn in rows:
            if plan.iterations is not None and count >= plan.iterations:
                return
            count += 1
            if shard.has(count - 1):
                yield turn
            elif count % _AT_ONCE == 0:
                # Many rows come at a time, and none of a whole file may be of this part.
                await asyncio.sleep(0)


def _times(plan: Plan) -> Iterable[int]:
    """With a duration alone, for as long as that lasts."""
    own = (plan.shard or _ALL).numbers
    endless = plan.iterations is None and plan.duration_s is not None
    return itertools.count(own.start, own.step) if endless else range(plan.iterations or 1)[own]


async def recorded_turns(source: RecordedSource, shard: Shard | None = None) -> AsyncGenerator[Turn, None]:
    """Every entry of a recording is a session of one step. shard: only those of this part."""
    for number in range(1, len(source) + 1)[(shard or _ALL).numbers]:
        yield Turn(None, number, 0, source.steps_of(number))


async def _rows(path: Path, plan: Plan) -> AsyncGenerator[Turn, None]:
    """The rows of the file; then, if more iterations are wanted, the file again or its last row again."""
    iteration = 0
    last: AnyRow | None = None
    mark = await asyncio.to_thread(mark_of, path)
    while True:
        async with aclosing(stream_rows(path, mark)) as rows:
            async for row in rows:
                yield Turn(row, row.number, iteration, plan.steps)
                last = last if isinstance(row, BadRow) else row
        if plan.iterations is None or plan.on_exhausted is Exhausted.STOP or last is None:
            return
        iteration += 1
        while plan.on_exhausted is Exhausted.HOLD:
            yield Turn(last, last.number, iteration, plan.steps)
            iteration += 1
