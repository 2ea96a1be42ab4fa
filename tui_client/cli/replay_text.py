"""What `replay` shows to people: a line while it runs, the steps that did not pass, a summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tui_client.cli.send_text import check_line
from tui_client.model.step import Dropped, Errored, InDoubt, Replied, Skipped, StepResult
from tui_client.model.wording import describe, why_unsent
from tui_client.replay.report import Summary
from tui_client.text import format_count, format_duration_ms

_SHOWN_CHECKS: Final = 3


def progress_line(summary: Summary) -> str:
    """ "1,200 / 10,000 · 480/s · 3 failed · 1 errors · ETA 18.4 s"."""
    total = "…" if summary.planned is None else format_count(summary.planned)
    parts = [f"{format_count(summary.done)} / {total}", f"{summary.requests_per_second:,.0f}/s"]
    if summary.failed:
        parts.append(f"{format_count(summary.failed)} failed")
    if summary.errors:
        parts.append(f"{format_count(summary.errors)} errors")
    if summary.eta_s is not None:
        parts.append(f"ETA {format_duration_ms(summary.eta_s * 1000)}")
    return " · ".join(parts)


def failure_line(result: StepResult) -> str:
    """ "row 118  users/create  POST http://… 500  status == 201, was 500"."""
    step = result.step
    place = [f"row {step.row}"] if step.row else []
    if step.iteration:
        place.append(f"iteration {step.iteration + 1}")
    if step.index < 0:
        place.append("setup")
    return "  ".join([*place, step.key, result.label, _reason(result)])


def _reason(result: StepResult) -> str:
    match result.outcome:
        case Replied(exchange=exchange, checks=checks):
            status = exchange.response.status if exchange.response else 0
            failed = [check_line(check, exchange.request.secrets) for check in checks if not check.passed]
            more = [f"and {len(failed) - _SHOWN_CHECKS} more"] if len(failed) > _SHOWN_CHECKS else []
            return "  ".join([str(status), *failed[:_SHOWN_CHECKS], *more])
        case Errored(failure=failure):
            return f"{failure.kind}: {describe(failure)}"
        case Skipped() | Dropped() | InDoubt():
            return why_unsent(result.outcome)


def summary_lines(summary: Summary) -> Iterator[str]:
    """The figures of a run, a few lines."""
    planned = "" if summary.planned in (None, summary.done) else f" of {format_count(summary.planned or 0)}"
    counts = f"{format_count(summary.done)}{planned} done: {format_count(summary.passed)} passed"
    counts += f", {format_count(summary.failed)} failed, {format_count(summary.errors)} errors"
    yield counts + (f", {format_count(summary.skipped)} skipped" if summary.skipped else "")
    took = format_duration_ms(summary.seconds * 1000)
    yield f"{took}, {summary.requests_per_second:,.1f} requests/s"
    latency = summary.latency
    if latency.p50 is not None:
        named = (("p50", latency.p50), ("p90", latency.p90), ("p95", latency.p95), ("p99", latency.p99))
        figures = [f"{name} {format_duration_ms(value)}" for name, value in named if value is not None]
        yield "latency " + ", ".join([*figures, f"max {format_duration_ms(latency.max or 0.0)}"])
    if summary.by_status:
        yield "status " + ", ".join(f"{status}: {format_count(n)}" for status, n in summary.by_status.items())
    if summary.by_error:
        yield "errors " + ", ".join(f"{kind}: {format_count(n)}" for kind, n in summary.by_error.items())
    if summary.interrupted:
        yield "Interrupted: what was not sent yet was left out."
