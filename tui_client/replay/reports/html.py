"""One HTML page that needs nothing besides itself, for people who were not there.

Its Content-Security-Policy lets nothing load and runs the one script whose hash it names.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Final, TextIO

import msgspec

from tui_client import __version__
from tui_client.replay.diff.runs import DiffReport
from tui_client.replay.reports import html_head, html_plots, html_tables
from tui_client.replay.reports._report import RunData
from tui_client.replay.reports._words import StepNames
from tui_client.replay.reports.html_fold import Fold
from tui_client.replay.reports.html_tables import shown
from tui_client.text import format_count

LISTED_FAILURES: Final = 200


class Html(msgspec.Struct, frozen=True):
    name: str = "html"
    suffix: str = ".html"

    def write(self, data: RunData, out: TextIO) -> None:
        """Reads the records once, and of the failures as many as are listed."""
        out.writelines(_opening(data))
        out.writelines(html_head.head(data))
        summary = data.summary
        fold = Fold(summary.seconds, summary.done)
        for record in data.records():
            fold.add(record)
        out.writelines(_figures(data, fold))
        out.writelines(_lists(data, fold))
        out.writelines(_closing(data))


def _opening(data: RunData) -> Iterator[str]:
    title = shown(data.header.plan.title or data.header.run)
    style, script = _file("html_page.css"), _file("html_page.js")
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    policy += "; base-uri 'none'; form-action 'none'"
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
    yield f"<title>{title} · replay</title>\n<style>{style}</style>\n</head>\n<body>\n{html_head.PATTERNS}<main>\n"


def _figures(data: RunData, fold: Fold) -> Iterator[str]:
    summary = data.summary
    if summary.thresholds:
        yield _section("Thresholds", html_tables.thresholds_table(summary.thresholds))
    plots = [
        _figure("Latency over time", "latency", html_plots.latency_plot(fold.timeline)),
        _figure("Requests a second", "rate", html_plots.rate_plot(fold.timeline)),
        _figure(
            "How long replies took",
            "histogram" if fold.scheduled.count else "",
            html_plots.histogram_plot(fold.service, fold.scheduled, summary.latency),
        ),
        _counts(data),
    ]
    yield f'<section class="plots">{"".join(plots)}</section>\n'
    if summary.latency.max is not None:
        yield _section("Latency", html_tables.latency_table(summary.latency, summary.scheduled))


def _figure(title: str, legend: str, plot: str) -> str:
    if not plot:
        return ""
    return f"<figure><figcaption><h2>{title}</h2>{html_head.legend(legend)}</figcaption>{plot}</figure>"


def _counts(data: RunData) -> str:
    summary = data.summary
    parts: list[str] = []
    if summary.by_status:
        statuses = {str(status): count for status, count in summary.by_status.items()}
        parts.append(html_tables.bars_table("statuses", "Status", statuses, _status_kind))
    if summary.by_error:
        most = sorted(summary.by_error.items(), key=lambda item: -item[1])
        parts.append(html_tables.bars_table("errors", "Error", dict(most), lambda _: "errors"))
    if not parts:
        return ""
    return f"<figure><figcaption><h2>Statuses and errors</h2></figcaption>{''.join(parts)}</figure>"


def _status_kind(status: str) -> str:
    return "passed" if status < "400" else "warn"


def _lists(data: RunData, fold: Fold) -> Iterator[str]:
    summary, names = data.summary, StepNames(data.header.plan)
    if summary.by_request:
        yield _section("By request", html_tables.groups_table("by-request", "Request", summary.by_request))
    if summary.by_tag:
        yield _section("By tag", html_tables.groups_table("by-tag", "Tag", summary.by_tag))
    if data.diff is not None:
        yield _diff(data.diff, names)
    slowest = fold.slowest()
    if slowest:
        yield _section(f"The slowest {len(slowest)}", html_tables.slowest_table(slowest, names))
    failures = [*islice(data.failures(), LISTED_FAILURES)]
    if failures:
        unwell = summary.failed + summary.errors + summary.skipped + summary.dropped + summary.in_doubt
        title = f"What did not pass{_first(len(failures), unwell)}"
        yield _section(title, html_tables.failures_table(failures, names))


def _first(listed: int, total: int) -> str:
    return f", the first {format_count(listed)} of {format_count(total)}" if listed < total else ""


def _diff(diff: DiffReport, names: StepNames) -> str:
    words = f"{format_count(diff.changed)} of {format_count(diff.compared)} replies are not as they were."
    missing = diff.only_before + diff.only_after
    if missing:
        words += f" {format_count(missing)} steps are in one of the two runs only."
    if not diff.differs:
        words = f"{format_count(diff.compared)} replies compared, none changed."
        return _section("Differences", f'<p class="good"><span class="sign">✓</span> {words}</p>')
    listed = min(len(diff.changes), html_tables.LISTED_CHANGES)
    title = f"Differences{_first(listed, diff.changed + missing)}"
    return _section(title, f"<p>{words}</p>{html_tables.diff_tables(diff, names)}")


def _section(title: str, body: str) -> str:
    return f"<section><h2>{title}</h2>{body}</section>\n"


def _closing(data: RunData) -> Iterator[str]:
    yield html_head.settings(data.header)
    started = data.header.started.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    yield f"<footer>Run {shown(data.header.run)}, started {started} UTC. Made by tui-client {__version__}."
    yield f" Secrets are masked.</footer>\n</main>\n<script>{_file('html_page.js')}</script>\n</body>\n</html>\n"


@cache
def _file(name: str) -> str:
    return (files(__package__ or "") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


FORMAT: Final = Html()
