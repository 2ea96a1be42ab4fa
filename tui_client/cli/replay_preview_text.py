"""What `replay --plan` shows to people."""

from __future__ import annotations

from collections.abc import Iterator

from tui_client.replay.plan import Plan
from tui_client.replay.preview_plan import PlannedSession, PlannedStep, PlanPreview
from tui_client.replay.thresholds import threshold_words
from tui_client.text import format_bytes, format_count, format_duration_ms


def preview_lines(found: PlanPreview) -> Iterator[str]:
    """The first requests, how many more, and how they would be sent; not yet safe to print."""
    if found.setup:
        yield "setup, once before all"
        for step in found.setup:
            yield from _step(step)
    for number, session in enumerate(found.sessions, start=1):
        yield from _session(number, session)
    yield from _more(found)
    yield ""
    yield from _settings(found.plan)


def _session(number: int, session: PlannedSession) -> Iterator[str]:
    row = f", row {session.row}" if session.row and session.row != number else ""
    yield f"session {number}{row}"
    if session.problem:
        yield f"  ! {session.problem}"
    for step in session.steps:
        yield from _step(step)


def _step(step: PlannedStep) -> Iterator[str]:
    yield f"  {step.method} {step.url}".rstrip() if step.method else f"  {step.key}"
    if step.problem:
        yield f"    ! {step.problem}"
    for name, value in step.headers:
        yield f"    {name}: {value}"
    if step.auth:
        yield f"    + {step.auth}"
    if step.body:
        yield ""
        yield from (f"    {line}" for line in step.body.splitlines())
        if step.body_bytes is not None and step.body.endswith("…"):
            yield f"    ({format_bytes(step.body_bytes)} in all)"
    yield ""


def _more(found: PlanPreview) -> Iterator[str]:
    steps = 1 if found.plan.recording is not None else len(found.plan.steps)
    if found.total is None:
        yield "and more sessions, as long as it lasts"
    elif (more := found.total - len(found.sessions)) > 0:
        noun = "session" if more == 1 else "sessions"
        total = len(found.plan.setup) + found.total * steps
        yield f"and {format_count(more)} more {noun}; {format_count(total)} requests in all"


def _settings(plan: Plan) -> Iterator[str]:
    yield f"environment {plan.environment or 'none'}"
    if plan.shard is not None:
        yield f"sessions    {plan.shard.words}, at the rate of the whole"
    yield f"pace        {_pace(plan)}"
    if plan.retry.count:
        on = ", ".join(map(str, plan.retry.on))
        unsafe = ", POST and PATCH too" if plan.retry_unsafe else ""
        yield f"retries     up to {plan.retry.count} on {on}{unsafe}"
    else:
        yield "retries     none"
    for threshold in plan.thresholds:
        yield f"threshold   {threshold_words(threshold)}"


def _pace(plan: Plan) -> str:
    parts = [f"{plan.concurrency} at once" if plan.concurrency > 1 else "one after the other"]
    if plan.rate is not None:
        parts.append(f"{plan.rate:g} requests/s")
    for stage in plan.stages:
        goals = [f"{stage.rate:g}/s"] if stage.rate is not None else []
        goals += [f"{stage.concurrency} at once"] if stage.concurrency is not None else []
        parts.append(f"within {_seconds(stage.duration_s)} to {' and '.join(goals) or 'the same'}")
    if plan.recording is not None:
        speed = plan.recording.speed
        times = "" if speed == 1 else f"{speed:g} times "
        parts.append(f"{times}as fast as recorded" if speed else "as fast as allowed")
    if plan.delay_s:
        parts.append(f"{_seconds(plan.delay_s)} after each step")
    if plan.duration_s is not None:
        parts.append(f"for {_seconds(plan.duration_s)}")
    return ", ".join(parts)


def _seconds(seconds: float) -> str:
    return format_duration_ms(seconds * 1000)
