"""What the replay screen shows of a run, live or past; pure."""

from __future__ import annotations

from typing import Final

import msgspec

from tui_client.replay.execute import Run
from tui_client.replay.journal.header import Ended, RunInfo
from tui_client.replay.plan import MAX_CONCURRENCY
from tui_client.replay.summary import Summary
from tui_client.text import format_count, safe_line
from tui_client.tui.panels.replay_dashboard.figures import RunView
from tui_client.tui.panels.replay_dashboard.rows import Kept
from tui_client.tui.screens._replay_journal import Past

_SHARE: Final = 0.1  # by so much a key changes the pace, but by 1 at least
# A run that was to last so long has done what it should.
_DONE: Final = (Ended.FINISHED, Ended.DURATION)


class Live(msgspec.Struct, frozen=True):
    """A run of this screen, going or ended, and the rows of it that are at hand."""

    run: Run
    kept: Kept


def live_view(run: Run, *, going: bool) -> RunView:
    """A run of this screen now."""
    summary, controls = run.summary(live=going), run.controls
    ended = Ended(summary.ended)
    return RunView(
        summary=summary,
        state=_live_state(run, summary) if going else "done" if ended in _DONE else "stopped",
        in_flight=controls.in_flight,
        concurrency=controls.concurrency or run.plan.concurrency,
        title=title_of(run.plan.title),
        environment=run.plan.environment,
        ended=ended,
    )


def _live_state(run: Run, summary: Summary) -> str:
    controls = run.controls
    if controls.stopping:
        return "stopping"
    return "paused" if controls.paused else "held" if summary.held else "running"


def past_view(past: Past) -> RunView:
    """A run of earlier."""
    info, plan = past.info, past.header.plan
    stopped = "interrupted" if info.ended is Ended.NOT else "stopped"
    state = "elsewhere" if info.state == "running" else "done" if info.ended in _DONE else stopped
    return RunView(past.summary, state, 0, plan.concurrency, title_of(plan.title), plan.environment, info.ended)


def title_of(title: str) -> str:
    """A run's title without what every batch has in common: "nightly"."""
    return title.removeprefix("batches/") or "Replay"


def rate_of(run: Run) -> float | None:
    """Requests a second that the run aims at now, of a part its share of them; None where nothing paces it."""
    stages = [stage.rate for stage in run.plan.stages if stage.rate is not None]
    whole = run.plan.rate or (stages[-1] if stages else None)
    return run.controls.rate or (whole and run.plan.own(whole))


def change_pace(run: Run, by: int) -> None:
    """Change the rate of a run that has one, else how many sessions run at once, by a tenth, at least by 1."""
    rate = rate_of(run)
    if rate is None:
        now = run.controls.concurrency or run.plan.concurrency
        run.controls.set_concurrency(max(1, min(now + by * max(1, round(now * _SHARE)), MAX_CONCURRENCY)))
    else:
        wanted = rate + by * max(1.0, rate * _SHARE)
        # A slow rate is halved rather than made none.
        run.controls.set_rate(round(wanted, 3) if wanted > 0 else rate / 2)


def share_text(summary: Summary) -> str:
    """How far a run is, for the workbench's line: "replay 43 %"."""
    seen = summary.done + summary.skipped + summary.dropped
    share = f"{seen * 100 // summary.planned} %" if summary.planned else format_count(seen)
    return f"replay {share}"


def progress_text(summary: Summary) -> str:
    """ "3,214 of 10,000 done"."""
    planned = f" of {format_count(summary.planned)}" if summary.planned else ""
    return f"{format_count(summary.done + summary.skipped + summary.dropped)}{planned} done"


def ended_text(summary: Summary) -> str:
    """That a run ended, for the workbench's line."""
    bad = summary.failed + summary.errors + summary.skipped + summary.dropped + summary.in_doubt
    return f"replay ended, {format_count(bad)} did not pass" if bad else "replay ended"


def interrupted_text(info: RunInfo, resume: str) -> str:
    """What to do about a run that was cut off. resume: the key."""
    planned = "" if info.planned is None else f" of {format_count(info.planned)}"
    doubt = f", {format_count(info.in_doubt)} in doubt" if info.in_doubt else ""
    title = safe_line(title_of(info.title))
    return (
        f"The last replay, {title}, was interrupted: {format_count(info.done)}{planned} done{doubt}. "
        f"Runs, above, shows and resumes it; outside of the fields {resume} resumes it."
    )
