"""The sample collections load, and the demo replays green: once, again, and for many rows at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from pathlib import Path

import msgspec
import pytest

from tui_client.demo.sample import copy_sample, sample_path
from tui_client.model.step import Errored, Replied, StepResult
from tui_client.model.wording import describe
from tui_client.replay.plan import Plan
from tui_client.replay.services import Question
from tui_client.storage.library import Library
from tui_client.workspace import Workspace

COLLECTIONS = sample_path().parent
DEMO_KEYS = Library(sample_path()).keys()
GITHUB_KEYS = Library(COLLECTIONS / "github").keys()


class Nobody:
    """A user who can't be asked."""

    async def ask(self, questions: tuple[Question, ...]) -> Mapping[str, str]:
        raise AssertionError(f"{questions} were asked")


@pytest.fixture
async def workspace(tmp_path: Path) -> AsyncIterator[Workspace]:
    """The sample on a machine without secrets, whose user grants nothing."""
    async with Workspace.open(sample_path(), asker=Nobody(), data_dir=tmp_path / "data") as opened:
        yield opened


def wrong_with(result: StepResult) -> str:
    """What a reader needs to mend the sample; "" for a step that passed."""
    match result.outcome:
        case _ if result.passed:
            return ""
        case Errored(failure=failure):
            return f"{result.step.key}: {describe(failure)}"
        case Replied(exchange=exchange, checks=checks):
            failed = [(one.query, one.expr, one.actual, one.error) for one in checks if not one.passed]
            return f"{result.step.key}: {exchange.response and exchange.response.status} {failed}"
        case skipped:
            return f"{result.step.key}: {skipped}"


async def replay(workspace: Workspace, plan: Plan) -> list[StepResult]:
    """All results of one run."""
    async with aclosing(workspace.replay(plan).results()) as results:
        return [result async for result in results]


@pytest.mark.parametrize("key", DEMO_KEYS)
async def test_each_request_is_green_by_itself(key, workspace, server):
    """Sent alone to a fresh server, everything it needs is found: tokens, ids, files."""
    assert not wrong_with(await workspace.send(key, given={"base_url": server.base_url}))


async def test_the_whole_collection_is_green_twice(workspace, server):
    """In its own order, and again on the server that the first run has used."""
    plan = workspace.plan(["."], given={"base_url": server.base_url})
    assert plan.steps == DEMO_KEYS
    for _ in range(2):
        results = await replay(workspace, plan)
        assert [result.step.key for result in results] == list(DEMO_KEYS)
        assert not [wrong for wrong in map(wrong_with, results) if wrong]


async def test_a_copy_is_green_in_its_local_environment(server, tmp_path):
    """The copy that `tui-client demo` opens needs no other base_url than its own."""
    copied = copy_sample(tmp_path / "demo", server.base_url)
    async with Workspace.open(copied, asker=Nobody(), data_dir=tmp_path / "data") as workspace:
        results = await replay(workspace, workspace.plan(["tag:smoke", "orders"], "local"))
    assert len(results) == 8
    assert not [wrong for wrong in map(wrong_with, results) if wrong]


async def test_the_batch_signs_everybody_up_side_by_side(workspace, server):
    """Eight rows at once, each with its own user; nobody is left over."""
    before = set(server.state.shop.users.rows)
    plan = await workspace.plan_batch("signup", given={"base_url": server.base_url})
    assert plan.concurrency == 8
    results = await replay(workspace, plan)
    assert not [wrong for wrong in map(wrong_with, results) if wrong]
    assert len(results) == 50 * 4
    assert set(server.state.shop.users.rows) == before


async def test_every_row_can_replay_everything(workspace, server, tmp_path):
    """Rows side by side don't disturb each other, whatever they send."""
    data = tmp_path / "rows.csv"
    lines = (sample_path() / "data" / "users.csv").read_text(encoding="utf-8").splitlines()
    data.write_text("\n".join(lines[:9]), encoding="utf-8")
    plan = workspace.plan(["."], given={"base_url": server.base_url})
    results = await replay(workspace, msgspec.structs.replace(plan, data=data, concurrency=8))
    assert len(results) == 8 * len(DEMO_KEYS)
    assert not [wrong for wrong in map(wrong_with, results) if wrong]


@pytest.mark.parametrize("key", GITHUB_KEYS)
def test_the_github_requests_load(key):
    """They are not sent by tests; every file can be read and says what it checks."""
    library = Library(COLLECTIONS / "github")
    assert library.effective(key, "public").asserts


def test_every_environment_loads():
    """Those that need secrets too."""
    library = Library(COLLECTIONS)
    for collection in library.collections():
        for name in library.environments(collection.id):
            assert library.environment(collection.id, name).base_url


def test_the_tour_shows_every_kind():
    """Each kind of body, auth and query that there is stands somewhere in the samples; certificates where TLS is."""
    from tui_client.kinds import auth, body, query

    library = Library(sample_path())
    requests = [library.effective(key, "") for key in DEMO_KEYS]
    requests += [Library(COLLECTIONS / "github").effective(key, "public") for key in GITHUB_KEYS]
    checks = [check.query for request in requests for check in (*request.asserts, *request.captures)]
    shown = {
        auth: {type(request.auth) for request in requests},
        body: {type(request.body) for request in requests},
        query: {type(each) for each in checks},
    }
    for room, seen in shown.items():
        missing = {tag for tag, kind in room.kinds().items() if kind not in seen} - {"none", "inherit"}
        assert not missing, f"{room.__name__}: {missing}"
