"""The first line of the dashboard."""

from __future__ import annotations

import pytest

from tui_client.replay.journal.header import Ended
from tui_client.replay.summary import Summary
from tui_client.replay.thresholds import Verdict
from tui_client.storage.batch import Threshold
from tui_client.tui.panels.replay_dashboard.figures import RunView
from tui_client.tui.panels.replay_dashboard.progress import progress

RUNNING = Summary(run="r", planned=10_000, done=3214, passed=3180, failed=34, seconds=64.28)
BROKEN = (Verdict(Threshold(metric="latency", agg="p95", op="<", value=1.0), 2.0, False),)


def view(summary: Summary, state: str, **more: object) -> RunView:
    """A run named nightly."""
    return RunView(summary, state, title="nightly", environment="staging", **more)  # type: ignore[arg-type]  # of any kind


@pytest.mark.parametrize("width", [40, 80, 120, 158])
def test_the_progress_line_has_exactly_one_line(width: int) -> None:
    """Title, state, count, bar, share and time, as wide as there is room."""
    line = progress(view(RUNNING, "running"), width)
    assert line.cell_length == width
    assert line.plain.startswith("nightly")
    assert "▶ running  3,214 / 10,000  ━" in line.plain or width < 80
    assert "32 %" in line.plain or width < 80
    assert "staging" in line.plain or width < 80


def test_the_keys_stand_at_its_end_where_there_is_room() -> None:
    """Those that do something now."""
    assert progress(view(RUNNING, "running"), 140).plain.endswith("ETA 2:16   p pause  s stop  +/- pace")
    assert progress(view(RUNNING, "stopping"), 140).plain.endswith("s ends it at once")
    assert progress(view(RUNNING, "running"), 80).plain.endswith("ETA 2:16")
    assert progress(view(RUNNING, "paused"), 80).plain.endswith("1:04")


@pytest.mark.parametrize(
    ("state", "summary", "words"),
    [
        ("running", Summary(run="", done=5, seconds=1), "▶ running  5 done in 1,000 ms"),
        ("stopped", Summary(run="", done=5, seconds=1), "■ stopped  5 done in 1,000 ms"),
        ("done", Summary(run="", planned=2, done=2, passed=2), "✓ done  2 / 2"),
        ("done", Summary(run="", planned=2, done=2, passed=1, failed=1), "✗ done  2 / 2"),
        ("done", Summary(run="", planned=2, done=1, errors=1, skipped=1), "✗ done  2 / 2"),
        ("done", Summary(run="", planned=2, done=1, passed=1, dropped=1), "✗ done  2 / 2"),
        ("done", Summary(run="", planned=2, done=2, passed=2, thresholds=BROKEN), "✗ done  2 / 2"),
        ("stopping", Summary(run="", planned=2), "■ stopping  0 / 2"),
        ("paused", Summary(run="", planned=2), "‖ paused  0 / 2"),
        ("held", Summary(run="", planned=2), "‖ held  0 / 2"),
        ("interrupted", Summary(run="", planned=2), "■ interrupted  0 / 2"),
        ("elsewhere", Summary(run="", planned=2), "▶ running in another process  0 / 2"),
    ],
)
def test_each_state_has_a_sign_of_its_own(state: str, summary: Summary, words: str) -> None:
    """Never colour alone."""
    assert words in progress(view(summary, state), 140).plain


def test_why_a_run_ended_is_said() -> None:
    """Where its user did not end it."""
    line = progress(view(RUNNING, "stopped", ended=Ended.BAIL), 140).plain
    assert "■ stopped: at the first that did not pass" in line


def test_before_the_first_run_it_says_what_to_do() -> None:
    """Also where there is little room."""
    assert progress(RunView(), 78).plain == "Nothing was replayed yet. Start or ^r begins; Runs lists past ones."


def test_a_run_of_zero_steps_shows_no_share_above_all() -> None:
    """And divides by nothing."""
    assert "100 %" in progress(view(Summary(run="", planned=0), "done"), 80).plain


def test_a_hostile_title_is_shown_as_it_is() -> None:
    """No markup, no controls, one line."""
    line = progress(RunView(RUNNING, "running", title="[/b]\x1b[31m\n", environment="\u202ex"), 140).plain
    assert line.startswith("[/b]␛[31m")
    assert not set(line) & {"\x1b", "\n", "\u202e"}
