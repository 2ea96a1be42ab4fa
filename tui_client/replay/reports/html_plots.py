"""The plots of a run as inline SVG: pure functions from folded figures to text."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import pairwise
from typing import Final

from tui_client.replay.reports import html_axes as axes
from tui_client.replay.reports.html_axes import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Scale
from tui_client.replay.reports.html_fold import Bucket, Cells, Timeline, cell_end
from tui_client.replay.tally import Latency
from tui_client.text import format_count, format_duration_ms

_BARS: Final = 48
_LEAST_CELLS: Final = 24
_OUTLIER: Final = 8  # times the usual latency
_LABEL_UNITS: Final = 34  # what a percentile's name needs beside the next one


def _svg(name: str, title: str, body: str) -> str:
    return (
        f'<svg id="plot-{name}" class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{body}</svg>"
    )


def _titled(mark: str, title: str) -> str:
    return f"<g>{mark}<title>{escape(title)}</title></g>"


def _path(name: str, points: Iterable[tuple[int, float, float]]) -> str:
    """A line through (place, x, y), broken where places are missing."""
    parts: list[str] = []
    last = -2
    for place, x, y in points:
        # A line of no length, which round caps make a dot: a point between two gaps is seen.
        parts.append(f"L{x} {y}" if place == last + 1 else f"M{x} {y}h0")
        last = place
    return f'<path class="line {name}" d="{"".join(parts)}"/>' if parts else ""


def _times(timeline: Timeline) -> Scale:
    return Scale(0, max(len(timeline), 1) * timeline.width_s, LEFT, RIGHT)


def _stretch(timeline: Timeline, place: int) -> str:
    start, end = place * timeline.width_s, (place + 1) * timeline.width_s
    return f"{axes.moment(start)} to {axes.moment(end)}"


def latency_plot(timeline: Timeline) -> str:
    """p50, p95 and the maximum over time; "" where nothing got a reply."""
    buckets = [(place, bucket) for place, bucket in timeline.buckets() if bucket.latency.count]
    if not buckets:
        return ""
    figures = [(place, *_percentiles(bucket.latency), bucket) for place, bucket in buckets]
    values = sorted(figure[1] for figure in figures)
    highest = max(figure[3] for figure in figures)
    y = _latency_scale(values[0], values[len(values) // 2], highest)
    ticks = axes.log_ticks(y.low, y.high) if y.log else axes.linear_ticks(highest)
    x = _times(timeline)
    middles = {figure[0]: x((figure[0] + 0.5) * timeline.width_s) for figure in figures}
    body = [axes.y_axis(y, ticks, axes.duration), axes.x_axis(x, axes.time_ticks(x.high), axes.moment)]
    dots = "".join(f"M{middles[place]} {y(top)}h0" for place, _, _, top, _ in figures)
    body.append(_path("p95", ((place, middles[place], y(p95)) for place, _, p95, _, _ in figures)))
    body.append(_path("p50", ((place, middles[place], y(p50)) for place, p50, _, _, _ in figures)))
    body.append(f'<path class="line max" d="{dots}"/>')
    for place, p50, p95, top, bucket in figures:
        words = f"p50 {format_duration_ms(p50)}, p95 {format_duration_ms(p95)}, max {format_duration_ms(top)}"
        title = f"{_stretch(timeline, place)}: {words}, {format_count(bucket.latency.count)} replies"
        body.append(_titled(_hover(x, timeline, place), title))
    scale = "logarithmic scale" if y.log else "linear scale"
    return _svg("latency", f"Latency over time, up to {format_duration_ms(highest)}, {scale}", "".join(body))


def _percentiles(cells: Cells) -> tuple[float, float, float]:
    return cells.percentile(0.5), cells.percentile(0.95), cells.max_ms


def _latency_scale(lowest: float, usual: float, highest: float) -> Scale:
    # One reply that took long would press all others onto the base line.
    if highest > _OUTLIER * usual > 0:
        return Scale(max(lowest * 0.7, 0.01), highest * 1.1, BOTTOM, TOP, log=True)
    return Scale(0, axes.linear_ticks(highest)[-1], BOTTOM, TOP)


def _hover(x: Scale, timeline: Timeline, place: int) -> str:
    left, right = x(place * timeline.width_s), x((place + 1) * timeline.width_s)
    return axes.rect("hover", left, TOP, right - left, BOTTOM - TOP)


def rate_plot(timeline: Timeline) -> str:
    """Steps a second over time, what failed and what erred on top; "" where nothing was done."""
    buckets = [*timeline.buckets()]
    if not buckets:
        return ""
    highest = max(bucket.done for _, bucket in buckets) / timeline.width_s
    ticks = axes.linear_ticks(highest)
    x, y = _times(timeline), Scale(0, ticks[-1], BOTTOM, TOP)
    body = [axes.y_axis(y, ticks, axes.count), axes.x_axis(x, axes.time_ticks(x.high), axes.moment)]
    for place, bucket in buckets:
        title = f"{_stretch(timeline, place)}: {axes.count(bucket.done / timeline.width_s)} a second"
        title += f"; {format_count(bucket.passed)} passed, {format_count(bucket.failed)} failed"
        body.append(_titled(_stack(x, y, timeline, place, bucket), f"{title}, {format_count(bucket.errors)} errors"))
    return _svg("rate", f"Steps a second over time, up to {axes.count(highest)}", "".join(body))


def _stack(x: Scale, y: Scale, timeline: Timeline, place: int, bucket: Bucket) -> str:
    left, right = x(place * timeline.width_s), x((place + 1) * timeline.width_s)
    width = right - left - min(1.0, (right - left) * 0.25)
    marks: list[str] = []
    below = 0.0
    for name, steps in (("passed", bucket.passed), ("failed", bucket.failed), ("errors", bucket.errors)):
        above = below + steps / timeline.width_s
        top, bottom = y(above), y(below)
        if steps:
            # What failed is never too little to be seen.
            height = max(bottom - top, 0.5 if name == "passed" else 2.0)
            marks.append(axes.rect(f"bar {name}", left, top, width, height))
        below = above
    return "".join(marks)


def histogram_plot(service: Cells, scheduled: Cells, latency: Latency) -> str:
    """How many replies took how long, on a log axis, with the percentiles marked; "" without replies."""
    spans = [span for span in (service.span(), scheduled.span()) if span is not None]
    if not spans:
        return ""
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    missing = max(0, _LEAST_CELLS - (last - first + 1))
    first, last = max(0, first - missing // 2), last + missing - missing // 2
    wide = -(-(last - first + 1) // _BARS)
    edges = [*range(first, last + 1, wide)]
    bars, outline = _grouped(service, edges, wide), _grouped(scheduled, edges, wide)
    ticks = axes.linear_ticks(max(*bars, *outline, 1))
    x = Scale(cell_end(edges[0] - 1), cell_end(edges[-1] + wide - 1), LEFT, RIGHT, log=True)
    y = Scale(0, ticks[-1], BOTTOM, TOP + 12)
    ends = [x(cell_end(edge - 1)) for edge in (*edges, edges[-1] + wide)]
    body = [axes.y_axis(y, ticks, axes.count), axes.x_axis(x, axes.log_ticks(x.low, x.high), axes.duration)]
    for place, (left, right) in enumerate(pairwise(ends)):
        if bars[place] or outline[place]:
            top = y(bars[place])
            mark = axes.rect("bar passed", left, top, right - left - 1, BOTTOM - top)
            hover = axes.rect("hover", left, TOP, right - left, BOTTOM - TOP)
            body.append(_titled(mark + hover, _bar_title(edges[place], wide, bars[place], outline[place], scheduled)))
    if scheduled.count:
        body.append(_steps_line(ends, [y(count) for count in outline]))
    body.append(_percentile_marks(x, latency))
    return _svg("histogram", "Histogram of the latency, logarithmic scale", "".join(body))


def _grouped(cells: Cells, edges: list[int], wide: int) -> list[int]:
    return [sum(cells.counts[edge : edge + wide]) for edge in edges]


def _bar_title(edge: int, wide: int, service: int, scheduled: int, all_scheduled: Cells) -> str:
    low, high = format_duration_ms(cell_end(edge - 1)), format_duration_ms(cell_end(edge + wide - 1))
    more = f"; from the scheduled start {format_count(scheduled)}" if all_scheduled.count else ""
    return f"{low} to {high}: {format_count(service)} replies{more}"


def _steps_line(ends: list[float], tops: list[float]) -> str:
    parts = [f"M{ends[0]} {BOTTOM}"]
    for (_, right), top in zip(pairwise(ends), tops, strict=True):
        parts.append(f"V{top}H{right}")
    return f'<path class="line scheduled" d="{"".join(parts)}V{BOTTOM}"/>'


def _percentile_marks(x: Scale, latency: Latency) -> str:
    parts: list[str] = []
    last = -100.0
    for name, value in (("p50", latency.p50), ("p95", latency.p95), ("p99", latency.p99)):
        if value is None or not x.low <= value <= x.high:
            continue
        at = x(value)
        mark = f'<line class="mark" x1="{at}" x2="{at}" y1="{TOP}" y2="{BOTTOM}"/>'
        if at - last >= _LABEL_UNITS:
            mark += f'<text class="mark-name" x="{at}" y="{TOP - 4}" text-anchor="middle">{name}</text>'
            last = at
        parts.append(_titled(mark, f"{name}: {format_duration_ms(value)}"))
    return "".join(parts)
