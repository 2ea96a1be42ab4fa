"""What may go on side by side, when, and how large: nobody waits for ever for a share, a time or a message."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from crew import Crew, start
from resumed import Journalled, all_of

from tui_client.replay.controls import Controls
from tui_client.replay.engines.dask import channel, outbox, packing
from tui_client.replay.engines.dask.terms import ClusterTerms
from tui_client.replay.plan import Plan, Recording

World = Any  # the fixture of conftest


@pytest.fixture
def runs(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journalled:
    """A collection, and where its runs are journalled."""
    for name in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    world.write("one", 'url = "/one/{{n}}"\n')
    world.write("slow", 'url = "/slow/{{n}}"\n')
    return Journalled(world, tmp_path / "state")


def numbers(world: World, count: int) -> Path:
    path: Path = world.data("rows.csv", "n\n" + "".join(f"{n}\n" for n in range(count)))
    return path


async def test_fewer_at_once_than_workers_come_to_an_end(
    world: World, runs: Journalled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a worker was dealt is done also where too little goes on for all of them to have a share."""
    Crew(monkeypatch, workers=3)
    controls = Controls()
    run = start(runs.runs, "slow", controls=controls, data=numbers(world, 40), concurrency=6)
    async with asyncio.timeout(15), asyncio.TaskGroup() as group:
        group.create_task(all_of(run))
        for _ in range(6):
            await world.shop.waiting.acquire()
        controls.set_concurrency(1)
        while run.workers is None or sum(one.share for one in run.workers.living) > 1:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)
        world.shop.gate.set()
    assert run.summary().passed == 40
    assert set(Counter(world.shop.arrived).values()) == {1}


@pytest.mark.parametrize("where", ["here", "there"])
async def test_a_pause_makes_nobody_late(
    world: World, runs: Journalled, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Who was due and waited for room is due later by its length, as in one process."""
    Crew(monkeypatch, workers=1)
    controls = Controls()
    plan: dict[str, Any] = {"data": numbers(world, 6), "rate": 100.0, "concurrency": 2}
    begin = runs.start if where == "here" else partial(start, runs.runs)
    run = begin("slow", controls=controls, **plan)
    async with asyncio.timeout(15), asyncio.TaskGroup() as group:
        group.create_task(all_of(run))
        for _ in range(2):
            await world.shop.waiting.acquire()
        # The third one is due 20 ms after the first. What happens here is time that passes.
        await asyncio.sleep(0.05)
        controls.pause()
        await asyncio.sleep(0.1)
        world.shop.gate.set()
        controls.resume()
    dues = [due for (due,) in runs.rows("SELECT due_s FROM steps ORDER BY row")]
    assert [round((due - dues[0]) * 100) for due in dues[:2]] == [0, 1]
    paused = controls.still_s * 100
    assert [(due - dues[0]) * 100 - paused for due in dues[2:]] == pytest.approx([2, 3, 4, 5], abs=1)


async def test_large_bodies_of_a_recording_go_in_several_messages(
    world: World, runs: Journalled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None is longer than the other side takes."""
    monkeypatch.setattr(channel, "MAX_MESSAGE", 120_000)
    monkeypatch.setattr(packing, "_MOST_BYTES", 50_000)
    monkeypatch.setattr(outbox, "_MOST_BYTES", 50_000)
    Crew(monkeypatch, workers=1)
    sent = {"method": "POST", "url": f"{world.shop.base_url}/one", "httpVersion": "HTTP/1.1", "queryString": []}
    sent |= {"headers": [], "postData": {"mimeType": "text/plain", "text": "x" * 40_000}}
    came = {"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": [], "content": {"size": 0}}
    entry = {"startedDateTime": "2026-01-01T00:00:00Z", "time": 1, "request": sent, "response": came, "timings": {}}
    log = {"version": "1.2", "creator": {"name": "a", "version": "1"}, "entries": [entry] * 12}
    har = world.data("uploads.har", json.dumps({"log": log}))
    plan = Plan(recording=Recording(har, speed=0.0, unsafe=True), concurrency=8)
    run = runs.runs.start(plan, cluster=ClusterTerms(workers=1))
    async with asyncio.timeout(15):
        await all_of(run)
    assert run.summary().passed == 12
    assert run.workers is not None and run.workers.lost == 0


BIG = 'url = "/big/200"\n[capture.t]\nquery = "body"\n'


async def test_a_result_that_is_too_long_to_tell_ends_its_worker(
    world: World, runs: Journalled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not the others, which would wait for ever for their claims; the step is in doubt when all else failed."""
    monkeypatch.setattr(channel, "MAX_MESSAGE", 200_000)
    crew = Crew(monkeypatch, workers=1)
    world.write("big", BIG)
    run = start(runs.runs, "big", "one", data=numbers(world, 1))
    async with asyncio.timeout(15), asyncio.TaskGroup() as group:
        group.create_task(all_of(run))
        for lost in range(1, 4):
            while run.workers is None or run.workers.lost < lost:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.005)
            crew.join(f"worker-{lost}")
    assert [outcome for _, _, outcome in runs.outcomes()] == ["in_doubt", "skipped"]
