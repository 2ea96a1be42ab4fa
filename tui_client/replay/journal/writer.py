"""One run's journal, open for writing: claims before their send, results after it, many in each commit.

The event loop gathers what is to be written in a `Batch`; a thread writes one batch at a time. While it does, the next
one gathers. A claim asks for a commit at the end of the present pass of the loop, a result alone can wait a little for
a claim to go with: a run of one session so commits once a step, not twice. Of many sessions the results are written
while nobody waits, into the transaction that the next claims commit.
"""

from __future__ import annotations

import asyncio
import math
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tui_client.errors import BrokenFile, SaveFailed
from tui_client.model.step import StepId, StepResult
from tui_client.replay.journal.batch import Batch, Key, Row
from tui_client.replay.journal.carry import Carry, Sealer
from tui_client.replay.journal.header import Ended
from tui_client.replay.journal.locks import RunLock
from tui_client.replay.journal.scribe import Scribe
from tui_client.replay.record import Recorded

MOST_WAITING: Final = 1000
_RESULTS_WAIT_S: Final = 0.005
# Fewer go with the next claim: a commit of their own, or a way to the thread, would cost more than they do.
_MANY_RESULTS: Final = 8
_SECONDS_EVERY_S: Final = 1.0
_ABANDONED: Final = "the run was ended while there was no room for it"


class JournalWriter:
    """Takes what happens to the steps of one run. Made by `RunStore`; all calls come from one event loop.

    held: why nothing can be written at present, a sentence for people; "" when all is well. on_held is called with it
    whenever it changes. ran_s: in which earlier lives of the run ran. gather_s: a commit comes no sooner than so long
    after the one before, so that claims of several workers share it; 0: at the end of the loop's present pass. Once the
    file turns out to be broken (deleted, damaged), every call raises BrokenFile.
    """

    def __init__(
        self, connection: sqlite3.Connection, path: Path, sealer: Sealer, lock: RunLock, ran_s: float = 0.0
    ) -> None:
        """connection: to an existing journal, in no transaction, with check_same_thread=False; it is closed by us."""
        self.held = ""
        self.on_held: Callable[[str], None] | None = None
        self.ran_s = ran_s
        self.gather_s = 0.0
        self._flushed_s = 0.0
        self.path = path
        self._sealer = sealer
        self._scribe = Scribe(connection, path, lock, self._on_written, self._on_held)
        self._pending = Batch()
        self._writing: Batch | None = None
        self._flush_is_due = False
        self._staged = False
        self._timer: asyncio.TimerHandle | None = None
        self._problem = ""
        self._abandoned = False
        self._closed = False
        self._began_s = time.monotonic()
        self._noted_s = -math.inf  # the first commit notes them too

    def begin(self) -> None:
        """The run begins now, and not when its journal was opened."""
        self._began_s = time.monotonic()

    async def claim(self, step: StepId, *, resendable: bool) -> None:
        """Have it on disk that this step is about to be sent; returns when it is.

        Nothing may be sent when it raises: BrokenFile; SaveFailed after `abandon`; CancelledError, upon which the
        claim is taken back.
        """
        await self.claim_all([(_key(step), step.key, resendable)])

    async def claim_all(self, steps: Sequence[tuple[Key, str, bool]]) -> None:
        """The same for several, as (place, request, resendable), in one commit."""
        self._check()
        if self._abandoned:
            raise SaveFailed(self.path, _ABANDONED)
        batch = self._pending
        for key, request, resendable in steps:
            batch.claims[key] = (*key, request, int(resendable))
        batch.size += len(steps)
        self._flush_soon()
        try:
            await batch.wait()
        except asyncio.CancelledError:
            for key, _, _ in steps:
                self._take_back(batch, key)
            raise
        if not batch.written:
            self._check()
            raise SaveFailed(self.path, _ABANDONED)

    def unclaim(self, step: StepId) -> None:
        """Take back a claim that is on disk: the step was not sent. Does nothing where nothing can be kept any more."""
        self.unclaim_at(_key(step))

    def unclaim_at(self, key: Key) -> None:
        """The same, by its place."""
        if not (self._problem or self._abandoned or self._closed):
            self._pending.unclaimed.append(key)
            self._added()

    def _take_back(self, batch: Batch, key: Key) -> None:
        if batch is self._pending:
            batch.claims.pop(key, None)
        else:
            self._pending.unclaimed.append(key)
            self._added()

    async def done(self, result: StepResult, record: Recorded, carry: Carry | None = None) -> None:
        """Take down what came of a step, claimed or not, in place of what came of it earlier.

        Returns at once, unless more than 1,000 operations wait: then after their commit. Raises BrokenFile. After
        `abandon` it is lost: the step stays in doubt.
        """
        self._take(_key(result.step), (result, record), None if carry is None else self._sealer.seal_carry(carry))
        await self._not_too_many()

    async def done_all(self, rows: Sequence[tuple[Key, Row, bytes | None]]) -> None:
        """The same for rows of the table `steps` as another process made them; with their carries, as JSON."""
        for key, row, carry in rows:
            self._take(key, row, None if carry is None else self._sealer.seal(carry))
        await self._not_too_many()

    def _take(self, key: Key, step: tuple[StepResult, Recorded] | Row, carry: bytes | None) -> None:
        self._check()
        if self._abandoned:
            return
        batch = self._pending
        batch.steps[key] = step
        batch.claims.pop(key, None)
        if carry is not None:
            batch.carries[key] = carry
        self._added()

    async def _not_too_many(self) -> None:
        batch = self._pending
        if batch.size > MOST_WAITING:
            self._flush_soon()
            await batch.wait()
            self._check()

    def forget(self, iteration: int, row: int) -> None:
        """The session passed whole: nobody will need its carries."""
        self._check()
        self._pending.forgotten.append((iteration, row))
        self._added()

    def planned(self, steps: int) -> None:
        """How many steps the run will have in all."""
        self._check()
        self._pending.run["planned"] = steps
        self._added()

    def data_seen(self, size: int, mtime_ns: int, sha256: str = "") -> None:
        """Which data file the run reads. sha256: in hex, "" until it was read to its end."""
        self._check()
        self._pending.run |= {"data_size": size, "data_mtime_ns": mtime_ns}
        if sha256:
            # A life that ended before it was known anew keeps that of an earlier one: the file is the same.
            self._pending.run["data_sha256"] = sha256
        self._added()

    async def abandon(self) -> None:
        """Wait no longer for room on the disk; while `held` is "" this does nothing.

        Claims that wait raise SaveFailed; what is not on disk stays in doubt. A `close` that waits comes to its end;
        else it is still to be called.
        """
        if not self.held:
            return
        self._abandoned = True
        self._scribe.give_up()
        if self._writing is not None:
            await self._writing.wait()

    async def close(self, ended: Ended, seconds: float, summary: str = "") -> None:
        """Commit everything, note how the run ended, and let go of the file and the lock. A second call does nothing.

        seconds: in which the run ran, over all its lives. summary: JSON of the report, "" keeps the one that is there.
        While the journal is held this waits for room, unless `abandon` was called before: then what can't be written
        is left. Raises BrokenFile, the file and the lock let go nevertheless.
        """
        if self._closed:
            return
        self._closed = True
        try:
            self._pending.run |= {"ended": ended.value, "seconds": seconds}
            if summary:
                self._pending.run["summary"] = summary
            self._pending.size += 1
            await self._flush_all()
        except asyncio.CancelledError:
            self._scribe.give_up()  # or it would wait for room, and we for it
            raise
        finally:
            await self._scribe.close()
        if self._problem:
            raise BrokenFile(self.path, self._problem)

    async def _flush_all(self) -> None:
        while not self._problem and (self._writing is not None or self._pending.size):
            if self._writing is None:
                self._flush()
            else:
                await self._writing.wait()

    def _check(self) -> None:
        if self._problem:
            # A new one each time: many tasks raise it, and each adds its own traceback.
            raise BrokenFile(self.path, self._problem)
        if self._closed:
            raise RuntimeError("the journal is closed")

    def _added(self) -> None:
        self._pending.size += 1
        if len(self._pending.steps) >= _MANY_RESULTS:
            self._flush_soon()
        else:
            self._flush_later()

    def _flush_soon(self) -> None:
        if self._writing is None and not self._flush_is_due:
            self._flush_is_due = True
            loop = asyncio.get_running_loop()
            at_s = self._flushed_s + self.gather_s
            if self._closed or at_s <= loop.time():
                loop.call_soon(self._flush)
            else:
                loop.call_at(at_s, self._flush)

    def _flush_later(self) -> None:
        if self._writing is None and not self._flush_is_due and self._timer is None and not self._closed:
            self._timer = asyncio.get_running_loop().call_later(_RESULTS_WAIT_S, self._flush)

    def _flush(self) -> None:
        self._flush_is_due = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._writing is not None or self._problem or not (self._pending.size or self._staged):
            return
        if self.gather_s:
            self._flushed_s = asyncio.get_running_loop().time()
        batch = self._pending
        many = len(batch.steps) >= _MANY_RESULTS and not (self._closed or self.gather_s)
        self._pending = batch.without_rest() if many and batch.claims else Batch()
        batch.commits = not many or batch.awaited or bool(batch.run)
        self._staged = not batch.commits
        now_s = time.monotonic()
        if now_s - self._noted_s >= _SECONDS_EVERY_S:
            self._noted_s = now_s
            batch.run.setdefault("seconds", self.ran_s + now_s - self._began_s)
        self._writing = batch
        self._scribe.write(batch)

    def _on_written(self, batch: Batch, problem: str) -> None:
        self._writing = None
        self._problem = problem
        batch.end()
        if problem or self._abandoned:
            self._drop_pending()
        elif self._pending.awaited or len(self._pending.steps) >= _MANY_RESULTS:
            if self.gather_s:
                self._flush_soon()
            else:
                self._flush()
        elif self._pending.size or self._staged:
            self._flush_later()

    def _drop_pending(self) -> None:
        dropped, self._pending = self._pending, Batch()
        self._pending.run, self._pending.size = dropped.run, len(dropped.run)
        dropped.end()

    def _on_held(self, text: str) -> None:
        self.held = text
        if self.on_held is not None:
            self.on_held(text)


def _key(step: StepId) -> Key:
    return (step.iteration, step.row, step.index)
