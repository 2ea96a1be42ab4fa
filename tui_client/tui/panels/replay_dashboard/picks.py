"""What narrows the rows of a run down: an outcome, a status, an error kind, a bar of the histogram, a request."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Final

import msgspec

from tui_client.replay.journal.filter import Filter
from tui_client.replay.record import OutcomeKind
from tui_client.replay.summary import Summary
from tui_client.text import format_count, safe_line
from tui_client.tui.panels.replay_dashboard.figures import milliseconds

# How many rows are listed at once; the others are for the reports.
MOST_LISTED: Final = 1000


class Picked(msgspec.Struct, frozen=True):
    """Which rows are wanted, and in words for titles: "status 500". The words are safe to print."""

    label: str
    where: Filter


class Entry(msgspec.Struct, frozen=True):
    """A count that can be chosen. style: a theme colour. picked: None for a count that stands in no column."""

    text: str
    style: str
    picked: Picked | None


def _of(label: str, *outcomes: OutcomeKind) -> Picked:
    return Picked(label, Filter(outcomes=outcomes))


NOT_PASSED: Final = _of("did not pass", *(kind for kind in OutcomeKind if kind is not OutcomeKind.PASSED))
_MUTED: Final = "$foreground 60%"
_OUTCOMES: Final = (
    ("✓", "passed", "$text-success", OutcomeKind.PASSED),
    ("✗", "failed", "$text-error", OutcomeKind.FAILED),
    ("⚠", "errors", "$text-warning", OutcomeKind.ERROR),
    ("–", "skipped", _MUTED, OutcomeKind.SKIPPED),
    ("?", "in doubt", "$text-warning", OutcomeKind.IN_DOUBT),
    ("↓", "dropped", "$text-warning", OutcomeKind.DROPPED),
)
# These are shown also while there are none.
_ALWAYS: Final = 3


def outcome_entries(summary: Summary, *, short: bool = False) -> tuple[Entry, ...]:
    """The counts of each outcome, those that are rare only where there are some; short: signs without words."""
    counts = (summary.passed, summary.failed, summary.errors, summary.skipped, summary.in_doubt, summary.dropped)
    entries = []
    for at, ((sign, word, style, kind), count) in enumerate(zip(_OUTCOMES, counts, strict=True)):
        if count or at < _ALWAYS:
            # What is rare needs a word that nobody misses.
            text = f"{sign} " if short and at <= _ALWAYS else f"{sign} {word} "
            entries.append(Entry(text + format_count(count), style if count else _MUTED, _of(word, kind)))
    if summary.late:
        entries.append(Entry(f"late {format_count(summary.late)}", "$text-warning", None))
    return tuple(entries)


def kind_entries(summary: Summary) -> tuple[Entry, ...]:
    """The statuses and the kinds of errors with their counts."""
    statuses = [
        Entry(f"{status} ×{format_count(count)}", "$text", Picked(f"status {status}", Filter(statuses=(status,))))
        for status, count in summary.by_status.items()
    ]
    errors = [
        Entry(
            f"{safe_line(kind)} ×{format_count(count)}",
            "$text-warning",
            Picked(f"error {safe_line(kind)}", Filter(errors=(kind,))),
        )
        for kind, count in summary.by_error.items()
    ]
    return (*statuses, *errors)


def bar_picked(bars: tuple[tuple[float, int], ...], bar: int) -> Picked:
    """The rows of one bar of the histogram: "12.0–18.0 ms"."""
    low, high = (bars[bar - 1][0] if bar else 0.0), bars[bar][0]
    # The last bar also holds the longest one, whatever its end was rounded to.
    end = inf if bar == len(bars) - 1 else high
    return Picked(f"{milliseconds(low)}–{milliseconds(high)} ms", Filter(service_ms=(low, end)))


def request_picked(key: str) -> Picked:
    """The rows of one request."""
    return Picked(safe_line(key), Filter(requests=(key,)))


def tag_picked(tag: str, tags: Mapping[str, tuple[str, ...]]) -> Picked:
    """The rows of all requests with this tag; tags: those of each request, by key."""
    return Picked(f"tag {safe_line(tag)}", Filter(requests=tuple(key for key, theirs in tags.items() if tag in theirs)))
