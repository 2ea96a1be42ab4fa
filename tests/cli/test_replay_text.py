"""The lines of a replay."""

from __future__ import annotations

from tui_client.cli.replay_text import failure_line, progress_line, summary_lines
from tui_client.errors import Failure, FailureKind
from tui_client.model.step import Errored, Skipped, StepId, StepResult
from tui_client.replay.report import Latency, Summary


def test_progress_counts_and_foretells() -> None:
    """Done of planned, rate, what went wrong, time left."""
    summary = Summary(run="r", planned=10_000, done=2_500, passed=2_490, failed=7, errors=3, seconds=5.0)
    assert progress_line(summary) == "2,500 / 10,000 · 500/s · 7 failed · 3 errors · ETA 15.0 s"


def test_progress_without_a_known_end_says_so() -> None:
    """No invented time left while the rows are still being counted."""
    assert progress_line(Summary(run="r", done=5, passed=5, seconds=1.0)) == "5 / … · 5/s"


def test_a_failure_names_row_step_and_reason() -> None:
    """One line leads to the row in the data file."""
    failure = Failure(FailureKind.CONNECT_REFUSED, "127.0.0.1:9")
    result = StepResult(StepId(118, 0, 2, "users/create"), Errored(failure), 1.0, "POST http://127.0.0.1:9/users")
    line = failure_line(result)
    assert line.startswith("row 118  users/create  POST http://127.0.0.1:9/users  connect.refused: Could not connect")
    assert failure_line(StepResult(StepId(0, 4, -1, "login"), Skipped("a"), 0.0, "login")) == (
        "iteration 5  setup  login  login  Not sent: a did not pass before it."
    )


def test_the_summary_shows_what_there_is() -> None:
    """Figures with units; nothing about latency when nothing answered."""
    lines = list(summary_lines(Summary(run="r", planned=5, done=3, errors=3, skipped=2, seconds=0.5, interrupted=True)))
    assert lines[0] == "3 of 5 done: 0 passed, 0 failed, 3 errors, 2 skipped"
    assert not any(line.startswith("latency") for line in lines)
    assert lines[-1].startswith("Interrupted")
    latency = Latency(1.0, 2.0, 3.0, 4.0, 5.0)
    lines = list(summary_lines(Summary(run="r", planned=1, done=1, passed=1, seconds=0.5, latency=latency)))
    assert "latency p50 1.00 ms, p90 2.00 ms, p95 3.00 ms, p99 4.00 ms, max 5.00 ms" in lines
