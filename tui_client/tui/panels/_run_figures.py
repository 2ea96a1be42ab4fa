"""The figures of a run as lines of text: progress, rate, latency, outcome; pure."""

from __future__ import annotations

from typing import Final

import msgspec
from textual.content import Content

from tui_client.replay.report import Summary
from tui_client.text import format_count, format_duration_ms, safe_line

_BLOCKS: Final = "▁▂▃▄▅▆▇█"


class RunView(msgspec.Struct, frozen=True):
    """What the dashboard shows of a run: its figures, and what its controls say.

    state: "ready", "running", "paused", "stopping", "stopped" or "done".
    """

    summary: Summary = Summary(run="")
    state: str = "ready"
    in_flight: int = 0
    concurrency: int = 1


def spark(counts: tuple[int, ...], width: int) -> str:
    """The last `width` counts as a line of blocks; a zero is a gap."""
    shown = counts[-width:] if width > 0 else ()
    top = max(shown, default=0)
    return "".join(" " if not n else _BLOCKS[min(7, n * 8 // (top + 1))] for n in shown)


def stretched(counts: tuple[int, ...], width: int) -> tuple[int, ...]:
    """The counts repeated, as often as all of them fit."""
    times = max(1, width // len(counts)) if counts else 1
    return tuple(count for count in counts for _ in range(times))


def milliseconds(value: float) -> str:
    """Short, for figures in a row: "0.4", "12.5", "1,204"."""
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def progress(view: RunView, width: int) -> Content:
    """State, count, bar, share and the time that is left, in one line."""
    summary = view.summary
    seen = summary.done + summary.skipped
    if view.state == "ready":
        line = Content("Nothing was replayed yet. Say what to replay above; Start or ^r begins.").stylize(
            "$foreground 60%"
        )
    elif summary.planned is None:
        took = format_duration_ms(summary.seconds * 1000)
        counting = "" if view.state in ("done", "stopped") else "; the rows are being counted"
        line = _state(view) + Content(f"  {format_count(seen)} done in {took}{counting}")
    else:
        line = _bar(view, seen, summary.planned, width)
    return line.truncate(width, ellipsis=True)


def _bar(view: RunView, seen: int, planned: int, width: int) -> Content:
    summary = view.summary
    share = min(1.0, seen / planned) if planned else 1.0
    left = f"ETA {format_duration_ms(summary.eta_s * 1000)}" if view.state == "running" and summary.eta_s else ""
    head = _state(view) + Content(f"  {format_count(seen)} / {format_count(planned)}  ")
    tail = f"  {int(share * 100)} %   {left or format_duration_ms(summary.seconds * 1000)}"
    room = max(5, width - head.cell_length - len(tail))
    filled = int(share * room)
    bar = Content("━" * filled).stylize("$text-primary") + Content("─" * (room - filled)).stylize("$foreground 60%")
    return head + bar + Content(tail)


def _state(view: RunView) -> Content:
    summary = view.summary
    bad = bool(summary.failed or summary.errors or summary.skipped)
    match view.state:
        case "running":
            return Content("▶ running").stylize("$text-primary")
        case "done":
            return Content("✗ done").stylize("$text-error") if bad else Content("✓ done").stylize("$text-success")
        case "paused":
            return Content("‖ paused").stylize("$text-warning")
        case state:
            return Content(f"■ {state}").stylize("$text-warning")


def rate_lines(view: RunView, width: int) -> tuple[Content, Content]:
    """Steps a second over the last minute; what is in flight."""
    rates = view.summary.rates
    # The second that is under way would always look like a fall.
    whole = rates[:-1] if view.state == "running" and len(rates) > 1 else rates
    retried = f" · retried {format_count(view.summary.retried)}" if view.summary.retried else ""
    line = f"in flight {view.in_flight} of {view.concurrency}{retried}"
    return Content(spark(whole, width)).stylize("$text-primary"), Content(line)


def latency_lines(summary: Summary, width: int) -> tuple[Content, Content]:
    """The histogram, and as many of the percentiles as there is room for."""
    bars = stretched(tuple(count for _, count in summary.bars), width)
    latency = summary.latency
    figures = {name: getattr(latency, name) for name in ("p50", "p90", "p95", "p99", "max")}
    texts = {name: f"{name} {milliseconds(value)}" for name, value in figures.items() if value is not None}
    for less in ("p95", "p90", "p99"):
        if len("  ".join(texts.values())) > width:
            texts.pop(less, None)
    return Content(spark(bars, width)).stylize("$text-accent"), Content("  ".join(texts.values()))


def latency_range(summary: Summary) -> str:
    """From where to where the histogram goes."""
    if not summary.bars:
        return ""
    return f"{milliseconds(summary.bars[0][0])} … {milliseconds(summary.bars[-1][0])} ms"


def outcome_lines(summary: Summary, width: int) -> tuple[Content, Content]:
    """Counts with a sign each; then statuses and errors by kind. Short words where there is little room."""
    counts = _counts(summary, ("✓ passed ", "✗ failed ", "⚠ errors ", "– skipped "))
    if counts.cell_length > width:
        counts = _counts(summary, ("✓ ", "✗ ", "⚠ ", "– "))
    statuses = [f"{status} ×{format_count(count)}" for status, count in summary.by_status.items()]
    errors = [f"{kind} ×{format_count(count)}" for kind, count in summary.by_error.items()]
    return counts, Content(safe_line("   ".join((*statuses, *errors))))


def _counts(summary: Summary, words: tuple[str, str, str, str]) -> Content:
    counts = (summary.passed, summary.failed, summary.errors, summary.skipped)
    styles = ("$text-success", "$text-error", "$text-warning", "$foreground 60%")
    parts = [
        Content(f"{word}{format_count(count)}").stylize(style if count else "$foreground 60%")
        for word, count, style in zip(words, counts, styles, strict=True)
    ]
    more = {"in doubt": summary.in_doubt, "dropped": summary.dropped}
    parts += [Content(f"? {word} {format_count(n)}").stylize("$text-warning") for word, n in more.items() if n]
    return Content("  ").join(parts)
