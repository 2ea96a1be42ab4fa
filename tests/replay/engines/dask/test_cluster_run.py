"""A run on workers comes to what it comes to in one process; channels, messages and journal are real."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from crew import Crew, start
from resumed import Journalled, all_of, counted

from tui_client.errors import UsageError
from tui_client.model.step import StepResult
from tui_client.replay.controls import Controls
from tui_client.replay.engines.dask import worker
from tui_client.replay.engines.dask.terms import ClusterTerms
from tui_client.replay.plan import Overflow, Plan, Recording
from tui_client.replay.summary import to_json

World = Any  # the fixture of conftest

LOGIN = 'url = "/login"\n[params]\nuser = "{{n}}"\n[capture.t]\nquery = "json"\nexpr = "$.token"\n'
COOKIE = 'url = "/set-cookie"\n[params]\nuser = "{{n}}"\n'
SHOW = """\
method = "POST"
url = "/show/{{n}}/{{t}}"
[[assert]]
query = "json"
expr = "$.cookie"
op = "=="
value = "who={{n}}"
"""
ONE = 'url = "/one/{{n}}"\n'
SLOW = 'method = "{{method}}"\nurl = "/slow/{{n}}"\n'
COUNTS = (
    *("planned", "done", "passed", "failed", "errors", "skipped", "in_doubt", "dropped"),
    *("by_status", "checks", "ended"),
)


@pytest.fixture
def runs(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journalled:
    """A collection, and where its runs are journalled."""
    for name in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    for name, text in {"login": LOGIN, "cookie": COOKIE, "show": SHOW, "one": ONE, "slow": SLOW}.items():
        world.write(name, text)
    return Journalled(world, tmp_path / "state")


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> Crew:
    """Two workers."""
    return Crew(monkeypatch)


def numbers(world: World, count: int) -> Path:
    path: Path = world.data("rows.csv", "n\n" + "".join(f"{n}\n" for n in range(count)))
    return path


def counts(run: Any) -> dict[str, Any]:
    found = to_json(run.summary())
    return {name: found[name] for name in COUNTS}


async def test_rows_with_captures_and_cookies_come_to_the_same(world: World, runs: Journalled, crew: Crew) -> None:
    """The same outcomes in the journal and the same figures as from one process; each request arrived once."""
    plan: dict[str, Any] = {"data": numbers(world, 40), "concurrency": 8}
    here = runs.start("login", "cookie", "show", **plan)
    await all_of(here)
    before, arrived = runs.outcomes(), len(world.shop.arrived)
    there = start(runs.runs, "login", "cookie", "show", **plan)
    await all_of(there)
    assert runs.outcomes() == before
    assert counts(there) == counts(here)
    assert len(world.shop.arrived) == 2 * arrived == 240
    assert crew.connected == 2
    assert runs.rows("SELECT count(*) FROM claims") == [(0,)]
    assert runs.rows("SELECT count(*) FROM carry") == [(0,)]


async def test_setup_and_from_requests_are_sent_once_for_all(world: World, runs: Journalled, crew: Crew) -> None:
    """And what they gave holds on every worker."""
    world.write("token", LOGIN.replace("capture.t", "capture.key").replace("{{n}}", "all"))
    world.write("keyed", 'url = "/keyed/{{t}}/{{key}}/{{n}}"\n')
    world.share('[variables]\nkey = { from = "token" }\n')
    world.write("first", LOGIN.replace("{{n}}", "setup"))
    run = start(runs.runs, "keyed", setup=("first",), data=numbers(world, 20), concurrency=6)
    await all_of(run)
    assert run.summary().passed == 21
    assert counted(world, "GET /login?user=all") == counted(world, "GET /login?user=setup") == 1
    keyed = {line.rsplit("/", 1)[0] for line in world.shop.arrived if "/keyed/" in line}
    assert len(keyed) == 1 and "setup" in keyed.pop()
    assert crew.connected == 2


async def test_the_user_is_asked_once_for_all(world: World, runs: Journalled, crew: Crew) -> None:
    """One form, whatever the number of workers."""
    world.asker.answers["code"] = "1234"
    world.write("asking", 'url = "/asking/{{code}}/{{n}}"\n[variables]\n')
    world.share('[variables]\ncode = { prompt = "Code" }\n')
    world.write("asking", 'url = "/asking/{{code}}/{{n}}"\n')
    await all_of(start(runs.runs, "asking", data=numbers(world, 20), concurrency=6))
    assert counted(world, "GET /asking/1234/") == 20
    assert len(world.asker.forms) == 1


@pytest.mark.parametrize("sent", [False, True])
async def test_a_secret_is_the_worker_s_own_unless_it_is_sent(
    world: World, runs: Journalled, crew: Crew, monkeypatch: pytest.MonkeyPatch, sent: bool
) -> None:
    """By default nothing leaves this machine but its name; the journal has neither."""
    world.vault.values["password"] = "of-this-machine"
    monkeypatch.setenv("TUI_CLIENT_SECRET_PASSWORD", "of-the-worker")
    world.share("[variables]\npassword = { secret = true }\n")
    world.write("secret", 'url = "/login"\n[headers]\nX-Key = "{{password}}"\n')
    run = start(runs.runs, "secret", data=numbers(world, 6), concurrency=3, secrets=sent)
    await all_of(run)
    assert {headers.get("X-Key") for headers in world.shop.headers} == {"of-this-machine" if sent else "of-the-worker"}
    whole = b"".join(path.read_bytes() for path in runs.folder.rglob("*") if path.is_file())
    assert b"of-the-worker" not in whole and b"of-this-machine" not in whole


async def test_bad_rows_and_failures_count_as_ever(world: World, runs: Journalled, crew: Crew) -> None:
    """A row that can't be read, a status that fails, what is skipped after it."""
    world.write("fails", 'url = "/status/500"\n[capture.t]\nquery = "json"\nexpr = "$.token"\n')
    data = world.data("rows.csv", "n\n1\n2,too many\n3\n")
    here = runs.start("fails", "show", data=data)
    await all_of(here)
    before = runs.outcomes()
    there = start(runs.runs, "fails", "show", data=data, concurrency=2)
    found = await all_of(there)
    assert runs.outcomes() == before
    assert counts(there) == counts(here)
    assert {result.step for result in found} == {result.step for result in await all_of_again(runs, data)}


async def all_of_again(runs: Journalled, data: Path) -> list[StepResult]:
    return [one for one in await all_of(runs.start("fails", "show", data=data)) if not one.passed]


async def test_bail_reaches_every_worker(world: World, runs: Journalled, crew: Crew) -> None:
    """The first step that does not pass ends the run."""
    world.write("fails", 'url = "/status/500"\n')
    run = start(runs.runs, "fails", data=numbers(world, 500), concurrency=4, bail=True)
    await all_of(run)
    assert run.summary().ended == "bail"
    assert 1 <= run.summary().failed < 400


async def test_a_rate_is_kept_by_all_together(world: World, runs: Journalled, crew: Crew) -> None:
    """Each session has the time that it has in one process."""
    run = start(runs.runs, "one", data=numbers(world, 20), rate=200.0, concurrency=20)
    await all_of(run)
    dues = [due for (due,) in runs.rows("SELECT due_s FROM steps ORDER BY row")]
    assert [round((due - dues[0]) * 200) for due in dues] == list(range(20))
    assert run.summary().passed == 20


async def test_what_has_no_room_at_its_time_is_dropped(world: World, runs: Journalled, crew: Crew) -> None:
    """As the plan says, and journalled."""
    controls = Controls()
    plan: dict[str, Any] = {"data": numbers(world, 12), "rate": 500.0, "concurrency": 2, "overflow": Overflow.DROP}
    run = start(runs.runs, "slow", controls=controls, given={"method": "GET"}, **plan)
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(all_of(run))
        for _ in range(2):
            await world.shop.waiting.acquire()
        # The last of them is due 22 ms after the first.
        while run.summary().dropped < 10:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)
        world.shop.gate.set()
    assert (run.summary().passed, run.summary().dropped) == (2, 10)


def entry(url: str) -> dict[str, Any]:
    sent: dict[str, Any] = {"method": "GET", "url": url, "httpVersion": "HTTP/1.1", "headers": [], "queryString": []}
    came = {"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": [], "content": {"size": 0}}
    return {"startedDateTime": "2026-01-01T00:00:00Z", "time": 1, "request": sent, "response": came, "timings": {}}


async def test_a_recording_is_replayed_with_its_own_requests(world: World, runs: Journalled, crew: Crew) -> None:
    """They go along with their sessions."""
    entries = [entry(f"{world.shop.base_url}/one/{number}") for number in range(9)]
    log = {"version": "1.2", "creator": {"name": "a", "version": "1"}, "entries": entries}
    har = world.data("traffic.har", json.dumps({"log": log}))
    plan = Plan(recording=Recording(har, speed=0.0), concurrency=3)
    run = runs.runs.start(plan, cluster=ClusterTerms(workers=2))
    await all_of(run)
    assert run.summary().passed == 9
    assert set(world.shop.arrived) == {f"GET /one/{number}" for number in range(9)}


async def test_idempotency_keys_are_those_of_one_process(world: World, runs: Journalled, crew: Crew) -> None:
    """A hash of run, row, iteration and step, wherever it is sent."""
    run = start(runs.runs, "one", data=numbers(world, 5), concurrency=5, idempotency_key=True)
    await all_of(run)
    keys = {headers["Idempotency-Key"] for headers in world.shop.headers}
    assert len(keys) == 5
    again = start(runs.runs, "one", data=numbers(world, 5), concurrency=5, idempotency_key=True)
    await all_of(again)
    assert len(keys | {headers["Idempotency-Key"] for headers in world.shop.headers}) == 10


async def test_a_worker_of_another_version_is_refused(
    runs: Journalled, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both versions are named, and nothing is sent."""

    class Older:
        __version__ = "0.0.9"

    monkeypatch.setattr(worker, "tui_client", Older)
    run = start(runs.runs, "one")
    with pytest.raises(UsageError, match=r"tui-client 0\.0\.9, and this is \d+\.\d+\.\d+"):
        await all_of(run)
    assert run.workers is not None and not run.workers.living
    assert runs.world.shop.arrived == []
