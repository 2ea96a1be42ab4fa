"""The first line of the dashboard: which run, how far it is, how it goes, and the keys that steer it."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from tui_client.replay.journal.header import Ended
from tui_client.text import format_count, format_duration_ms, safe_line
from tui_client.tui.panels.replay_dashboard.figures import RunView

# Below this the keys have no room; the bottom line has them too.
_WIDE_CELLS: Final = 110
_ROOMY_CELLS: Final = 70
_LEAST_BAR: Final = 5
_READY: Final = "Nothing was replayed yet. Start or ^r begins; Runs lists past ones."
_WHY: Final = {
    Ended.BAIL: "at the first that did not pass",
    Ended.SETUP: "its setup did not pass",
    Ended.PROBLEM: "it could not go on",
    Ended.DURATION: "its time was up",
}
_KEYS: Final = {
    "running": "p pause  s stop  +/- pace",
    "held": "s stop",
    "paused": "p goes on  s stop",
    "stopping": "s ends it at once",
    "stopped": "r resume  w report",
    "interrupted": "r resume  w report",
    "done": "w report  l runs",
    "elsewhere": "l runs",
}


def progress(view: RunView, width: int) -> Content:
    """Title, state, count, bar, share and the time that is left, in one line."""
    if view.state == "ready":
        return Content(_READY).stylize("$foreground 60%").truncate(width, ellipsis=True)
    keys = f"   {_KEYS[view.state]}" if width >= _WIDE_CELLS else ""
    head = _title(view, width) + _state(view)
    tail = Content(keys).stylize("$text-muted")
    planned = view.summary.planned
    if planned is None:
        took = format_duration_ms(view.summary.seconds * 1000)
        head += Content(f"  {format_count(_seen(view))} done in {took}")
        gap = max(0, width - head.cell_length - tail.cell_length)
        return (head + Content(" " * gap) + tail).truncate(width, ellipsis=True)
    return (_bar(view, head, planned, width - tail.cell_length) + tail).truncate(width, ellipsis=True)


def _title(view: RunView, width: int) -> Content:
    title = Content(safe_line(view.title)).stylize("bold").truncate(max(8, width // 4), ellipsis=True)
    if view.environment and width >= _ROOMY_CELLS:
        word, most = ("env ", 30) if width >= _WIDE_CELLS else ("", 12)
        title += Content(f" · {word}{safe_line(view.environment)}").truncate(most, ellipsis=True)
    return title + Content("   ") if view.title else Content("")


def _seen(view: RunView) -> int:
    summary = view.summary
    return summary.done + summary.skipped + summary.dropped


def _bar(view: RunView, head: Content, planned: int, width: int) -> Content:
    summary, seen = view.summary, _seen(view)
    share = min(1.0, seen / planned) if planned else 1.0
    left = f"ETA {format_duration_ms(summary.eta_s * 1000)}" if view.state == "running" and summary.eta_s else ""
    head += Content(f"  {format_count(seen)} / {format_count(planned)}  ")
    tail = f"  {int(share * 100)} %   {left or format_duration_ms(summary.seconds * 1000)}"
    room = max(_LEAST_BAR, width - head.cell_length - len(tail))
    filled = int(share * room)
    bar = Content("━" * filled).stylize("$text-primary") + Content("─" * (room - filled)).stylize("$foreground 60%")
    return head + bar + Content(tail)


def _state(view: RunView) -> Content:
    summary = view.summary
    broken = any(not one.passed for one in summary.thresholds)
    bad = bool(summary.failed or summary.errors or summary.skipped or summary.in_doubt or summary.dropped or broken)
    match view.state:
        case "running":
            return Content("▶ running").stylize("$text-primary")
        case "done":
            return Content("✗ done").stylize("$text-error") if bad else Content("✓ done").stylize("$text-success")
        case "elsewhere":
            return Content("▶ running in another process").stylize("$text-primary")
        case "paused" | "held":
            return Content(f"‖ {safe_line(view.state)}").stylize("$text-warning")
        case state:
            why = f": {_WHY[view.ended]}" if view.ended in _WHY else ""
            return Content(safe_line(f"■ {state}{why}")).stylize("$text-warning")
