"""One step's sends: what is waited for, what is sent again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from aiohttp import web
from jumping_loop import run_jumping

from tui_client.errors import BrokenFile, Failure, FailureKind
from tui_client.http.cancellation import Cancellation
from tui_client.http.cookies import CookieJar
from tui_client.http.engine import Engine
from tui_client.http.prepare import PreparedRequest, prepare
from tui_client.model.effective import ResolvedRequest
from tui_client.model.exchange import BytesBody, Event, Exchange, Finished, Response, SentRequest, Timings
from tui_client.replay.attempts import Attempts
from tui_client.replay.controls import Controls
from tui_client.replay.hosts import Hosts
from tui_client.replay.plan import Plan
from tui_client.replay.services import OnEvent, ignore
from tui_client.storage.batch import Retry

ORIGIN = "http://127.0.0.1:8000"
RETRY = Plan(steps=("a",), retry=Retry(3, ("connect", 429, 503)))


class Least(Random):
    """No jitter: the shortest wait there can be."""

    def uniform(self, a: float, b: float) -> float:
        return a


class Most(Random):
    """The longest one."""

    def uniform(self, a: float, b: float) -> float:
        return b


def request(url: str = f"{ORIGIN}/x", method: str = "GET", *headers: tuple[str, str]) -> PreparedRequest:
    return prepare(ResolvedRequest(key="", method=method, url=url, headers=headers), Path, environ={})


class Script:
    """A sender whose replies are known before: a status, (a status and its Retry-After), or an error kind."""

    def __init__(self, *replies: int | tuple[int, str] | FailureKind) -> None:
        self._replies = list(replies)
        self.at: list[float] = []

    async def send(
        self,
        request: PreparedRequest,
        jar: CookieJar | None = None,
        *,
        on_event: OnEvent = ignore,
        cancellation: Cancellation | None = None,
    ) -> Exchange:
        sent = SentRequest(request.method, request.url, request.target, request.headers)
        if cancellation is not None and cancellation.requested:
            return _exchange(sent, FailureKind.CANCELLED)
        self.at.append(asyncio.get_running_loop().time() - 1000)
        return _exchange(sent, self._replies.pop(0))


def _exchange(sent: SentRequest, reply: int | tuple[int, str] | FailureKind) -> Exchange:
    response, failure = None, None
    if isinstance(reply, FailureKind):
        failure = Failure(reply)
    else:
        status, after = reply if isinstance(reply, tuple) else (reply, "")
        headers = ((b"Retry-After", after.encode()),) if after else ()
        response = Response(status, "", "HTTP/1.1", headers, BytesBody())
    return Exchange(sent, response, Timings(), datetime.now(UTC), failure=failure)


class Step:
    """One step over a script, with all that it shares with others."""

    def __init__(self, *replies: int | tuple[int, str] | FailureKind, plan: Plan = RETRY, rng: Random | None = None):
        self.script = Script(*replies)
        self.hosts, self.controls, self.cancellation = Hosts(), Controls(), Cancellation()
        self.claimed: list[float] = []
        self.attempts = Attempts(self.script, plan, self.hosts, self.controls, self._claim, rng or Least())

    async def _claim(self, prepared: PreparedRequest) -> None:
        self.claimed.append(asyncio.get_running_loop().time() - 1000)

    async def send(self, prepared: PreparedRequest | None = None) -> str:
        found = await self.attempts.send(prepared or request(), cancellation=self.cancellation)
        return found.failure.kind.value if found.failure else str(found.response.status) if found.response else ""

    def run(self, prepared: PreparedRequest | None = None) -> tuple[str, list[float]]:
        return run_jumping(self.send(prepared)), self.script.at


def test_what_fails_is_sent_again_and_claimed_once() -> None:
    """As often as the plan says, and no more: three retries are four attempts."""
    step = Step(FailureKind.CONNECT_REFUSED, 503, 200)
    assert step.run() == ("200", [0, 0, 0])
    assert (step.attempts.count, step.claimed) == (3, [0])
    step = Step(*[503] * 9)
    assert step.run() == ("503", [0] * 4)
    assert step.attempts.count == 4


def test_what_is_not_listed_is_not_sent_again() -> None:
    """Nor is anything without retries in the plan."""
    assert Step(500).run() == ("500", [0])
    assert Step(FailureKind.CLOSED_EARLY).run() == ("closed_early", [0])
    assert Step((503, "1"), plan=Plan(steps=("a",))).run() == ("503", [0])


def test_a_post_is_sent_again_only_where_it_can_be() -> None:
    """After a refused connection, with the key, or if told to."""
    post = request(f"{ORIGIN}/x", "POST")
    keyed = request(f"{ORIGIN}/x", "POST", ("Idempotency-Key", "1"))
    unsafe = Plan(steps=("a",), retry=RETRY.retry, retry_unsafe=True)
    assert Step(503, 200).run(post)[0] == "503"
    assert Step(FailureKind.CONNECT_RESET, 200).run(post)[0] == "connect.reset"
    assert Step(FailureKind.CONNECT_REFUSED, 200).run(post)[0] == "200"
    assert Step(503, 200).run(keyed)[0] == "200"
    assert Step(503, 200, plan=unsafe).run(post)[0] == "200"


def test_the_waits_double() -> None:
    """Half a second, one, two: at most."""
    assert Step(503, 503, 503, 200, rng=Most()).run() == ("200", [0, 0.5, 1.5, 3.5])


def test_a_server_that_asks_for_a_pause_gets_it() -> None:
    """Its pause or our own wait, whichever is longer; garbage is no pause."""
    assert Step((429, "7"), (503, "2"), (503, "soon"), 200).run() == ("200", [0, 7, 9, 9])
    assert Step((503, "1"), (503, "1"), (503, "1"), 200, rng=Most()).run() == ("200", [0, 1, 2, 4])


@pytest.mark.parametrize("asked", ["301", "Fri, 31 Dec 9999 23:59:59 GMT", "9" * 400])
def test_nobody_waits_longer_than_five_minutes(asked: str) -> None:
    """The step fails with its reply; others leave the server alone for five minutes, whatever a clock says."""
    step = Step((429, asked), plan=Plan(steps=("a",), retry=Retry(3, (429,))))

    async def test() -> tuple[str, float]:
        found = await step.send()
        assert await step.hosts.clear(ORIGIN, step.controls, None)
        return found, asyncio.get_running_loop().time() - 1000

    assert run_jumping(test()) == ("429", 300)
    assert Step((429, "300"), 200).run() == ("200", [0, 300])


def test_only_429_and_503_ask_for_pauses() -> None:
    """A redirect's Retry-After, or a 200's, holds nobody."""
    step = Step((200, "30"))

    async def test() -> float:
        await step.send()
        await step.hosts.clear(ORIGIN, step.controls, None)
        return asyncio.get_running_loop().time() - 1000

    assert run_jumping(test()) == 0


def test_the_first_send_waits_for_its_host_and_is_claimed_after_that() -> None:
    """A step that may have to wait for minutes is not yet in doubt."""
    step = Step(200)

    async def test() -> str:
        step.hosts.hold(ORIGIN, 1060.0)
        return await step.send()

    assert run_jumping(test()) == "200"
    assert (step.claimed, step.script.at) == ([60], [60])


@pytest.mark.parametrize("how", ["stop", "cancel"])
def test_a_step_whose_run_stops_before_its_send_is_never_sent(how: str) -> None:
    """It is told as cancelled, sent 0 times and not claimed: a resume sends it."""
    step = Step(200)

    async def test() -> str:
        step.hosts.hold(ORIGIN, 1060.0)
        action = step.controls.stop if how == "stop" else step.cancellation.cancel
        asyncio.get_running_loop().call_later(5, action)
        return await step.send()

    assert run_jumping(test()) == "cancelled"
    assert (step.attempts.count, step.claimed, step.script.at) == (0, [], [])


@pytest.mark.parametrize("how", ["stop", "cancel"])
def test_a_stop_between_attempts_leaves_the_last_reply(how: str) -> None:
    """Nobody waits for the next attempt any more."""
    step = Step((503, "100"), 200)

    async def test() -> tuple[str, float]:
        action = step.controls.stop if how == "stop" else step.cancellation.cancel
        asyncio.get_running_loop().call_later(5, action)
        return await step.send(), asyncio.get_running_loop().time() - 1000

    assert run_jumping(test()) == ("503", 5)
    assert step.attempts.count == 1


def test_a_claim_that_can_not_be_kept_ends_the_step() -> None:
    """What is not on disk is not sent."""
    script = Script(200)

    async def claim(prepared: PreparedRequest) -> None:
        raise BrokenFile(Path("run.sqlite"), "is full")

    async def test() -> None:
        await Attempts(script, RETRY, Hosts(), Controls(), claim).send(request())

    with pytest.raises(BrokenFile):
        run_jumping(test())
    assert script.at == []


class Limited:
    """A loopback server. /limited says 429 with a pause of a second, once; /busy 503 once, when `gate` opens."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.busy = asyncio.Event()
        self.arrived: list[tuple[str, float]] = []
        self.limited_s = 0.0
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.arrived.append((request.path, asyncio.get_running_loop().time()))
        first = sum(path == request.path for path, _ in self.arrived) == 1
        if request.path == "/limited" and first:
            self.limited_s = asyncio.get_running_loop().time()
            return web.Response(status=429, headers={"Retry-After": "1"})
        if request.path == "/busy" and first:
            self.busy.set()
            await self.gate.wait()
            return web.Response(status=503)
        return web.Response()


@pytest.fixture
async def server() -> AsyncIterator[Limited]:
    found = Limited()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", found.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    found.gate.set()
    await runner.cleanup()


async def test_a_pause_that_one_row_is_asked_for_is_kept_by_all(server: Limited) -> None:
    """Rows that begin, and rows that would send again, reach the server no earlier than it said."""
    hosts, controls, limited = Hosts(), Controls(), asyncio.Event()

    def on_event(event: Event) -> None:
        if isinstance(event, Finished):
            limited.set()

    async with Engine() as engine, asyncio.TaskGroup() as group, asyncio.timeout(30):

        def begin(path: str, on_event: OnEvent = ignore) -> asyncio.Task[Exchange]:
            attempts = Attempts(engine, RETRY, hosts, controls, rng=Least())
            return group.create_task(attempts.send(request(server.url + path), on_event=on_event))

        rows = [begin("/busy")]
        await server.busy.wait()
        rows.append(begin("/limited", on_event))
        await limited.wait()
        server.gate.set()
        rows += [begin("/new") for _ in range(5)]
    assert [row.result().response.status for row in rows if row.result().response] == [200] * 7
    before, after = server.arrived[:2], server.arrived[2:]
    assert [path for path, _ in before] == ["/busy", "/limited"]
    assert sorted(path for path, _ in after) == ["/busy", "/limited", *["/new"] * 5]
    assert all(at_s >= server.limited_s + 1 for _, at_s in after)
