"""A comparison of two runs as lines for people, and as the object for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tui_client.model.step import StepId
from tui_client.replay.diff.json_diff import Change
from tui_client.replay.diff.runs import Compared, DiffReport, Place
from tui_client.text import format_count, safe_line

SHOWN_STEPS: Final = 20
SHOWN_PLACES: Final = 50
SHOWN_CHANGES: Final = 10  # of each step
_WIDEST: Final = 60  # characters to which a column is padded


def diff_lines(report: DiffReport) -> Iterator[str]:
    """ "3 of 50 replies differ.", then each place with an example, then the first 20 steps. Safe to print."""
    yield _headline(report)
    if report.places:
        yield ""
        yield from _place_lines(report)
    if report.changes:
        yield ""
        for one in report.changes[:SHOWN_STEPS]:
            yield from _step_lines(one)
        yield from _more(report.changed + report.only_before + report.only_after - SHOWN_STEPS, "step", "")


def _headline(report: DiffReport) -> str:
    compared = format_count(report.compared)
    if not report.compared:
        parts = ["No step is in both runs."]
    elif report.changed:
        verb = "differs" if report.changed == 1 else "differ"
        parts = [f"{format_count(report.changed)} of {compared} replies {verb}."]
    else:
        parts = [f"{compared} {_plural(report.compared, 'reply', 'replies')} compared, none differs."]
    for count, which in ((report.only_before, "earlier"), (report.only_after, "later")):
        if count:
            verb = "step is" if count == 1 else "steps are"
            parts.append(f"{format_count(count)} {verb} only in the {which} run.")
    return " ".join(parts)


def _place_lines(report: DiffReport) -> Iterator[str]:
    shown = list(report.places.items())[:SHOWN_PLACES]
    cells = [(safe_line(where), _replies(place), _example(place)) for where, place in shown]
    wide = min(_WIDEST, max(len(where) for where, _, _ in cells))
    counts = max(len(count) for _, count, _ in cells)
    for where, count, example in cells:
        yield f"{where:<{wide}}  {count:>{counts}}  {example}"
    yield from _more(len(report.places) - SHOWN_PLACES, "place", "")


def _replies(place: Place) -> str:
    return f"{format_count(place.replies)} {_plural(place.replies, 'reply', 'replies')}"


def _example(place: Place) -> str:
    return f"{_step_name(place.step)}: {_change_text(place.example)}"


def _step_lines(compared: Compared) -> Iterator[str]:
    yield f"{_step_name(compared.step)}  {safe_line(compared.step.key)}  {safe_line(compared.label)}".rstrip()
    shown = compared.changes[:SHOWN_CHANGES]
    wide = min(_WIDEST, max(len(safe_line(change.where)) for change in shown))
    for change in shown:
        yield f"  {safe_line(change.where):<{wide}}  {_change_text(change)}"
    yield from _more(len(compared.changes) - SHOWN_CHANGES, "change", "  ")


def _more(count: int, what: str, indent: str) -> Iterator[str]:
    if count > 0:
        yield f"{indent}and {format_count(count)} more {_plural(count, what, f'{what}s')}"


def _plural(count: int, one: str, more: str) -> str:
    return one if count == 1 else more


def _step_name(step: StepId) -> str:
    """ "row 3", "row 3, iteration 2", "setup", "iteration 1"."""
    if step.index < 0:
        return "setup"
    parts = [f"row {format_count(step.row)}"] if step.row else []
    if step.iteration or not step.row:
        parts.append(f"iteration {format_count(step.iteration + 1)}")
    return ", ".join(parts)


def _change_text(change: Change) -> str:
    match change.before, change.after:
        case None, None:
            return ""
        case None, str(after):
            return f"added {safe_line(after)}"
        case str(before), None:
            return f"removed {safe_line(before)}"
        case before, after:
            return f"{safe_line(before or '')} → {safe_line(after or '')}"


def to_json(report: DiffReport) -> dict[str, Any]:
    """The object that `replay --diff --json` prints; `steps` are the first 1,000 that changed or are missing."""
    return {
        "compared": report.compared,
        "changed": report.changed,
        "only_before": report.only_before,
        "only_after": report.only_after,
        "places": [
            {
                "where": where,
                "replies": place.replies,
                "example": {**_step_json(place.step), **_change_json(place.example)},
            }
            for where, place in report.places.items()
        ],
        "steps": [
            {
                **_step_json(one.step),
                "label": one.label,
                "in": one.side.value,
                "changes": [_change_json(change) for change in one.changes],
            }
            for one in report.changes
        ],
    }


def _step_json(step: StepId) -> dict[str, Any]:
    return {"row": step.row, "iteration": step.iteration, "step": step.index, "request": step.key}


def _change_json(change: Change) -> dict[str, Any]:
    return {"where": change.where, "before": change.before, "after": change.after}
