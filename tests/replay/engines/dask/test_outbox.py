"""What a worker tells: one message at a time, claims answered, results bounded."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from tui_client.errors import SaveFailed
from tui_client.model.exchange import BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.model.step import Replied, StepId, StepResult
from tui_client.replay.engines.dask import outbox as module
from tui_client.replay.engines.dask.messages import News
from tui_client.replay.engines.dask.outbox import Outbox


def step(row: int) -> StepId:
    return StepId(row, 0, 0, "a")


def result(row: int, size: int = 0) -> StepResult:
    sent = SentRequest("GET", "http://a/", b"/", ())
    reply = Response(200, "OK", "HTTP/1.1", (), BytesBody(bytes(size)))
    return StepResult(step(row), Replied(Exchange(sent, reply, Timings(), datetime.now(UTC))), 0.1, "GET http://a/")


class Posted:
    """An outbox and what it posted."""

    def __init__(self) -> None:
        self.news: list[News] = []
        self.box = Outbox(self.news.append, lambda: 1)

    async def posted(self, count: int) -> News:
        while len(self.news) < count:  # noqa: ASYNC110 - it is posted in a pass of the loop
            await asyncio.sleep(0)
        return self.news[count - 1]


async def test_a_claim_waits_until_it_is_noted() -> None:
    """What comes meanwhile goes with the next message."""
    to = Posted()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        first = group.create_task(to.box.claim(step(1), resendable=True))
        assert [claim.key for claim in (await to.posted(1)).claims] == [(0, 1, 0)]
        second = group.create_task(to.box.claim(step(2), resendable=False))
        for _ in range(5):
            await asyncio.sleep(0)
        assert len(to.news) == 1 and not first.done()
        to.box.noted(1, "")
        await first
        assert [claim.key for claim in (await to.posted(2)).claims] == [(0, 2, 0)]
        assert not second.done()
        to.box.noted(2, "")
    assert to.box.is_empty


async def test_a_claim_that_is_refused_is_not_sent() -> None:
    """With the reason."""
    to = Posted()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:

        async def claim() -> None:
            with pytest.raises(SaveFailed, match="the run has ended"):
                await to.box.claim(step(1), resendable=True)

        group.create_task(claim())
        await to.posted(1)
        to.box.noted(1, "the run has ended")


async def test_a_claim_that_is_given_up_is_taken_back() -> None:
    """Nobody need doubt it."""
    to = Posted()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        waiting = group.create_task(to.box.claim(step(1), resendable=True))
        await to.posted(1)
        waiting.cancel()
        to.box.noted(1, "")
        assert (await to.posted(2)).unclaimed == [(0, 1, 0)]


async def test_large_results_go_in_several_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """In order, and a claim only behind all of them; who adds more waits."""
    monkeypatch.setattr(module, "_MOST_BYTES", 10_000)
    to = Posted()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(to.box.claim(step(99), resendable=True))
        await to.posted(1)
        adding = [group.create_task(to.box.done(result(row, 4_000))) for row in range(1, 7)]
        later = group.create_task(to.box.claim(step(7), resendable=True))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not all(task.done() for task in adding)
        number = 1
        while not later.done():
            to.box.noted(number, "")
            number += 1
            if len(to.news) < number:
                await to.posted(number)
            if any(claim.key == (0, 7, 0) for claim in to.news[-1].claims):
                to.box.noted(number, "")
                await later
    rows = [kept.row[1] for news in to.news for kept in news.results]
    assert rows == [1, 2, 3, 4, 5, 6]
    assert max(len(news.results) for news in to.news) <= 3
    claimed = next(at for at, news in enumerate(to.news) if any(claim.key == (0, 7, 0) for claim in news.claims))
    assert all(not news.results for news in to.news[claimed + 1 :])


async def test_who_waits_is_freed_when_nobody_is_there() -> None:
    """And nothing more can be told."""
    to = Posted()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:

        async def claim() -> None:
            with pytest.raises(SaveFailed, match="gone"):
                await to.box.claim(step(1), resendable=True)

        group.create_task(claim())
        await to.posted(1)
        to.box.close("gone")
    with pytest.raises(SaveFailed):
        await to.box.done(result(1))
