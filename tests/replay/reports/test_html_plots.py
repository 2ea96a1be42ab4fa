"""Plots as SVG."""

from __future__ import annotations

import msgspec
from lxml import etree
from made_run import MadeRun

from tui_client.replay.report import Latency
from tui_client.replay.reports.html_fold import Fold
from tui_client.replay.reports.html_plots import histogram_plot, latency_plot, rate_plot


def folded(run: MadeRun) -> Fold:
    fold = Fold(run.summary.seconds, run.summary.done)
    for record in run.records():
        fold.add(record)
    return fold


def marks(svg: str, kind: str) -> list[etree._Element]:
    found = etree.fromstring(svg).xpath(f"//*[contains(concat(' ', @class, ' '), ' {kind} ')]")
    assert isinstance(found, list)
    return [one for one in found if isinstance(one, etree._Element)]


def test_latency_has_a_line_a_percentile_and_a_title_a_bucket() -> None:
    """Pointing anywhere at the plot tells the figures of that moment."""
    fold = folded(MadeRun(600))
    svg = latency_plot(fold.timeline)
    buckets = [bucket for _, bucket in fold.timeline.buckets() if bucket.latency.count]
    for kind in ("p50", "p95", "max"):
        assert len(marks(svg, kind)) == 1
    hovers = marks(svg, "hover")
    assert len(hovers) == len(buckets) > 10
    assert all("p95" in (hover.getparent().findtext("title") or "") for hover in hovers)  # type: ignore[union-attr]


def test_a_gap_breaks_the_line() -> None:
    """Where nothing was measured nothing is drawn."""
    fold = Fold(100, 1000)
    for record in MadeRun(100).records():
        fold.timeline.add(record)
        fold.timeline.add(msgspec.structs.replace(record, finished_s=90, status=200, service_ms=1.0))
    (line,) = marks(latency_plot(fold.timeline), "p50")
    assert line.get("d", "").count("M") == 2


def test_failures_stand_on_what_passed() -> None:
    """The bars of a moment add up to what was done then."""
    run = MadeRun(600)
    svg = rate_plot(folded(run).timeline)
    assert marks(svg, "passed")
    assert marks(svg, "failed")
    assert marks(svg, "errors")
    for bar in marks(svg, "bar"):
        assert float(bar.get("height", "")) > 0
        assert 0 <= float(bar.get("x", "")) <= 640


def test_the_histogram_shows_both_latencies_where_there_are_two() -> None:
    """Latency from the scheduled start is an outline over the bars."""
    for paced in (True, False):
        run = MadeRun(600, paced=paced)
        fold = folded(run)
        svg = histogram_plot(fold.service, fold.scheduled, run.summary.latency)
        assert len(marks(svg, "scheduled")) == int(paced)
        assert len(marks(svg, "mark")) == 3
        assert len(marks(svg, "bar")) > 10


def test_a_run_without_replies_has_no_plots() -> None:
    """No empty frames, and no division by nothing."""
    fold = Fold(0.0, 0)
    assert latency_plot(fold.timeline) == rate_plot(fold.timeline) == ""
    assert histogram_plot(fold.service, fold.scheduled, Latency()) == ""


def test_a_single_reply_is_drawn() -> None:
    """One reply is a dot and a bar, also one that took no time at all."""
    for record in MadeRun(1).records():
        for service_ms in (record.service_ms, 0.0, 3_600_000.0):
            fold = Fold(0.0, 1)
            fold.add(msgspec.structs.replace(record, finished_s=0.0, service_ms=service_ms))
            assert marks(latency_plot(fold.timeline), "p50")
            assert marks(histogram_plot(fold.service, fold.scheduled, Latency()), "bar")
