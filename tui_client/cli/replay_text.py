"""What `replay` shows to people: a line while it runs, the steps that did not pass, a summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tui_client.cli.send_text import check_line
from tui_client.model.step import Dropped, Errored, InDoubt, Replied, Skipped, StepResult
from tui_client.model.wording import describe, why_unsent
from tui_client.replay.journal.header import Ended
from tui_client.replay.report import Group, Latency, Summary, Verdict
from tui_client.replay.thresholds import actual_words, threshold_words
from tui_client.text import format_count, format_duration_ms, safe_line

_SHOWN_CHECKS: Final = 3
_SHOWN_GROUPS: Final = 20
_NAME_CHARS: Final = 48
_WHY_ENDED: Final = {
    Ended.STOPPED: "Interrupted",
    Ended.BAIL: "Stopped at the first step that did not pass",
    Ended.DURATION: "The time was up",
    Ended.SETUP: "A setup step did not pass",
    Ended.PROBLEM: "It could not go on",
}


def progress_line(summary: Summary) -> str:
    """ "1,200 / 10,000 · 480/s · 3 failed · 1 error · p50 12.4 ms · p95 40.1 ms · ETA 18.4 s"."""
    total = "…" if summary.planned is None else format_count(summary.planned)
    parts = [f"{format_count(summary.done)} / {total}"]
    if summary.held:
        parts.append(f"held: {safe_line(summary.held)}")
    recent = summary.requests_per_second if summary.recent_per_second is None else summary.recent_per_second
    parts.append(f"{recent:,.0f}/s" + (f" of {summary.target_rate:,g}" if summary.target_rate else ""))
    if summary.workers is not None:
        parts.append(summary.workers.words)
    parts += _counts(failed=summary.failed, **_errors(summary.errors))
    parts += _counts(retried=summary.retried, late=summary.late, dropped=summary.dropped, in_doubt=summary.in_doubt)
    named = (("p50", summary.latency.p50), ("p95", summary.latency.p95))
    parts += [f"{name} {format_duration_ms(value)}" for name, value in named if value is not None]
    if summary.eta_s is not None and not summary.held:
        parts.append(f"ETA {format_duration_ms(summary.eta_s * 1000)}")
    return " · ".join(parts)


def _counts(**counts: int) -> list[str]:
    return [f"{format_count(count)} {name.replace('_', ' ')}" for name, count in counts.items() if count]


def _errors(count: int) -> dict[str, int]:
    return {"error" if count == 1 else "errors": count}


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


def summary_lines(summary: Summary, stored: bool = True, where: str = "") -> Iterator[str]:
    """The figures of a run; then what to do, where there is something to do.

    stored: it is one of the user's runs, so that more can be done with it. where: options for whoever goes on with it.
    """
    yield from _figures(summary)
    if len(summary.by_request) > 1:
        yield from _table("request", summary.by_request)
    if summary.by_tag:
        yield from _table("tag", summary.by_tag)
    if summary.thresholds:
        yield ""
        yield from map(_verdict, summary.thresholds)
    todo = [summary.generator.advice, *_todo(summary, stored, where)]
    if any(todo):
        yield ""
        yield from filter(None, todo)


def _figures(summary: Summary) -> Iterator[str]:
    planned = "" if summary.planned in (None, summary.done) else f" of {format_count(summary.planned or 0)}"
    counts = f"{format_count(summary.done)}{planned} done: {format_count(summary.passed)} passed"
    ((errors, count),) = _errors(summary.errors).items()
    counts += f", {format_count(summary.failed)} failed, {format_count(count)} {errors}"
    rest = _counts(skipped=summary.skipped, dropped=summary.dropped, in_doubt=summary.in_doubt)
    yield ", ".join([counts, *rest])
    took = [format_duration_ms(summary.seconds * 1000), f"{summary.requests_per_second:,.1f} requests/s"]
    yield ", ".join([*took, *_counts(retried=summary.retried, late=summary.late)])
    yield from _percentiles("latency", summary.latency)
    if summary.scheduled is not None:
        yield from _percentiles("scheduled latency", summary.scheduled)
    if summary.by_status:
        yield "status " + ", ".join(f"{status}: {format_count(n)}" for status, n in summary.by_status.items())
    if summary.by_error:
        yield "errors " + ", ".join(f"{safe_line(kind)}: {format_count(n)}" for kind, n in summary.by_error.items())
    if checks := summary.checks_passed + summary.checks_failed:
        yield f"checks {format_count(summary.checks_passed)} of {format_count(checks)} passed"


def _percentiles(title: str, latency: Latency) -> Iterator[str]:
    named = (
        ("p50", latency.p50),
        ("p90", latency.p90),
        ("p95", latency.p95),
        ("p99", latency.p99),
        ("max", latency.max),
    )
    if figures := [f"{name} {format_duration_ms(value)}" for name, value in named if value is not None]:
        yield f"{title} {', '.join(figures)}"


def _table(title: str, groups: Sequence[Group]) -> Iterator[str]:
    rows = [(title, "done", "failed", "p50", "p95", "max"), *map(_row, groups[:_SHOWN_GROUPS])]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    yield ""
    for name, *figures in rows:
        cells = [figure.rjust(width) for figure, width in zip(figures, widths[1:], strict=True)]
        yield "  ".join([name.ljust(widths[0]), *cells])
    if len(groups) > _SHOWN_GROUPS:
        yield f"and {format_count(len(groups) - _SHOWN_GROUPS)} more; --json has them all."


def _row(group: Group) -> tuple[str, ...]:
    name = safe_line(group.name)
    latency = group.latency
    times = ["–" if value is None else format_duration_ms(value) for value in (latency.p50, latency.p95, latency.max)]
    short = name if len(name) <= _NAME_CHARS else f"…{name[1 - _NAME_CHARS :]}"
    return (short, format_count(group.done), format_count(group.failed + group.errors), *times)


def _verdict(verdict: Verdict) -> str:
    sign = "✓" if verdict.passed else "✗"
    return safe_line(f"{sign} {threshold_words(verdict.threshold)}: {actual_words(verdict)}")


def _todo(summary: Summary, stored: bool, where: str) -> Iterator[str]:
    def command(words: str, option: str) -> str:
        return f" {words} with: tui-client replay {option} {summary.run}{where}" if stored else ""

    if summary.in_doubt:
        doubtful = f"{_steps(summary.in_doubt)} in doubt: sent, perhaps done, and not sent again."
        yield doubtful + command("See what the server has, then send them", "--only in-doubt")
    if summary.dropped:
        dropped = f"{_steps(summary.dropped)} dropped, since all sessions were busy."
        yield dropped + command("Send them", "--only dropped")
    if bad := summary.failed + summary.errors + summary.skipped:
        yield f"{_steps(bad)} did not pass." + command("Send them again", "--only failed")
    why = _why_ended(summary)
    if why and summary.ended == Ended.DURATION and not summary.unsent:
        yield f"{why}."  # nothing is known to be left
    elif why:
        left = "." if not summary.unsent else f", {_steps(summary.unsent)} not sent."
        yield f"{why}{left}" + command("Go on", "--resume")


def _why_ended(summary: Summary) -> str:
    if summary.interrupted:
        return _WHY_ENDED[Ended.STOPPED]
    return next((words for ended, words in _WHY_ENDED.items() if ended == summary.ended), "")


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{format_count(count)} steps"
