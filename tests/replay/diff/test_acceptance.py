"""Two runs of one API, compared from beginning to end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
from aiohttp import web

from tui_client.http.engine import Engine
from tui_client.replay.diff.journalled import answers
from tui_client.replay.diff.json_diff import Change
from tui_client.replay.diff.render import diff_lines
from tui_client.replay.diff.runs import DiffReport, compare_runs, report_of
from tui_client.replay.journal.store import RunStore
from tui_client.replay.memory import FromCache, Memory
from tui_client.replay.plan import DiffRules, Plan
from tui_client.replay.runs import Runs
from tui_client.replay.services import Question, Services
from tui_client.storage.library import Library
from tui_client.trust.gates import HeadlessGate
from tui_client.trust.store import GrantStore
from tui_client.trust.vault import NoKeyring, Vault

ROWS = 30


class Prices:
    """A loopback API: `/users/N` gives two items with prices, and when it was asked."""

    def __init__(self) -> None:
        self.price_of_17 = 1.10
        self.base_url = ""
        self._asked = 0

    async def answer(self, request: web.Request) -> web.Response:
        """The items of one user."""
        self._asked += 1
        price = self.price_of_17 if request.path.endswith("/17") else 1.10
        items = [{"name": "pen", "price": 2}, {"name": "ink", "price": price}]
        return web.json_response({"asked": self._asked, "items": items})


class Nobody:
    """Has no secrets and answers no prompts."""

    def get(self, collection: Path, environment: str, name: str) -> str | None:
        return None

    async def ask(self, questions: tuple[Question, ...]) -> dict[str, str]:
        return {}


@pytest.fixture
async def prices() -> AsyncIterator[Prices]:
    """The server, on a free port."""
    found = Prices()
    app = web.Application()
    app.router.add_get("/users/{id}", found.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    await runner.cleanup()


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """An empty folder of runs."""
    return RunStore(tmp_path / "runs", Vault(tmp_path / "secrets.json", NoKeyring()))


async def run(root: Path, prices: Prices, store: RunStore) -> str:
    """Replay one request for each row, many side by side; the run's name."""
    shop = root / "shop"
    shop.mkdir(exist_ok=True)
    (shop / "collection.toml").write_text(f'format = 1\nbase_url = "{prices.base_url}"\n')
    (shop / "user.toml").write_text('url = "/users/{{n}}"\n')
    (root / "users.csv").write_text("n\n" + "".join(f"{n}\n" for n in range(1, ROWS + 1)))
    async with Engine() as engine:
        gate = HeadlessGate(GrantStore(root / "grants.json"), frozenset())
        services = Services(engine, Library(shop), Nobody(), Nobody(), gate, Memory(FromCache()))
        plan = Plan(steps=("user",), data=root / "users.csv", concurrency=8)
        doing = Runs(store, services, shop).start(plan)
        async with aclosing(doing.results()) as results:
            assert [result.passed async for result in results] == [True] * ROWS
    return doing.header.run


def compared(store: RunStore, before: str, after: str, rules: DiffRules) -> DiffReport:
    with store.reader(before) as one, store.reader(after) as other:
        return report_of(compare_runs(answers(one), answers(other), rules))


async def test_the_one_field_that_changed_is_named(tmp_path: Path, prices: Prices, store: RunStore) -> None:
    """Two runs of an API where one field of one reply changed name exactly that field's path."""
    before = await run(tmp_path, prices, store)
    prices.price_of_17 = 1.20
    after = await run(tmp_path, prices, store)
    found = compared(store, before, after, DiffRules(ignore=("$.asked",)))
    [changed] = found.changes
    assert (changed.step.row, changed.changes) == (17, (Change("$.items[1].price", "1.1", "1.2"),))
    assert next(diff_lines(found)) == f"1 of {ROWS} replies differs."
    assert compared(store, before, after, DiffRules()).by_where == {"$.asked": ROWS, "$.items[*].price": 1}
    assert not compared(store, before, before, DiffRules()).differs
