"""The workers of a run on the dashboard."""

from __future__ import annotations

from tui_client.replay.generator import Load
from tui_client.replay.summary import Summary, to_json
from tui_client.replay.tally import Group
from tui_client.replay.workers import WorkerFigures, Workers, heaviest
from tui_client.tui.panels.replay_dashboard.figures import RunView, flight_text
from tui_client.tui.panels.replay_dashboard.groups import WORKER, GroupRows
from tui_client.tui.widgets.outline import RowState

BUSY = Load(cpu=0.97, lag_ms=80.0, saturated=True, advice="slower")
LIVING = (
    WorkerFigures(name="tcp://10.0.0.7:41233", share=32, rate=480.4, in_flight=16, done=3214, load=Load(cpu=0.25)),
    WorkerFigures(name="evil\x1b[31m", share=32, load=BUSY),
)
SUMMARY = Summary(run="r", by_request=(Group(name="users/list"),), workers=Workers(living=LIVING, lost=1))


def test_each_worker_has_a_row_before_the_requests() -> None:
    """What it did, how fast it is, what it has in flight; its name is another machine's word."""
    rows = GroupRows(SUMMARY)
    words = "worker tcp://10.0.0.7:41233 3,214 done 480/s 16 of 32 in flight CPU 25 %"
    assert rows[0].label.split() == words.split()
    assert rows[0].id.startswith(WORKER) and rows[0].state is RowState.LEAF
    assert rows[1].label.startswith("worker evil␛[31m")
    assert rows[2].label.startswith("users/list")


def test_why_a_worker_may_not_take_part_is_said() -> None:
    """Below those that do."""
    workers = Workers(living=LIVING[:1], refused=("The worker a has\x1b[31m tui-client 0.",))
    rows = GroupRows(Summary(run="r", workers=workers))
    assert [rows[at].label for at in range(1, len(rows))] == ["The worker a has␛[31m tui-client 0."]
    assert rows[1].state is RowState.FAILED


def test_how_many_there_are_and_were() -> None:
    """Beside what is in flight."""
    assert flight_text(RunView(SUMMARY, "running", 16, 64)) == "in flight 16 of 64 · 2 workers, 1 lost"
    alone = Workers(living=LIVING[:1], refused=("The worker a has tui-client 0.",))
    assert alone.words == "1 worker, 1 refused"


def test_the_busiest_process_is_the_generator() -> None:
    """A worker at its limit spoils the figures as this process would."""
    assert heaviest(Load(cpu=0.1), SUMMARY.workers) == BUSY
    assert heaviest(Load(cpu=0.1), None) == Load(cpu=0.1)


def test_the_json_is_that_of_one_process() -> None:
    """Whoever reads it need not know where the run was done."""
    assert to_json(SUMMARY) == to_json(Summary(run="r", by_request=SUMMARY.by_request))
