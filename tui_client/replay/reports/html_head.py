"""What stands at the top of the HTML page, how the run went in a sentence; and its settings at the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Final

from tui_client.replay.diff.runs import DiffReport
from tui_client.replay.journal.header import Ended, RunHeader
from tui_client.replay.reports._json import plan_settings, to_text
from tui_client.replay.reports._report import RunData
from tui_client.replay.reports.html_tables import shown
from tui_client.replay.summary import Summary
from tui_client.text import format_count, format_duration_ms

_ENDED: Final[dict[Ended, str]] = {
    Ended.NOT: "The run did not come to its end. What it did until then is here.",
    Ended.STOPPED: "The run was stopped before its end. It can be resumed.",
    Ended.BAIL: "The run stopped at the first step that did not pass.",
    Ended.DURATION: "The run stopped when its time was over.",
    Ended.SETUP: "The setup did not pass, so nothing else was sent.",
    Ended.PROBLEM: "The run could not go on.",
}

# Stripes tell what failed from the rest without its colour.
PATTERNS: Final = (
    '<svg class="patterns" aria-hidden="true"><defs><pattern id="striped" width="5" height="5"'
    ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="stripe-ground" width="5" height="5"/><path class="stripe" d="M0 0V5"/>'
    "</pattern></defs></svg>\n"
)

_KEYS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "latency": (("line p50", "p50"), ("line p95", "p95"), ("line max", "max")),
    "rate": (("bar passed", "passed"), ("bar failed", "failed"), ("bar errors", "errors")),
    "histogram": (("bar passed", "of the reply"), ("line scheduled", "from the scheduled start")),
}


def head(data: RunData) -> Iterator[str]:
    """Title, verdict, warnings and the main figures."""
    header, summary = data.header, data.summary
    facts = [f"started {header.started.astimezone(UTC):%Y-%m-%d %H:%M} UTC"]
    short = summary.seconds < 60
    facts.append(f"ran {summary.seconds:.1f} s" if short else f"ran {format_duration_ms(summary.seconds * 1000)}")
    if header.plan.environment:
        facts.insert(0, f"environment <b>{shown(header.plan.environment)}</b>")
    if header.parent:
        only = f"{header.only.value} of " if header.only else ""
        facts.append(f"repeats {only}{shown(header.parent)}")
    yield '<header><p class="kicker">Replay report</p>'
    yield f"<h1>{shown(header.plan.title or header.run)}</h1><p class=facts>{' · '.join(facts)}</p></header>\n"
    yield _verdict(data)
    yield from _warnings(data)
    yield f"<dl class=figures>{''.join(_tiles(summary))}</dl>\n"


def _verdict(data: RunData) -> str:
    summary = data.summary
    wrong = [*_wrong(summary), *_differs(data.diff)]
    if wrong:
        return f'<p class="verdict bad"><span class="sign">✗</span> {" ".join(wrong)}</p>\n'
    if _cut_short(summary):
        return f'<p class="verdict">{format_count(summary.passed)} steps passed, none failed; not all were done.</p>\n'
    words = f"All {format_count(summary.done)} steps passed." if summary.done else "Nothing was sent."
    if summary.thresholds:
        words += " All thresholds were kept."
    return f'<p class="verdict good"><span class=sign>✓</span> {words}</p>\n'


def _wrong(summary: Summary) -> Iterator[str]:
    total = format_count(summary.done + summary.in_doubt + summary.dropped + summary.skipped)
    bad = summary.failed + summary.errors
    if bad:
        yield f'<a href="#failures">{format_count(bad)} of {total} steps</a> did not pass.'
    if summary.dropped:
        yield f"{format_count(summary.dropped)} {'was' if summary.dropped == 1 else 'were'} dropped."
    if summary.in_doubt:
        yield f"{format_count(summary.in_doubt)} {'is' if summary.in_doubt == 1 else 'are'} in doubt."
    broken = sum(not verdict.passed for verdict in summary.thresholds)
    if broken:
        yield f"{broken} of {len(summary.thresholds)} thresholds {'was' if broken == 1 else 'were'} broken."


def _differs(diff: DiffReport | None) -> Iterator[str]:
    if diff is not None and diff.differs:
        changed = format_count(diff.changed + diff.only_before + diff.only_after)
        yield f'<a href="#diff">{changed} steps</a> are not as they were.'


def _cut_short(summary: Summary) -> str:
    """Why a run did not come to its end; "" if it did."""
    return next((words for ended, words in _ENDED.items() if ended.value == summary.ended), "")


def _warnings(data: RunData) -> Iterator[str]:
    summary = data.summary
    if cut_short := _cut_short(summary):
        yield f"<p class=note>{cut_short}</p>\n"
    generator = summary.generator
    if generator.saturated:
        yield f"<p class=note><b>⚠</b> {shown(generator.advice)}</p>\n"


def _tiles(summary: Summary) -> Iterator[str]:
    share = f"{summary.passed / summary.done * 100:.1f} %" if summary.done else ""
    yield _tile("Steps done", format_count(summary.done))
    yield _tile("Passed", format_count(summary.passed), share)
    yield _tile("Failed", format_count(summary.failed), kind="bad" if summary.failed else "")
    yield _tile("Errors", format_count(summary.errors), kind="bad" if summary.errors else "")
    yield _tile("Per second", f"{summary.requests_per_second:,.1f}")
    for name, value in (("p50", summary.latency.p50), ("p95", summary.latency.p95), ("p99", summary.latency.p99)):
        if value is not None:
            yield _tile(name, format_duration_ms(value))
    optional = (
        ("Skipped", summary.skipped),
        ("Dropped", summary.dropped),
        ("In doubt", summary.in_doubt),
        ("Sent again", summary.retried),
        ("Sent late", summary.late),
    )
    for name, count in optional:
        if count:
            yield _tile(name, format_count(count))
    if checks := summary.checks_passed + summary.checks_failed:
        yield _tile("Checks passed", format_count(summary.checks_passed), f"of {format_count(checks)}")


def _tile(name: str, figure: str, more: str = "", kind: str = "") -> str:
    extra = f" <small>{more}</small>" if more else ""
    return f'<div><dt>{name}</dt><dd class="{kind}">{figure}{extra}</dd></div>'


def legend(name: str) -> str:
    """The keys of a plot: each a sample of its mark and what it means."""
    keys = [f"<span>{_sample(mark)}{words}</span>" for mark, words in _KEYS.get(name, ())]
    return f'<p class="legend">{"".join(keys)}</p>' if keys else ""


def _sample(mark: str) -> str:
    drawn = f'<rect class="{mark}" width="22" height="10" y="1"/>'
    if mark.startswith("line"):
        path = "M4 6h0M11 6h0M18 6h0" if mark == "line max" else "M1 6H21"
        drawn = f'<path class="{mark}" d="{path}"/>'
    return f'<svg class="key" viewBox="0 0 22 12" aria-hidden="true">{drawn}</svg>'


def settings(header: RunHeader) -> str:
    """How the run was set up, folded away."""
    settings = {name: value for name, value in plan_settings(header.plan).items() if value not in (None, "", [], {})}
    rows = [
        f"<dt>{shown(name)}</dt><dd>{shown(to_text(value).strip(chr(34)))}</dd>" for name, value in settings.items()
    ]
    return f"<details><summary>Settings of this run</summary><dl class=settings>{''.join(rows)}</dl></details>\n"
