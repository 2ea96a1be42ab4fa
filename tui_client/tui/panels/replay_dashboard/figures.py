"""The figures of a run as lines of text: rate, latency, thresholds; pure."""

from __future__ import annotations

from typing import Final

import msgspec
from textual.content import Content

from tui_client.replay.journal.header import Ended
from tui_client.replay.summary import Summary
from tui_client.replay.thresholds import actual_words, threshold_words
from tui_client.text import format_count, safe_line

_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_LEVELS: Final = len(_BLOCKS)
# A generator that does next to nothing is nobody's concern.
_LEAST_CPU: Final = 0.005


class RunView(msgspec.Struct, frozen=True):
    """What the dashboard shows of a run: its figures, and what its controls say.

    state: "ready", "running", "held", "paused", "stopping", "stopped", "interrupted", "done" or "elsewhere": in another
    process. title, environment: of its plan. ended: why it ended; NOT while it runs, or when it died.
    """

    summary: Summary = Summary(run="")
    state: str = "ready"
    in_flight: int = 0
    concurrency: int = 1
    title: str = ""
    environment: str = ""
    ended: Ended = Ended.NOT

    @property
    def goes(self) -> bool:
        """Whether steps may still be sent."""
        return self.state in ("running", "held", "paused", "stopping")


def spark(counts: tuple[int, ...], width: int) -> str:
    """The last `width` counts as a line of blocks; a zero is a gap."""
    return columns(counts[-width:] if width > 0 else (), 1)[0]


def columns(counts: tuple[int, ...], height: int) -> tuple[str, ...]:
    """The counts as columns of blocks, so many lines high, the top line first; a zero is a gap."""
    top = max(counts, default=0)
    levels = [0 if not n else min(_LEVELS * height, n * _LEVELS * height // (top + 1) + 1) for n in counts]
    return tuple(
        "".join(_block(level - line * _LEVELS) for level in levels).rstrip() if line else _lowest(levels)
        for line in range(height - 1, -1, -1)
    )


def _lowest(levels: list[int]) -> str:
    return "".join(map(_block, levels))


def _block(level: int) -> str:
    return " " if level <= 0 else _BLOCKS[min(level, _LEVELS) - 1]


def stretched(counts: tuple[int, ...], width: int) -> tuple[int, ...]:
    """The counts repeated, as often as all of them fit."""
    times = max(1, width // len(counts)) if counts else 1
    return tuple(count for count in counts for _ in range(times))


def milliseconds(value: float) -> str:
    """Short, for figures in a row: "0.4", "12.5", "1,204"."""
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def rate_title(view: RunView) -> str:
    """Steps a second, of late while it runs, and what the plan wants: "Rate 48.9/s of 50"."""
    summary = view.summary
    if view.state == "ready":
        return "Rate"
    recent = summary.recent_per_second if view.state == "running" else None
    rate = summary.requests_per_second if recent is None else recent
    target = "" if summary.target_rate is None else f" of {summary.target_rate:,.4g}"
    return f"Rate {rate:,.1f}/s{target}"


def rate_counts(view: RunView) -> tuple[int, ...]:
    """Steps in each of the last seconds."""
    rates = view.summary.rates
    # The second that is under way would always look like a fall.
    return rates[:-1] if view.state == "running" and len(rates) > 1 else rates


def flight_text(view: RunView) -> str:
    """What is in flight; retries once there are some."""
    if view.state == "ready":
        return ""
    retried = f" · retried {format_count(view.summary.retried)}" if view.summary.retried else ""
    workers = "" if view.summary.workers is None else f" · {safe_line(view.summary.workers.words)}"
    return f"in flight {view.in_flight} of {view.concurrency}{workers}{retried}"


def latency_text(summary: Summary, width: int) -> str:
    """As many of the percentiles as there is room for; median and longest stay to the last."""
    latency = summary.latency
    figures = {name: getattr(latency, name) for name in ("p50", "p90", "p95", "p99", "max")}
    texts = {name: f"{name} {milliseconds(value)}" for name, value in figures.items() if value is not None}
    for less in ("p95", "p90", "p99"):
        if len("  ".join(texts.values())) > width:
            texts.pop(less, None)
    return "  ".join(texts.values())


def latency_range(summary: Summary) -> str:
    """From where to where the histogram goes."""
    if not summary.bars:
        return ""
    return f"{milliseconds(summary.bars[0][0])} … {milliseconds(summary.bars[-1][0])} ms"


def load_text(summary: Summary) -> Content:
    """Latency from the scheduled start where there is one, and whether the generator was the limit."""
    parts = []
    if summary.scheduled is not None and summary.scheduled.p99 is not None:
        parts.append(Content(f"scheduled p99 {milliseconds(summary.scheduled.p99)}"))
    load = summary.generator
    if load.saturated:
        text = f"⚠ generator at its limit: CPU {load.cpu * 100:.0f} %, lag {load.lag_ms:.0f} ms"
        parts.insert(0, Content(text).stylize("$text-warning"))
    elif load.cpu > _LEAST_CPU:
        parts.append(Content(f"generator at {load.cpu * 100:.0f} %"))
    return Content(" · ").join(parts)


def threshold_line(summary: Summary) -> Content:
    """Each threshold with a sign and what was measured: "✓ p95 latency < 300 ms: 212 ms"; broken ones first."""
    verdicts = sorted(summary.thresholds, key=lambda one: one.passed)
    parts = []
    for one in verdicts:
        text = safe_line(f"{threshold_words(one.threshold)}: {actual_words(one)}")
        # Before the first step nothing is broken yet.
        unknown = one.actual is None and not summary.done
        sign, style = (
            ("·", "$text-muted") if unknown else ("✓", "$text-success") if one.passed else ("✗", "$text-error")
        )
        parts.append(Content(f"{sign} {text}").stylize(style))
    return Content("   ").join(parts)
