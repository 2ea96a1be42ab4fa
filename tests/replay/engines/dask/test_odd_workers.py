"""Workers that say what none of ours would: the run goes on without them, and keeps only what can be true."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from crew import Crew, start
from odd_worker import OddWorker, claim_of, kept
from resumed import Journalled, all_of

from tui_client.replay.controls import Controls
from tui_client.replay.engines.dask import channel, messages
from tui_client.replay.engines.dask.run import ClusterRun
from tui_client.replay.execute import Run

World = Any  # the fixture of conftest


@pytest.fixture
def runs(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journalled:
    """A collection, and where its runs are journalled."""
    for name in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    world.write("one", 'method = "POST"\nurl = "/one/{{n}}"\n')
    world.data("rows.csv", "n\n" + "".join(f"{n}\n" for n in range(1, 7)))
    return Journalled(world, tmp_path / "state")


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> Crew:
    """None yet: the odd one comes first."""
    return Crew(monkeypatch, workers=0)


@asynccontextmanager
async def going(
    runs: Journalled, crew: Crew, controls: Controls | None = None, steps: tuple[str, ...] = ("one",), **plan: Any
) -> AsyncIterator[tuple[Run, OddWorker]]:
    """A run of six rows whose first worker is odd; left once the run is over."""
    usual = {"data": runs.world.root.parent / "rows.csv", "concurrency": 4}
    run = start(runs.runs, *steps, controls=controls, **(usual | plan))
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(all_of(run))
        while not crew.tickets:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.002)
        yield run, await OddWorker.join(crew.tickets[0])


def results(runs: Journalled) -> Counter[str]:
    return Counter(outcome for _, _, outcome in runs.outcomes())


async def told_of(run: Run, lost: int = 1) -> None:
    """Until so many workers are lost."""
    while run.workers is None or run.workers.lost < lost:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.002)


IMPOSSIBLE: dict[str, dict[str, Any]] = {
    "no time": {"finished_s": float("inf")},
    "not a time": {"finished_s": float("nan")},
    "a large number": {"received_bytes": 2**63},
    "a large status": {"status": 2**64 - 1},
    "no due time": {"due_s": float("nan")},
    "no latency": {"service_ms": float("inf")},
    "no detail": {"outcome": "failed", "detail": "no json"},
    "odd detail": {"outcome": "failed", "detail": '{"request": 3}'},
    "deep detail": {"outcome": "failed", "detail": '{"checks": ' + "[" * 100_000},
    "no exchange": {"outcome": "failed", "detail": ""},
}


@pytest.mark.parametrize("cells", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
async def test_a_row_that_can_t_be_ends_its_worker_and_not_the_run(
    world: World, runs: Journalled, crew: Crew, cells: dict[str, Any]
) -> None:
    """Another worker does all; nothing of it stands in the journal."""
    async with going(runs, crew) as (run, odd):
        dealt = (await odd.take())[0]
        assert not (await odd.tell(claims=[claim_of(dealt)])).refused
        odd.say(odd.news(results=[kept(dealt, **cells)]))
        await odd.gone()
        crew.join("worker-0")
    assert results(runs) == {"passed": 6}
    assert run.summary().passed == run.summary().done == 6 and run.workers is not None and run.workers.lost == 1
    assert Counter(world.shop.arrived) == {f"POST /one/{n}": 1 for n in range(1, 7)}


async def test_what_was_told_before_such_a_row_stands(world: World, runs: Journalled, crew: Crew) -> None:
    """A result that is kept is not done again, and none is half kept."""
    async with going(runs, crew) as (run, odd):
        first, second = (await odd.take())[:2]
        assert not (await odd.tell(claims=[claim_of(first), claim_of(second)])).refused
        odd.say(odd.news(results=[kept(first), kept(second, "failed", detail="no json")]))
        await odd.gone()
        crew.join("worker-0")
    assert results(runs) == {"passed": 6} and run.summary().done == 6
    assert f"POST /one/{first.turn.number}" not in world.shop.arrived
    assert len(world.shop.arrived) == 5


async def test_a_result_counts_once(world: World, runs: Journalled, crew: Crew) -> None:
    """Said again, or of a step that is not the next one, it is not kept."""
    async with going(runs, crew, steps=("one", "one")) as (run, odd):
        dealt = (await odd.take())[0]
        later = kept(dealt, "dropped", step=1)
        await odd.tell(results=[later, kept(dealt), kept(dealt), kept(dealt, "dropped")])
        assert (run.summary().done, run.summary().dropped) == (1, 0)
        odd.link.abort()
        crew.join("worker-0")
    assert results(runs) == {"passed": 12} and run.summary().done == 12


async def test_nobody_takes_back_what_another_one_claimed(world: World, runs: Journalled, crew: Crew) -> None:
    """The claim stays on disk, and so does what a session carries along."""
    world.write("one", 'method = "POST"\nurl = "/slow/{{n}}"\n')
    controls = Controls(grace_s=0.0)
    async with going(runs, crew, controls, data=world.data("more.csv", "n\n" + "7\n" * 40)) as (_, odd):
        mine = {one.turn.number for one in await odd.take()}
        crew.join("worker-0")
        odd.say(messages.Settled((await odd.hear(messages.Share)).sessions))
        await world.shop.waiting.acquire()
        ((sent,),) = runs.rows("SELECT row FROM claims LIMIT 1")
        assert sent not in mine
        await odd.tell(unclaimed=[(0, sent, 0), (0, 99, 0)], forgotten=[(0, sent), (9, 9)], ended=[(0, sent)])
        await odd.tell()
        assert (sent,) in runs.rows("SELECT row FROM claims")
        controls.stop()
        odd.link.close()
    assert (sent,) in runs.rows("SELECT row FROM claims")


async def test_what_a_lost_worker_says_is_too_late(world: World, runs: Journalled, crew: Crew) -> None:
    """Its sessions are another one's by then: no result counts twice."""
    async with going(runs, crew) as (run, odd):
        dealt = (await odd.take())[0]
        await odd.tell(claims=[claim_of(dealt)])
        assert run._engine is not None
        coordinator = run._engine._coordinator  # type: ignore[attr-defined]
        member = coordinator.members["odd"]
        said = messages.up(odd.news(results=[kept(dealt)]))
        sealed = odd.link._writes.encrypt(channel._nonce(odd.link._written), said, None)
        # It arrives in the very pass of the loop in which its worker is given up.
        member.channel._reader.feed_data(len(sealed).to_bytes(4, "big") + sealed)
        coordinator.lose(member)
        crew.join("worker-0")
    assert results(runs) == {"passed": 6} and run.summary().done == 6
    assert len(world.shop.arrived) == 6


async def test_a_step_in_doubt_is_told_of_once(world: World, runs: Journalled, crew: Crew) -> None:
    """Also where its worker goes away before it says that the session is over."""
    controls = Controls(grace_s=0.0)
    async with going(runs, crew, controls) as (run, odd):
        dealt = (await odd.take())[0]
        await odd.tell(claims=[claim_of(dealt, resendable=False)])
        controls.stop()
        await odd.hear(messages.Stop)
        turn = dealt.turn
        await odd.tell(doubts=[((turn.iteration, turn.number, 0), "one", 0.5, None, 1, False)])
        assert run.summary().in_doubt == 1
        odd.link.abort()
    assert run.summary().in_doubt == 1
    assert runs.rows("SELECT row FROM claims") == [(turn.number,)]


async def test_what_is_silent_at_a_stop_is_in_doubt(
    world: World, runs: Journalled, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that says nothing more may have sent what it claimed."""
    monkeypatch.setattr(ClusterRun, "_last_grace_s", 0.05)
    controls = Controls(grace_s=0.0)
    async with going(runs, crew, controls) as (run, odd):
        dealt = (await odd.take())[0]
        await odd.tell(claims=[claim_of(dealt, resendable=False)])
        controls.stop()
        await odd.hear(messages.Stop)
    assert run.summary().in_doubt == 1
    assert runs.rows("SELECT row FROM claims") == [(dealt.turn.number,)]


async def test_what_was_begun_is_not_handed_back(world: World, runs: Journalled, crew: Crew) -> None:
    """A worker that would have another one send what it claimed is lost, and its POST in doubt."""
    async with going(runs, crew) as (_, odd):
        dealt = (await odd.take())[0]
        await odd.tell(claims=[claim_of(dealt, resendable=False)])
        odd.say(messages.Unbegun([(0, 77), (0, dealt.turn.number)]))
        await odd.gone()
        crew.join("worker-0")
    assert results(runs) == {"passed": 5, "in_doubt": 1}
    assert len(world.shop.arrived) == 5


async def answer(odd: OddWorker, asked: messages.Up) -> messages.Answer:
    odd.say(asked)
    return await odd.hear(messages.Answer)


async def test_a_worker_has_only_sent_what_a_variable_names(world: World, runs: Journalled, crew: Crew) -> None:
    """Not what else stands in the collection, nor a step of the plan; odd questions end nothing."""
    world.write("token", 'url = "/login"\n[capture.key]\nquery = "json"\nexpr = "$.token"\n')
    world.write("delete", 'method = "DELETE"\nurl = "/all"\n')
    world.share('[variables]\nkey = { from = "token" }\n')
    world.write("one", 'method = "POST"\nurl = "/one/{{n}}/{{key}}"\n')
    async with going(runs, crew) as (_, odd):
        for key in ("delete", "one", "../shop/delete", "", "\0", "no/such", "collection"):
            found = await answer(odd, messages.ValueOf(1, "key", key, None))
            assert found.failure is not None and found.value is None
        assert world.shop.arrived == []
        assert (await answer(odd, messages.MayReach(2, "/c", "no kind", "a:1"))).failure is not None
        assert (await answer(odd, messages.WhatIs(4, [("code", "Your password?")]))).failure is not None
        found = await answer(odd, messages.ValueOf(3, "key", "token", None))
        assert found.value == {"key": "t1-"}
        odd.link.abort()
        crew.join("worker-0")
    assert results(runs) == {"passed": 6}
    assert [line for line in world.shop.arrived if "/one/" not in line] == ["GET /login"]
