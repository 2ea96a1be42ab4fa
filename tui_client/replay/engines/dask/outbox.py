"""What a worker has to tell, gathered into few messages: claims wait for an answer, results for the next claims."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, cast

import msgspec

from tui_client.errors import SaveFailed
from tui_client.http.cookies import Cookie
from tui_client.model.step import StepId, StepResult
from tui_client.model.values import Value
from tui_client.replay.engines.dask.messages import Claim, Kept, Key, News, StepRow
from tui_client.replay.journal.carry import Carry, carry_json
from tui_client.replay.journal.codec import step_row
from tui_client.replay.record import record_of

# Each message costs the coordinator the same, however much is in it: a few milliseconds' worth go together.
_GATHER_S: Final = 0.008
_FEW: Final = 4  # sessions; where there are no more, nothing would be gathered
_MOST_BYTES: Final = 4 << 20
_QUICK_BYTES: Final = 64 * 1024


class Outbox:
    """An engine's `Ledger` whose other end is elsewhere. For one event loop.

    post: sends a message. sessions: how many go on. gone: nobody is there any more.
    """

    def __init__(self, post: Callable[[News], None], sessions: Callable[[], int]) -> None:
        self.gone = ""
        self._post = post
        self._sessions = sessions
        self._next = News(0)
        self._bytes = 0
        self._number = 0
        self._asked: dict[int, asyncio.Future[str]] = {}  # by the message that the claims go with
        self._in_flight = False
        self._due = False
        self._flushed_s = 0.0
        self._room = asyncio.Event()
        self._room.set()

    async def claim(self, step: StepId, *, resendable: bool) -> None:
        """Returns once it is on the coordinator's disk. Raises SaveFailed if it may not be sent."""
        self._check()
        self._next.claims.append(Claim(_key(step), step.key, resendable))
        number = self._number + 1
        if number not in self._asked:
            self._asked[number] = asyncio.get_running_loop().create_future()
        asked = self._asked[number]
        self._flush_soon()
        try:
            refused = await asyncio.shield(asked)
        except asyncio.CancelledError:
            self.unclaim(step)
            raise
        if refused:
            raise SaveFailed(Path(step.key), refused)

    async def done(
        self,
        result: StepResult,
        captured: Mapping[str, Value] | None = None,
        cookies: tuple[Cookie, ...] = (),
        lost: Mapping[str, str] | None = None,
    ) -> None:
        """Waits only while more is to be told than the other side takes. Raises SaveFailed."""
        self._check()
        row = await _row(result)
        carry = None if captured is None else carry_json(Carry(captured, cookies, lost or {}))
        kept = Kept(row, carry)
        self._next.results.append(kept)
        self._bytes += _size(kept)
        self._flush_soon()
        if self._bytes > _MOST_BYTES:
            self._room.clear()
            await self._room.wait()
            self._check()

    def unclaim(self, step: StepId) -> None:
        """Take a claim back."""
        self._next.unclaimed.append(_key(step))
        self._flush_soon()

    def doubt(self, result: StepResult) -> None:
        """It was sent, and cut off."""
        row = (_key(result.step), result.step.key, result.finished_s, result.due_s, result.attempts, result.late)
        self._next.doubts.append(row)
        self._flush_soon()

    def forget(self, iteration: int, row: int) -> None:
        """A session passed whole."""
        self._next.forgotten.append((iteration, row))

    def ended(self, iteration: int, row: int) -> None:
        """A session is over."""
        self._next.ended.append((iteration, row))
        self._flush_soon()

    def noted(self, number: int, refused: str) -> None:
        """The other side has it."""
        asked = self._asked.pop(number, None)
        if asked is not None and not asked.done():
            asked.set_result(refused)
        self._in_flight = False
        self._room.set()
        if not _is_empty(self._next):
            self._flush_soon()

    def close(self, why: str) -> None:
        """Nobody is there any more: what waits is refused."""
        self.gone = why
        for asked in self._asked.values():
            if not asked.done():
                asked.set_result(why)
        self._asked.clear()
        self._room.set()

    @property
    def is_empty(self) -> bool:
        """Whether all was told, and noted."""
        return not self._in_flight and _is_empty(self._next)

    def _check(self) -> None:
        if self.gone:
            raise SaveFailed(Path("coordinator"), self.gone)

    def _flush_soon(self) -> None:
        if self._in_flight or self._due or self.gone:
            return
        self._due = True
        loop = asyncio.get_running_loop()
        at_s = self._flushed_s + _GATHER_S
        if self._sessions() <= _FEW or at_s <= loop.time():
            loop.call_soon(self._flush)
        else:
            loop.call_at(at_s, self._flush)

    def _flush(self) -> None:
        self._due = False
        if self._in_flight or self.gone or _is_empty(self._next):
            return
        self._flushed_s = asyncio.get_running_loop().time()
        self._number += 1
        self._in_flight = True
        self._post(msgspec.structs.replace(self._taken(), number=self._number))

    def _taken(self) -> News:
        """What goes now; where that is too much, a part of the results, and later all that relies on them."""
        news, self._next = self._next, News(0)
        if self._bytes <= _MOST_BYTES:
            self._bytes = 0
            return news
        size, count = 0, 0
        while count < len(news.results) and size < _MOST_BYTES:
            size += _size(news.results[count])
            count += 1
        self._bytes -= size
        rest = msgspec.structs.replace(news, results=news.results[count:])
        self._next = rest
        if (asked := self._asked.pop(self._number, None)) is not None:
            self._asked[self._number + 1] = asked
        return News(0, results=news.results[:count])


def _key(step: StepId) -> Key:
    return (step.iteration, step.row, step.index)


async def _row(result: StepResult) -> StepRow:
    exchange = result.exchange
    body = None if exchange is None or exchange.response is None else exchange.response.body
    if body is not None and body.size > _QUICK_BYTES:
        return cast(StepRow, await asyncio.to_thread(step_row, result, record_of(result)))
    return cast(StepRow, step_row(result, record_of(result)))


def _size(kept: Kept) -> int:
    return len(kept.carry or b"") + sum(len(cell) for cell in kept.row if isinstance(cell, str | bytes))


def _is_empty(news: News) -> bool:
    return not (news.results or news.claims or news.unclaimed or news.forgotten or news.doubts or news.ended)
