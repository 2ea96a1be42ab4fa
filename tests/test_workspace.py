"""The workspace: everything wired, nothing of the screen."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from pathlib import Path

import msgspec
import pytest

from tui_client.demo.server import running_demo
from tui_client.errors import Failure, FailureKind, NotFound, RequestFailed, UsageError
from tui_client.history.store import History
from tui_client.model.effective import EffectiveRequest
from tui_client.model.request import Request
from tui_client.model.step import Replied
from tui_client.replay.services import Question
from tui_client.workspace import Workspace, open_library


class Nobody:
    """An asker that can't."""

    async def ask(self, questions: tuple[Question, ...]) -> Mapping[str, str]:
        raise RequestFailed(Failure(FailureKind.VARIABLE_PROMPT, questions[0].variable))


@pytest.fixture
async def base_url() -> AsyncIterator[str]:
    """The demo API."""
    async with running_demo() as url:
        yield url


@pytest.fixture
def shop(tmp_path: Path, base_url: str) -> Path:
    """A collection whose requests hang together."""
    files = {
        "collection.toml": f'format = 1\nbase_url = "{base_url}"\n',
        "environments/local.toml": "",
        "environments/other.toml": "",
        "get.toml": 'url = "/echo"\n[capture.status]\nquery = "status"\n',
        "use.toml": 'url = "/status/{{status}}"\n',
        "batches/all.toml": 'requests = ["get", "use"]\niterations = 2\nrate = 3\n',
    }
    for name, text in files.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "shop"


async def test_captures_serve_the_next_sends_of_their_environment(shop: Path, tmp_path: Path) -> None:
    """What one send captured is a variable of the next, in the same environment only; old values are not changed."""
    async with Workspace.open(shop, asker=Nobody(), data_dir=tmp_path / "data") as workspace:
        before = workspace.captured
        assert (await workspace.send("get", "local")).passed
        assert before == {} and workspace.captured != {}
        assert (await workspace.send("use", "local")).passed
        assert not (await workspace.send("use", "other")).passed
        request = workspace.library.effective("use", "local")
        assert workspace.scope(request, "local").find("status") is not None
        assert workspace.scope(request, "other").find("status") is None


async def test_a_draft_is_sent_in_place_of_the_file(shop: Path, tmp_path: Path, base_url: str) -> None:
    """What stands in the editor is what goes out, also where there is no file or collection yet."""
    async with Workspace.open(shop, asker=Nobody(), data_dir=tmp_path / "data") as workspace:
        for key in ("get", "not/saved/yet", ""):
            draft = EffectiveRequest(key=key, name="", method="GET", url=f"{base_url}/echo?draft")
            result = await workspace.send(key, draft=draft)
            assert isinstance(result.outcome, Replied)
            assert result.outcome.exchange.request.target == b"/echo?draft"


async def test_a_replay_is_counted_as_it_goes(shop: Path, tmp_path: Path) -> None:
    """Results come one by one, the figures with them."""
    async with Workspace.open(shop, asker=Nobody(), data_dir=tmp_path / "data") as workspace:
        run = workspace.replay(workspace.plan(["."], "local"))
        async with aclosing(run.results()) as results:
            keys = [result.step.key async for result in results]
        assert keys == ["get", "use"]
        assert run.summary().passed == 2


async def test_a_batch_becomes_a_plan(shop: Path, tmp_path: Path) -> None:
    """By name, with all that it says."""
    async with Workspace.open(shop, asker=Nobody(), data_dir=tmp_path / "data") as workspace:
        plan = await workspace.plan_batch("all")
        assert (plan.steps, plan.iterations, plan.rate) == (("get", "use"), 2, 3.0)
        with pytest.raises(NotFound):
            await workspace.plan_batch("none")


@pytest.mark.parametrize("source", ["get", "shop:get"])
async def test_a_collection_among_several_works_as_it_does_alone(shop: Path, tmp_path: Path, source: str) -> None:
    """What `from` and a batch name is looked for in their own collection."""
    (shop / "folder").mkdir()
    (shop / "folder" / "folder.toml").write_text(f'[variables]\nstatus = {{ from = "{source}" }}\n')
    (shop / "folder" / "use.toml").write_text('url = "/status/{{status}}"\n')
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "collection.toml").write_text("format = 1\n")
    for path in (shop, tmp_path):
        async with Workspace.open(path, asker=Nobody(), data_dir=tmp_path / "data") as workspace:
            result = await workspace.send(workspace.library.find("folder/use"))
            assert result.passed, result.outcome
            plan = await workspace.plan_batch("shop:all")
            assert len(plan.steps) == 2


async def test_targets_and_environments_that_are_not_there_are_named(shop: Path, tmp_path: Path) -> None:
    """Before a run begins."""
    async with Workspace.open(shop, asker=Nobody(), data_dir=tmp_path / "data") as workspace:
        with pytest.raises(NotFound):
            workspace.plan(["nowhere"])
        with pytest.raises(NotFound):
            workspace.plan(["."], "locla")


async def test_changes_on_disk_are_seen(shop: Path, tmp_path: Path) -> None:
    """A file that another program writes shows up by its path, after the first look at all of them."""
    async with Workspace.open(shop, asker=Nobody(), data_dir=tmp_path / "data") as workspace:
        changes = workspace.changes(interval_s=0.01)
        assert await anext(changes) == frozenset()
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            seeing = group.create_task(anext(changes))
            number = 0
            while not seeing.done():
                number += 1
                await asyncio.to_thread((shop / "get.toml").write_text, f'url = "/{number}"\n')
        assert seeing.result() == {shop / "get.toml"}


def test_a_path_that_is_no_directory_is_refused(tmp_path: Path) -> None:
    """A typing error is not an empty workspace."""
    with pytest.raises(UsageError):
        open_library(tmp_path / "nowhere")


def test_the_users_options_hold_where_no_file_says_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`[options]` of the settings are the library's defaults."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "tui-client").mkdir()
    (tmp_path / "tui-client" / "config.toml").write_text("[options]\ntimeout = { total = 7.5 }\n")
    assert open_library(tmp_path).defaults.timeouts.total == 7.5


async def test_a_home_that_cant_be_written_does_not_keep_anything_from_being_sent(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a container without a home, requests are sent; only what must be kept can't be."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file" / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file" / "state"))
    async with Workspace.open(shop, asker=Nobody()) as workspace:
        assert (await workspace.send("get")).passed


def test_the_workspace_knows_nothing_of_the_screen() -> None:
    """Commands start without loading Textual."""
    code = (
        "import sys, tui_client.workspace, tui_client.history.opening; "
        "sys.exit(not {'textual', 'sqlite3'}.isdisjoint(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=30, check=False).returncode == 0


async def test_single_sends_are_in_the_history_and_replays_are_not(shop: Path, tmp_path: Path, base_url: str) -> None:
    """With the request as it was written: of its file, of a draft, or as whoever wrote it says."""
    (shop / "collection.toml").write_text(
        f'base_url = "{base_url}"\n[headers]\nX-All = "{{{{x}}}}"\n[variables]\nx = 1\n'
    )
    async with Workspace.open(shop, asker=Nobody(), data_dir=tmp_path / "data") as workspace:
        assert workspace.history is not None and workspace.history.recent() == ()
        await workspace.send("get", "local")
        draft = workspace.library.effective("get", "local")
        await workspace.send("get", "local", draft=msgspec.structs.replace(draft, method="PUT"))
        own = Request(url=f"{base_url}/echo", method="POST")
        await workspace.send("", draft=EffectiveRequest(key="", name="", method="POST", url=own.url), written=own)
        await workspace.send("not/saved", draft=EffectiveRequest(key="not/saved", name="", method="GET", url=own.url))
        await workspace.send("use")  # needs a variable that is not there
        async with aclosing(workspace.replay(workspace.plan(["get"])).results()) as results:
            assert [result.passed async for result in results] == [True]
        await workspace.history.settled()
        found = workspace.history.recent()
        assert [entry.method for entry in found] == ["GET", "POST", "PUT", "GET"]
        assert [entry.key for entry in found] == ["", "", "get", "get"]
        assert [entry.root for entry in found] == [str(shop), "", str(shop), str(shop)]
        file = workspace.library.load("get").request
        assert workspace.history.load(1).request == file
        assert workspace.history.load(2).request == msgspec.structs.replace(file, method="PUT")
        assert workspace.history.load(3).request == own
        assert found[-1].environment == "local"
    assert len(History(tmp_path / "data" / "history").recent()) == 4


def test_a_workspace_is_its_files_before_anything_is_sent(tmp_path: Path) -> None:
    """What sends, keeps and encrypts is imported for the first send, not for the tree."""
    code = (
        "import sys, tui_client.workspace as w; from pathlib import Path; from tui_client.replay.terms import Terms;"
        "workspace = w.Workspace(w.open_library(Path(sys.argv[1])), Terms(None)); assert workspace.captured == {};"
        "sys.exit(' '.join({'httpx', 'sqlite3', 'tomlkit', 'cryptography', 'keyring', 'lxml'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], timeout=30, check=False, capture_output=True, text=True
    )
    assert ran.stderr.split() == []


async def test_sends_at_once_wire_what_sends_once(shop: Path, tmp_path: Path) -> None:
    """Whoever comes first; the event loop goes on meanwhile, and all of them get a reply."""
    async with Workspace.open(shop, asker=Nobody(), data_dir=tmp_path / "data") as workspace:
        ready = [workspace.ready() for _ in range(3)]
        results = await asyncio.gather(workspace.send("get", "local"), workspace.send("get", "local"), *ready)
        assert [result.passed for result in results[:2] if result is not None] == [True, True]
        assert workspace.wired() is workspace.wired()
