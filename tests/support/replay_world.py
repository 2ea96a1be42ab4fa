"""A collection on disk, a server that counts what arrives, and the real services between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from pathlib import Path

import pytest
from aiohttp import web

from tui_client.http.engine import Engine
from tui_client.model.step import StepResult
from tui_client.replay.controls import Controls
from tui_client.replay.execute import Run
from tui_client.replay.memory import FromCache, Memory
from tui_client.replay.plan import Plan
from tui_client.replay.runs import new_header
from tui_client.replay.services import Question, Services
from tui_client.storage.library import Library
from tui_client.trust.gates import HeadlessGate
from tui_client.trust.grants import Grant
from tui_client.trust.store import GrantStore


class Shop:
    """A loopback server: counts what arrives, hands out tokens, echoes names. `/slow` waits for `gate`."""

    def __init__(self) -> None:
        self.arrived: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.waiting = asyncio.Semaphore(0)
        self.base_url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One answer for all paths."""
        self.arrived.append(f"{request.method} {request.path_qs}")
        self.headers.append(dict(request.headers))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if request.path.startswith("/slow"):
                self.waiting.release()
                await self.gate.wait()
            return self._answer(request)
        finally:
            self.at_once -= 1

    def _answer(self, request: web.Request) -> web.StreamResponse:
        parts = request.path.split("/")
        match parts[1]:
            case "login":
                return web.json_response({"token": f"t{len(self.arrived)}-{request.query.get('user', '')}"})
            case "status":
                return web.json_response({}, status=int(parts[2]))
            case "set-cookie":
                reply = web.json_response({})
                reply.set_cookie(request.query.get("cookie", "who"), request.query.get("user", "x"))
                return reply
            case "clear-cookie":
                reply = web.json_response({})
                reply.del_cookie(request.query.get("cookie", "who"))
                return reply
            case "big":
                return web.Response(body=b"x" * 300_000, status=int(parts[2]))
            case _:
                cookie = request.headers.get("Cookie", "")
                return web.json_response({"name": request.query.get("name", ""), "cookie": cookie, "id": 7})


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """The server, on a free port."""
    found = Shop()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", found.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    found.gate.set()
    await runner.cleanup()


class Answering:
    """An asker that knows its answers and remembers each form."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.forms: list[tuple[Question, ...]] = []

    async def ask(self, questions: tuple[Question, ...]) -> Mapping[str, str]:
        self.forms.append(questions)
        await asyncio.sleep(0)
        return {one.variable: self.answers[one.variable] for one in questions}


class Vault:
    """A secret source of plain values."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def get(self, collection: Path, environment: str, name: str) -> str | None:
        return self.values.get(name)


class World:
    """A collection, what it is sent with, and short ways to write and run it."""

    def __init__(self, root: Path, shop: Shop, engine: Engine) -> None:
        self.root = root / "shop"
        self.shop = shop
        self.engine = engine
        self.asker = Answering()
        self.vault = Vault()
        self.grants: frozenset[Grant] = frozenset()
        self.aged = FromCache()
        self.write("collection", f'format = 1\nbase_url = "{shop.base_url}"\n')

    def write(self, key: str, text: str) -> Path:
        """Write one TOML file of the collection."""
        path = self.root / f"{key}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def share(self, text: str) -> None:
        """Add to collection.toml."""
        self.write("collection", f'format = 1\nbase_url = "{self.shop.base_url}"\n{text}')

    def data(self, name: str, text: str) -> Path:
        """Write a data file beside the collection."""
        path = self.root.parent / name
        path.write_text(text, encoding="utf-8")
        return path

    def services(self) -> Services:
        """The real thing, but for prompts and secrets."""
        gate = HeadlessGate(GrantStore(self.root.parent / "grants.json"), self.grants)
        return Services(self.engine, Library(self.root), self.vault, self.asker, gate, Memory(self.aged))

    def run(self, plan: Plan, controls: Controls | None = None) -> Run:
        """A run of a plan."""
        services = self.services()
        return Run(new_header(plan, self.root, services.source), services, controls)

    async def results(self, *steps: str, **plan: object) -> list[StepResult]:
        """The results of a plan, in the order in which they came."""
        run = self.run(Plan(steps=steps, **plan))  # type: ignore[arg-type]  # keywords of Plan, checked by msgspec users
        async with aclosing(run.results()) as results:
            return [result async for result in results]


@pytest.fixture
async def world(shop: Shop, tmp_path: Path) -> AsyncIterator[World]:
    """A collection whose base_url is the server."""
    async with Engine() as engine:
        yield World(tmp_path, shop, engine)


@pytest.fixture
def summary_of() -> Callable[[Run], tuple[int, int, int, int]]:
    """Passed, failed, errors, skipped of a run."""

    def counts(run: Run) -> tuple[int, int, int, int]:
        found = run.summary()
        return found.passed, found.failed, found.errors, found.skipped

    return counts
