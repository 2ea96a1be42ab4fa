"""The figures of a run as lines."""

from __future__ import annotations

import msgspec
import pytest

from tui_client.replay.generator import Load
from tui_client.replay.summary import Summary
from tui_client.replay.tally import Latency
from tui_client.replay.thresholds import Verdict
from tui_client.storage.batch import Threshold
from tui_client.tui.panels.replay_dashboard.figures import (
    RunView,
    columns,
    flight_text,
    latency_range,
    latency_text,
    load_text,
    milliseconds,
    rate_counts,
    rate_title,
    spark,
    stretched,
    threshold_line,
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


@pytest.mark.parametrize("height", [1, 2, 4])
def test_columns_are_as_high_as_there_is_room(height: int) -> None:
    """The highest reaches the top line, the lowest that is not zero the first block."""
    lines = columns((1, 0, 1000), height)
    assert len(lines) == height
    assert lines[0].endswith("█")
    assert lines[-1] == "▁ █"
    assert columns((), height) == ("",) * height


def test_the_rate_leaves_out_the_second_that_is_under_way() -> None:
    """It would look like a fall."""
    assert rate_counts(RunView(RUNNING, "running", 16, 32)) == (10, 50, 50)
    assert rate_counts(RunView(RUNNING, "done", 0, 32)) == (10, 50, 50, 7)


def test_the_rate_is_that_of_late_beside_the_one_that_is_wanted() -> None:
    """Afterwards that of the whole run."""
    paced = msgspec.structs.replace(RUNNING, recent_per_second=48.94, target_rate=50.0)
    assert rate_title(RunView(paced, "running")) == "Rate 48.9/s of 50"
    assert rate_title(RunView(paced, "done")) == "Rate 50.0/s of 50"
    assert rate_title(RunView(RUNNING, "done")) == "Rate 50.0/s"
    assert (rate_title(RunView()), flight_text(RunView())) == ("Rate", "")


def test_what_is_in_flight_stands_below_the_rate() -> None:
    """Retries are named once there are some."""
    assert flight_text(RunView(RUNNING, "running", 16, 32)) == "in flight 16 of 32"
    retried = RunView(Summary(run="", retried=1200), "running", 1, 2)
    assert flight_text(retried) == "in flight 1 of 2 · retried 1,200"


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
    assert latency_text(RUNNING, width) == line


def test_without_a_reply_there_is_no_latency() -> None:
    """Nor a range of it."""
    assert latency_text(Summary(run=""), 40) == ""
    assert latency_range(Summary(run="")) == ""
    assert latency_range(RUNNING) == "1.5 … 960 ms"


def test_the_generator_is_named_where_it_was_the_limit() -> None:
    """First, with what it had to do; a generator at rest says nothing."""
    busy = Summary(run="", scheduled=Latency(p99=210.0), generator=Load(0.34, 2.0))
    assert load_text(busy).plain == "scheduled p99 210 · generator at 34 %"
    full = msgspec.structs.replace(busy, generator=Load(0.95, 64.0, saturated=True))
    assert load_text(full).plain == "⚠ generator at its limit: CPU 95 %, lag 64 ms · scheduled p99 210"
    assert load_text(Summary(run="")).plain == ""


def test_broken_thresholds_come_first_with_what_was_measured() -> None:
    """Each with a sign; before the first step none is broken."""
    fast, few = (
        Threshold(metric="latency", agg="p95", op="<", value=300.0),
        Threshold(metric="failures", op="<", value=0.01),
    )
    verdicts = (Verdict(fast, 212.0, True), Verdict(few, 0.012, False))
    line = threshold_line(Summary(run="", done=5, thresholds=verdicts)).plain
    assert line == "✗ failures < 1 %: 1.2 %   ✓ p95 latency < 300 ms: 212 ms"
    unknown = Summary(run="", thresholds=(Verdict(fast, None, False),))
    assert threshold_line(unknown).plain == "· p95 latency < 300 ms: nothing was measured"


@pytest.mark.parametrize(("value", "text"), [(0.04, "0.0"), (12.34, "12.3"), (99.94, "99.9"), (1203.7, "1,204")])
def test_milliseconds_are_short(value: float, text: str) -> None:
    """For figures in a row."""
    assert milliseconds(value) == text
