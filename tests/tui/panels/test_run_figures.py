"""The figures of a run as lines."""

from __future__ import annotations

import pytest

from tui_client.replay.report import Latency, Summary
from tui_client.tui.panels._run_figures import (
    RunView,
    latency_lines,
    latency_range,
    milliseconds,
    outcome_lines,
    progress,
    rate_lines,
    spark,
    stretched,
)

RUNNING = Summary(
    run="r",
    planned=10_000,
    done=3214,
    passed=3180,
    failed=21,
    errors=13,
    seconds=64.28,
    latency=Latency(p50=12.0, p90=40.0, p95=61.5, p99=180.0, max=960.0),
    by_status={200: 3180, 500: 21},
    by_error={"timeout.read": 13},
    rates=(10, 50, 50, 7),
    bars=((1.5, 4), (12.0, 8), (960.0, 1)),
)


@pytest.mark.parametrize(
    ("counts", "width", "line"),
    [((), 10, ""), ((0, 1), 10, " ▅"), ((1, 2, 3, 4), 2, "▅▇"), ((5,), 0, ""), ((0, 0), 5, "  "), ((1000, 1), 5, "█▁")],
)
def test_a_spark_line_shows_the_last_counts(counts: tuple[int, ...], width: int, line: str) -> None:
    """A zero is a gap, everything else at least the lowest block."""
    assert spark(counts, width) == line


def test_bars_are_stretched_to_the_room_there_is() -> None:
    """All of them, equally wide."""
    assert stretched((1, 2), 5) == (1, 1, 2, 2)
    assert stretched((1, 2, 3), 2) == (1, 2, 3)
    assert stretched((), 5) == ()


@pytest.mark.parametrize("width", [40, 80, 120, 158])
def test_the_progress_line_has_exactly_one_line(width: int) -> None:
    """State, count, bar, share and time, as wide as there is room."""
    line = progress(RunView(RUNNING, "running"), width)
    assert line.cell_length == width
    assert line.plain.startswith("▶ running  3,214 / 10,000  ━")
    assert "32 %" in line.plain or width < 80


def test_the_time_that_is_left_is_told_while_it_runs() -> None:
    """Afterwards the time it took."""
    assert progress(RunView(RUNNING, "running"), 100).plain.endswith("ETA 2:16")
    assert progress(RunView(RUNNING, "paused"), 100).plain.endswith("1:04")


@pytest.mark.parametrize(
    ("state", "summary", "head"),
    [
        ("ready", Summary(run=""), "Nothing was replayed yet."),
        ("running", Summary(run="", done=5, seconds=1), "▶ running  5 done in 1,000 ms; the rows are being counted"),
        ("stopped", Summary(run="", done=5, seconds=1), "■ stopped  5 done in 1,000 ms"),
        ("done", Summary(run="", planned=2, done=2, passed=2), "✓ done  2 / 2"),
        ("done", Summary(run="", planned=2, done=2, passed=1, failed=1), "✗ done  2 / 2"),
        ("done", Summary(run="", planned=2, done=1, errors=1, skipped=1), "✗ done  2 / 2"),
        ("stopping", Summary(run="", planned=2), "■ stopping  0 / 2"),
        ("paused", Summary(run="", planned=2), "‖ paused  0 / 2"),
    ],
)
def test_each_state_has_a_sign_of_its_own(state: str, summary: Summary, head: str) -> None:
    """Never colour alone."""
    assert progress(RunView(summary, state), 100).plain.startswith(head)


def test_a_run_of_zero_steps_shows_no_share_above_all() -> None:
    """And divides by nothing."""
    assert "100 %" in progress(RunView(Summary(run="", planned=0), "done"), 60).plain


def test_the_rate_leaves_out_the_second_that_is_under_way() -> None:
    """It would look like a fall."""
    assert rate_lines(RunView(RUNNING, "running", 16, 32), 20)[0].plain == "▂██"
    assert rate_lines(RunView(RUNNING, "done", 0, 32), 20)[0].plain == "▂██▂"


def test_what_is_in_flight_stands_below_the_rate() -> None:
    """Retries are named once there are some."""
    assert rate_lines(RunView(RUNNING, "running", 16, 32), 20)[1].plain == "in flight 16 of 32"
    retried = RunView(Summary(run="", retried=1200), "running", 1, 2)
    assert rate_lines(retried, 20)[1].plain == "in flight 1 of 2 · retried 1,200"


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (80, "p50 12.0  p90 40.0  p95 61.5  p99 180  max 960"),
        (40, "p50 12.0  p90 40.0  p99 180  max 960"),
        (30, "p50 12.0  p99 180  max 960"),
        (20, "p50 12.0  max 960"),
    ],
)
def test_there_are_as_many_percentiles_as_there_is_room(width: int, line: str) -> None:
    """Median and longest stay to the last."""
    assert latency_lines(RUNNING, width)[1].plain == line


def test_without_a_reply_there_is_no_latency() -> None:
    """Nor a range of it."""
    assert [line.plain for line in latency_lines(Summary(run=""), 40)] == ["", ""]
    assert latency_range(Summary(run="")) == ""
    assert latency_range(RUNNING) == "1.5 … 960 ms"


def test_outcomes_have_signs_and_words() -> None:
    """Signs alone where the words don't fit; then statuses and errors by kind."""
    wide, kinds = outcome_lines(RUNNING, 80)
    assert wide.plain == "✓ passed 3,180  ✗ failed 21  ⚠ errors 13  – skipped 0"
    assert outcome_lines(RUNNING, 40)[0].plain == "✓ 3,180  ✗ 21  ⚠ 13  – 0"
    assert kinds.plain == "200 ×3,180   500 ×21   timeout.read ×13"


def test_doubt_and_drops_are_told_only_where_there_are_some() -> None:
    """They need a word that nobody misses."""
    counts, _ = outcome_lines(Summary(run="", in_doubt=2, dropped=4), 120)
    assert counts.plain.endswith("? in doubt 2  ? dropped 4")


@pytest.mark.parametrize(("value", "text"), [(0.04, "0.0"), (12.34, "12.3"), (99.94, "99.9"), (1203.7, "1,204")])
def test_milliseconds_are_short(value: float, text: str) -> None:
    """For figures in a row."""
    assert milliseconds(value) == text
