"""What the replay screen says of a run, and how its pace is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_client.model.step import StepResult
from tui_client.replay.execute import Run
from tui_client.replay.journal.header import RunInfo
from tui_client.replay.plan import MAX_CONCURRENCY, Plan, Shard, Stage
from tui_client.replay.summary import Summary
from tui_client.tui.screens._replay_view import (
    change_pace,
    ended_text,
    interrupted_text,
    live_view,
    progress_text,
    rate_of,
    share_text,
    title_of,
)
from tui_client.workspace import Workspace


class Nobody:
    """Nothing is asked for here."""

    async def ask(self, questions: object) -> dict[str, str]:
        return {}


@pytest.fixture
async def workspace(tmp_path: Path) -> object:
    """A collection of one request."""
    (tmp_path / "collection.toml").write_text("format = 1\n")
    (tmp_path / "ping.toml").write_text('url = "http://127.0.0.1:9/"\n')
    async with Workspace.open(tmp_path, asker=Nobody(), data_dir=tmp_path / "data") as opened:
        yield opened


def run_of(workspace: Workspace, **plan: object) -> Run:
    """A run that was not started."""
    return workspace.replay(Plan(steps=("ping",), title="batches/nightly", **plan), journalled=False)  # type: ignore[arg-type]  # any field


@pytest.mark.parametrize(
    ("now", "by", "then"), [(2, 1, 3), (40, 1, 44), (40, -1, 36), (1, -1, 1), (MAX_CONCURRENCY, 1, MAX_CONCURRENCY)]
)
async def test_without_a_rate_the_concurrency_changes(workspace: Workspace, now: int, by: int, then: int) -> None:
    """By a tenth, at least by one, within its limits."""
    run = run_of(workspace, concurrency=now)
    change_pace(run, by)
    assert (run.controls.concurrency, run.controls.rate) == (then, None)


@pytest.mark.parametrize(
    ("now", "by", "then"), [(50.0, 1, 55.0), (50.0, -1, 45.0), (4.0, -1, 3.0), (1.0, -1, 0.5), (0.5, 1, 1.5)]
)
async def test_a_rate_changes_in_its_place(workspace: Workspace, now: float, by: int, then: float) -> None:
    """And never becomes none."""
    run = run_of(workspace, rate=now, iterations=5)
    change_pace(run, by)
    assert (run.controls.concurrency, run.controls.rate) == (None, then)


async def test_the_rate_of_a_ramp_is_that_of_its_end(workspace: Workspace) -> None:
    """A ramp of the concurrency has none."""
    assert rate_of(run_of(workspace, stages=(Stage(1.0, rate=5.0), Stage(1.0, rate=9.0)))) == 9.0
    assert rate_of(run_of(workspace, stages=(Stage(1.0, concurrency=5),))) is None


async def test_the_rate_of_a_part_is_its_share(workspace: Workspace) -> None:
    """What is changed from here on is what this machine sends."""
    assert rate_of(run_of(workspace, rate=8.0, iterations=5, shard=Shard(1, 4))) == 2.0
    assert rate_of(run_of(workspace, stages=(Stage(1.0, rate=9.0),), shard=Shard(3, 3))) == 3.0


async def test_what_steers_a_run_shows_in_its_state(workspace: Workspace) -> None:
    """Stopping over a pause, a pause over a hold."""
    run = run_of(workspace, concurrency=3)
    controls = run.controls

    def state() -> str:
        return live_view(run, going=True).state

    assert state() == "running"
    controls.hold("journal", "No room.")
    assert state() == "held"
    controls.pause()
    assert state() == "paused"
    controls.stop()
    assert state() == "stopping"
    view = live_view(run, going=True)
    assert (view.title, view.concurrency) == ("nightly", 3)


async def test_a_run_that_came_to_its_end_is_done(workspace: Workspace) -> None:
    """Whatever came of its steps."""
    run = run_of(workspace)
    found: list[StepResult] = [result async for result in run.results()]
    assert len(found) == 1
    assert live_view(run, going=False).state == "done"


def test_short_words_for_the_line_of_the_workbench() -> None:
    """How far it is, and how it ended."""
    assert share_text(Summary(run="", planned=10_000, done=4_200, dropped=100)) == "replay 43 %"
    assert share_text(Summary(run="", done=4_200)) == "replay 4,200"
    assert progress_text(Summary(run="", planned=10_000, done=3_214)) == "3,214 of 10,000 done"
    assert ended_text(Summary(run="", planned=2, done=2, passed=2)) == "replay ended"
    assert ended_text(Summary(run="", failed=1, errors=2, skipped=3)) == "replay ended, 6 did not pass"


def test_a_run_that_was_cut_off_says_how_to_go_on() -> None:
    """Its title is shown as it is."""
    info = RunInfo(run="r", state="interrupted", title="\x1b[31m", planned=10, done=2, in_doubt=1)
    text = interrupted_text(info, "r")
    assert text.startswith("The last replay, ␛[31m, was interrupted: 2 of 10 done, 1 in doubt.")
    assert text.endswith("r resumes it.")
    assert (title_of("batches/nightly"), title_of("users/*"), title_of("")) == ("nightly", "users/*", "Replay")
