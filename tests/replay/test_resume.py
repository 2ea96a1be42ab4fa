"""A run that was cut off goes on where it stood: nothing is lost, and nothing is done twice unasked."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from resumed import Journalled, all_of, counted

from tui_client.errors import BrokenFile, UsageError
from tui_client.model.step import InDoubt, StepResult
from tui_client.replay.controls import Controls
from tui_client.replay.journal.header import Only
from tui_client.replay.plan import Recording

World = Any  # the fixture of conftest

COOKIE = 'url = "/set-cookie"\n[params]\nuser = "{{n}}"\n'
TOKEN = 'method = "POST"\nurl = "/login"\n[params]\nuser = "{{n}}"\n[capture.t]\nquery = "json"\nexpr = "$.token"\n'
SLOW = 'method = "{{method}}"\nurl = "/slow/{{n}}/{{t}}"\n'


@pytest.fixture
def runs(world: World, tmp_path: Path) -> Journalled:
    """A collection of three requests, and where its runs are journalled."""
    for name, text in {"cookie": COOKIE, "token": TOKEN, "slow": SLOW}.items():
        world.write(name, text)
    return Journalled(world, tmp_path / "state")


async def killed(runs: Journalled, sessions: int, **plan: Any) -> None:
    """A run in another process, killed while the server keeps so many steps waiting; the server waits no longer."""
    shop = runs.world.shop
    async with asyncio.timeout(20), runs.child(**plan) as process:
        for _ in range(sessions):
            await shop.waiting.acquire()
        process.kill()
        await process.wait()
    shop.gate.set()


async def stopped(runs: Journalled, sessions: int, *steps: str, **plan: Any) -> list[StepResult]:
    """A run that its user stops while the server keeps so many steps waiting; the server waits no longer."""
    shop, controls = runs.world.shop, Controls(grace_s=0.0)
    run = runs.start(*steps, controls=controls, concurrency=sessions, **plan)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        running = group.create_task(all_of(run))
        for _ in range(sessions):
            await shop.waiting.acquire()
        controls.stop()
    shop.gate.set()
    return running.result()


def tokens(world: World) -> dict[str, set[str]]:
    """Which tokens the slow steps of each row were sent with."""
    found: dict[str, set[str]] = {}
    for line in world.shop.arrived:
        if "/slow/" in line:
            _, _, row, token = line.split("/")
            found.setdefault(row, set()).add(token)
    return found


async def test_captures_and_cookies_of_a_half_done_row_survive_a_kill(world: World, runs: Journalled) -> None:
    """Each row goes on with its own; what may be done twice is sent again, the POST is in doubt, no row is lost."""
    data = world.data("rows.csv", "n,method\na,GET\nb,POST\nc,PUT\nd,POST\n")
    await killed(runs, 3, steps=("cookie", "token", "slow"), data=data, concurrency=3)
    assert (runs.info.state, runs.info.in_doubt) == ("interrupted", 3)
    results = await all_of(runs.resume())
    done = [(row, step, "passed") for row in range(1, 5) for step in range(3)]
    done[5] = (2, 2, "in_doubt")
    assert runs.outcomes() == done
    assert [result.step.row for result in results if isinstance(result.outcome, InDoubt)] == [2]
    assert counted(world, "GET /set-cookie") == counted(world, "POST /login") == 4
    slow = [counted(world, f"{start}/") for start in ("GET /slow/a", "POST /slow/b", "PUT /slow/c", "POST /slow/d")]
    assert slow == [2, 1, 2, 1]
    assert all(len(found) == 1 for found in tokens(world).values())
    lines = zip(world.shop.arrived, world.shop.headers, strict=True)
    assert all(f"who={line.split('/')[2]}" == headers["Cookie"] for line, headers in lines if "/slow/" in line)
    assert (runs.info.state, runs.info.in_doubt, runs.info.passed) == ("done", 1, 11)


async def test_without_the_key_rows_that_need_their_carry_are_in_doubt(world: World, runs: Journalled) -> None:
    """Nothing is sent with variables that are gone, not even where sending twice is allowed; other rows go on."""
    data = world.data("rows.csv", "n,method\na,GET\nb,GET\nc,GET\n")
    await killed(runs, 2, steps=("token", "slow"), data=data, concurrency=2, retry_unsafe=True)
    (runs.folder / "secrets.json").unlink()
    await all_of(runs.resume())
    assert runs.outcomes() == [
        *[(1, 0, "passed"), (1, 1, "in_doubt"), (2, 0, "passed"), (2, 1, "in_doubt")],
        *[(3, 0, "passed"), (3, 1, "passed")],
    ]
    assert counted(world, "POST /login") == 3
    assert counted(world, "GET /slow") == 3


async def test_an_idempotency_key_makes_a_post_resendable_and_stays_the_same(world: World, runs: Journalled) -> None:
    """A server that knows keys does each of them once, however often the run was killed."""
    data = world.data("rows.csv", "n,method\na,POST\nb,POST\n")
    await killed(runs, 2, steps=("token", "slow"), data=data, concurrency=2, idempotency_key=True)
    await all_of(runs.resume())
    assert runs.info.in_doubt == 0 and runs.info.passed == 4
    keys: dict[str, list[str]] = {}
    for line, headers in zip(world.shop.arrived, world.shop.headers, strict=True):
        keys.setdefault(line, []).append(headers["Idempotency-Key"])
    assert sorted(map(len, keys.values())) == [1, 1, 2, 2]
    assert len({key for found in keys.values() for key in found}) == 4


async def test_with_retry_unsafe_a_post_in_doubt_is_sent_again(world: World, runs: Journalled) -> None:
    """Who says that doing it twice does no harm gets no doubts."""
    world.write("a", 'method = "POST"\nurl = "/slow"\n')
    await stopped(runs, 2, "a", iterations=3, retry_unsafe=True)
    assert len(await all_of(runs.resume())) == 3
    assert counted(world, "POST /slow") == 5
    assert (runs.info.passed, runs.info.in_doubt) == (3, 0)


async def test_the_setup_is_sent_again_at_a_resume_and_counted_once(world: World, runs: Journalled) -> None:
    """Rows go on with the fresh token and the fresh cookie; summary, journal and list agree."""
    world.write("set", 'url = "/set-cookie"\n[params]\nuser = "{{t}}"\n')
    world.write("a", 'url = "/slow/{{t}}"\n')
    world.write("login", TOKEN.replace("{{n}}", "me"))
    await stopped(runs, 2, "a", setup=("login", "set"), iterations=3)
    run = runs.resume()
    await all_of(run)
    assert world.shop.arrived[-3:] == ["GET /slow/t5-me"] * 3
    assert [headers["Cookie"] for headers in world.shop.headers[-3:]] == ["who=t5-me"] * 3
    assert run.summary().passed == run.summary().planned == runs.info.passed == 5
    assert runs.rows("SELECT outcome, steps FROM counts WHERE steps") == [("passed", 5)]


async def test_a_cookie_of_the_setup_is_never_a_rows_own(world: World, runs: Journalled) -> None:
    """However the setup came to it: after a resume the rows send the fresh one."""
    world.write("login", TOKEN.replace("{{n}}", "me"))
    world.write("set", 'url = "/set-cookie?cookie=passing"\n')
    world.write("cookie", COOKIE.replace("{{n}}", "{{t}}"))
    world.write("clear", 'url = "/clear-cookie?cookie=passing"\n')
    world.write("a", 'url = "/a"\n')
    world.write("wait", 'url = "/slow"\n')
    await stopped(runs, 1, "a", "wait", setup=("login", "set", "cookie", "clear"))
    assert world.shop.headers[-1]["Cookie"] == "who=t1-me"
    await all_of(runs.resume())
    assert (world.shop.arrived[-1], world.shop.headers[-1]["Cookie"]) == ("GET /slow", "who=t7-me")


async def test_a_cookie_that_was_taken_away_stays_away_after_a_resume(world: World, runs: Journalled) -> None:
    """A row that had logged out goes on as one that has."""
    world.write("cookie", 'url = "/set-cookie"\n')
    world.write("clear", 'url = "/clear-cookie"\n')
    world.write("wait", 'url = "/slow"\n')
    await stopped(runs, 1, "cookie", "clear", "wait")
    await all_of(runs.resume())
    slow = [headers for line, headers in zip(world.shop.arrived, world.shop.headers, strict=True) if "slow" in line]
    assert ["Cookie" in headers for headers in slow] == [False, False]


async def test_a_second_runner_is_refused_and_sends_nothing(world: World, runs: Journalled) -> None:
    """It names the process that runs the run, which is not disturbed."""
    world.write("a", 'url = "/slow"\n')
    async with asyncio.timeout(20), runs.child(steps=("a",), iterations=2) as process:
        await world.shop.waiting.acquire()
        for _ in range(2):
            with pytest.raises(UsageError, match=str(process.pid)):
                await all_of(runs.resume())
        assert (runs.info.state, len(world.shop.arrived)) == ("running", 1)
        world.shop.gate.set()
        output, _ = await process.communicate()
    assert output.split() == [b"done", b"finished"]
    assert (runs.info.state, runs.info.passed, len(world.shop.arrived)) == ("done", 2, 2)


async def test_an_edited_request_is_sent_as_it_stands_at_the_resume(world: World, runs: Journalled) -> None:
    """What was done stays as it was done; a POST in doubt is not sent because its file says GET by now."""
    world.write("a", 'method = "POST"\nurl = "/slow/before"\n')
    await stopped(runs, 2, "a", iterations=4)
    world.write("a", 'url = "/after"\n')
    await all_of(runs.resume())
    assert world.shop.arrived == ["POST /slow/before"] * 2 + ["GET /after"] * 2
    assert [outcome for _, _, outcome in runs.outcomes()] == ["in_doubt", "in_doubt", "passed", "passed"]


async def test_a_changed_data_file_is_refused_at_a_resume(world: World, runs: Journalled) -> None:
    """Its rows may not be the same: nothing is sent until it is restored, and nothing of the run is lost."""
    world.write("a", 'url = "/slow/{{n}}"\n')
    data = world.data("rows.csv", "n\n1\n2\n3\n")
    await stopped(runs, 1, "a", data=data)
    arrived = len(world.shop.arrived)
    world.data("rows.csv", "n\n1\n4\n3\n5\n")
    for _ in range(2):
        with pytest.raises(BrokenFile, match=r"rows\.csv"):
            await all_of(runs.resume())
    assert len(world.shop.arrived) == arrived
    world.data("rows.csv", "n\n1\n2\n3\n")
    await all_of(runs.resume())
    assert [outcome for _, _, outcome in runs.outcomes()] == ["passed"] * 3
    assert runs.info.state == "done"


async def test_which_data_a_run_reads_is_on_disk_with_its_first_claim(world: World, runs: Journalled) -> None:
    """However early a run is killed, its resume knows whether the file is still the one."""
    world.write("a", 'url = "/slow/{{n}}"\n')
    data = world.data("rows.csv", "n\n1\n2\n")
    async with asyncio.TaskGroup() as group, asyncio.timeout(10):
        group.create_task(all_of(runs.start("a", data=data)))
        await world.shop.waiting.acquire()
        assert runs.rows("SELECT data_size, data_mtime_ns FROM run") == [(data.stat().st_size, data.stat().st_mtime_ns)]
        world.shop.gate.set()


def har_of(base_url: str, *names: str) -> str:
    """A recording of GETs that the server keeps waiting."""
    entries = ", ".join(
        f'{{"startedDateTime": "2026-11-22T09:00:00Z", "time": 1, "request": {{"method": "GET", "url": '
        f'"{base_url}/slow/{name}", "httpVersion": "HTTP/1.1", "headers": [], "queryString": [], "cookies": [], '
        f'"headersSize": -1, "bodySize": 0}}, "response": {{"status": 200, "statusText": "OK", "httpVersion": '
        f'"HTTP/1.1", "headers": [], "cookies": [], "content": {{"size": 0, "mimeType": ""}}, "redirectURL": "", '
        f'"headersSize": -1, "bodySize": 0}}, "cache": {{}}, "timings": {{"send": 0, "wait": 1, "receive": 0}}}}'
        for name in names
    )
    return f'{{"log": {{"version": "1.2", "creator": {{"name": "x", "version": "1"}}, "entries": [{entries}]}}}}'


async def test_a_changed_recording_is_refused_at_a_resume(world: World, runs: Journalled) -> None:
    """Its entries are told apart by their places, which may mean others now."""
    path = world.data("one.har", har_of(world.shop.base_url, "a", "b"))
    await stopped(runs, 1, recording=Recording(path, speed=0.0))
    world.data("one.har", har_of(world.shop.base_url, "c", "a", "b"))
    with pytest.raises(BrokenFile, match=r"one\.har"):
        await all_of(runs.resume())
    assert world.shop.arrived == ["GET /slow/a"]


async def test_a_run_killed_before_it_began_says_so(world: World, runs: Journalled) -> None:
    """A file without tables is what is left; nothing can have been sent."""
    world.write("a", 'url = "/a"\n')
    await all_of(runs.start("a"))
    path = runs.store.folder / "20300101-000000-abcd.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    with pytest.raises(BrokenFile, match="nothing was sent"):
        runs.resume()
    assert [info.state for info in runs.store.list()] == ["unreadable", "done"]


async def test_only_a_run_that_is_not_done_goes_on(world: World, runs: Journalled) -> None:
    """A finished run is not replayed by a slip."""
    world.write("a", 'url = "/a"\n')
    await all_of(runs.start("a"))
    with pytest.raises(UsageError, match="nothing to resume"):
        runs.resume()
    assert len(world.shop.arrived) == 1


async def test_what_failed_is_repeated_and_nothing_else(world: World, runs: Journalled) -> None:
    """`--only failed` sends the rows that failed, once each, from the step that failed."""
    world.write("a", 'url = "/status/{{code}}"\n')
    data = world.data("rows.csv", "code\n200\n500\n200\n404\n")
    await all_of(runs.start("a", data=data))
    arrived = len(world.shop.arrived)
    await all_of(runs.runs.again("last", Only.FAILED))
    assert sorted(world.shop.arrived[arrived:]) == ["GET /status/404", "GET /status/500"]


async def test_a_missing_column_leaves_no_run_behind(world: World, runs: Journalled) -> None:
    """Refused before anything is sent or kept."""
    world.write("a", 'url = "/{{nobody}}"\n')
    with pytest.raises(Exception, match="nobody"):
        await all_of(runs.start("a", data=world.data("rows.csv", "n\n1\n")))
    assert runs.store.list() == () and world.shop.arrived == []
