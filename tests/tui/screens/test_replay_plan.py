"""From the replay's form to a plan."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from tui_client.errors import TuiClientError
from tui_client.model.wording import describe_error
from tui_client.replay.services import Question
from tui_client.tui.panels.replay_setup import Setup, batch_name
from tui_client.tui.screens._replay_plan import choices, environment_names, plan_of
from tui_client.workspace import Workspace

FILES = {
    "collection.toml": "format = 1\n",
    "environments/local.toml": "",
    "ping.toml": 'url = "/ping"\n',
    "a folder/list.toml": 'url = "/list"\ntags = ["smoke"]\n',
    "batches/nightly.toml": 'requests = ["ping"]\ndata = "rows.csv"\nconcurrency = 3\nrate = 5\n',
}


HERE = Path.cwd()


class Nobody:
    """Nothing is asked for here."""

    async def ask(self, questions: tuple[Question, ...]) -> Mapping[str, str]:
        return {}


@pytest.fixture
async def workspace(tmp_path: Path) -> AsyncIterator[Workspace]:
    """A collection with a folder and a batch."""
    for path, text in FILES.items():
        target = tmp_path / "shop" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    async with Workspace.open(tmp_path / "shop", asker=Nobody(), data_dir=tmp_path / "data") as opened:
        yield opened


@pytest.mark.parametrize(
    ("target", "steps"),
    [
        ("", ("a folder/list", "ping")),
        (".", ("a folder/list", "ping")),
        ("ping", ("ping",)),
        ("ping 'a folder/'", ("ping", "a folder/list")),
        ("tag:smoke", ("a folder/list",)),
    ],
)
async def test_targets_are_words_and_quotes_keep_blanks(
    workspace: Workspace, target: str, steps: tuple[str, ...]
) -> None:
    """In their order; nothing means everything."""
    plan = await plan_of(workspace, Setup(target, "local"))
    assert (plan.steps, plan.environment) == (steps, "local")


async def test_empty_fields_leave_it_to_the_usual_or_to_the_batch(workspace: Workspace) -> None:
    """Eight at once; a batch has its own."""
    plan = await plan_of(workspace, Setup("ping"))
    assert (plan.concurrency, plan.iterations, plan.data) == (8, None, None)
    plan = await plan_of(workspace, Setup("batch:nightly"))
    assert (plan.concurrency, plan.data) == (3, workspace.library.root / "batches" / "rows.csv")
    assert plan.rate == 5.0


@pytest.mark.parametrize("target", ["ping", "batches/nightly"])
async def test_what_the_fields_say_holds(workspace: Workspace, target: str) -> None:
    """Over the batch, too; a path is looked for from here, and ~ is the home directory."""
    plan = await plan_of(workspace, Setup(target, data="~/x.csv", concurrency=2, iterations=9))
    assert (plan.concurrency, plan.iterations, plan.data) == (2, 9, Path.home() / "x.csv")
    plan = await plan_of(workspace, Setup(target, data="x.csv"))
    assert plan.data == HERE / "x.csv"


async def test_a_rate_and_a_duration_hold_too(workspace: Workspace) -> None:
    """As many sessions side by side as such a rate needs; a batch keeps its own."""
    plan = await plan_of(workspace, Setup("ping", rate=40.0, duration="1m30s"))
    assert (plan.rate, plan.duration_s, plan.concurrency) == (40.0, 90.0, 40)
    plan = await plan_of(workspace, Setup("batch:nightly", rate=40.0))
    assert (plan.rate, plan.duration_s, plan.concurrency) == (40.0, None, 3)


@pytest.mark.parametrize(
    ("target", "title"),
    [("", "everything"), ("ping tag:smoke", "ping tag:smoke"), ("batch:nightly", "batches/nightly")],
)
async def test_a_run_is_named_after_what_is_replayed(workspace: Workspace, target: str, title: str) -> None:
    """In the list of runs, and over its figures."""
    assert (await plan_of(workspace, Setup(target))).title == title


async def test_environments_are_those_of_all_collections(workspace: Workspace) -> None:
    """Each once."""
    assert environment_names(workspace.library) == ("local",)


@pytest.mark.parametrize(
    ("setup", "sentence"),
    [
        (Setup("nope"), "There is no request nope."),
        (Setup("ping", "nope"), "There is no environment nope."),
        (Setup("ping", data="~nobody-here/rows.csv"), "there is no such home directory"),
        (Setup("batch:nope"), "There is no batch nope."),
        (Setup("batch:nightly ping"), "A saved batch is replayed alone."),
        (Setup("'ping"), "a quotation mark has no end"),
        (Setup("ping", concurrency=5000), "between 1 and 1000, not 5000"),
        (Setup("ping", iterations=0), "at least one iteration, not 0"),
        (Setup("ping", duration="soon"), "soon is no duration. Write it as 30s, 5m or 1h30m."),
        (Setup("ping", duration="5m", rate=0.0), "The rate must be more than 0"),
    ],
)
async def test_what_can_not_be_planned_is_told_in_a_sentence(workspace: Workspace, setup: Setup, sentence: str) -> None:
    """Nothing is sent for it."""
    with pytest.raises(TuiClientError) as caught:
        workspace.replay(await plan_of(workspace, setup))
    assert sentence in describe_error(caught.value)


async def test_everything_batches_and_folders_can_be_chosen(workspace: Workspace) -> None:
    """What is chosen can be planned as it stands."""
    items = choices(workspace.library)
    assert [item.id for item in items] == [".", "batch:nightly", "'a folder/'"]
    for item in items:
        assert (await plan_of(workspace, Setup(item.id))).steps


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("batch:nightly", "nightly"),
        ("batch:shop:nightly", "shop:nightly"),
        ("batches/nightly", "nightly"),
        ("shop:batches/nightly", "shop:nightly"),
        ("users/list", None),
        ("users/batches/x", None),
    ],
)
def test_a_batch_is_named_in_either_way(target: str, name: str | None) -> None:
    """As on the command line, and as the list does."""
    assert batch_name(target) == name
