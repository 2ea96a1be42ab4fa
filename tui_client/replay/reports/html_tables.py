"""The tables of the HTML page: pure functions from figures to text, everything escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from itertools import islice
from typing import Final

import msgspec

from tui_client.replay.diff.runs import Compared, DiffReport, Place
from tui_client.replay.record import Recorded
from tui_client.replay.reports._words import OUTCOME_WORDS, StepNames, change_words
from tui_client.replay.tally import Group, Latency
from tui_client.replay.thresholds import Verdict, actual_words, threshold_words
from tui_client.text import format_count, format_duration_ms, safe_line

LISTED_CHANGES: Final = 200
_SHOWN_OF_STEP: Final = 5
_SHOWN_CHARS: Final = 600  # a body compared as a whole may be a long text


class Cell(msgspec.Struct, frozen=True):
    """html: what it shows, already escaped. sort: what it is sorted by, if not by its text. kind: its CSS class."""

    html: str
    sort: float | None = None
    kind: str = ""


class Column(msgspec.Struct, frozen=True):
    name: str
    numeric: bool = False


def shown(text: str) -> str:
    """Outside text, safe in HTML: controls visible, markup escaped, not without end."""
    line = safe_line(text)
    return escape(line if len(line) <= _SHOWN_CHARS else f"{line[: _SHOWN_CHARS - 1]}…")


def table(name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, stack: bool = False) -> str:
    """A table whose columns sort at a click. stack: on a narrow screen each row becomes a block of its own."""
    head = "".join(
        f'<th scope="col"{" class=n" if column.numeric else ""}>{escape(column.name)}</th>' for column in columns
    )
    body = "".join(f"<tr>{''.join(map(_cell, columns, row))}</tr>" for row in rows)
    kind = "sortable stack" if stack else "sortable"
    return (
        f'<div class="scroll"><table class="{kind}" id="{name}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(column: Column, cell: Cell) -> str:
    kinds = " ".join(kind for kind in ("n" if column.numeric else "", cell.kind) if kind)
    kind = f' class="{kinds}"' if kinds else ""
    sort = "" if cell.sort is None else f' data-v="{cell.sort:.6g}"'
    return f'<td{kind}{sort} data-l="{escape(column.name)}"><span>{cell.html}</span></td>'


def _count(count: int, kind: str = "") -> Cell:
    return Cell(format_count(count), count, kind if count else "quiet")


def _ms(milliseconds: float | None) -> Cell:
    return Cell("–", -1, "quiet") if milliseconds is None else Cell(format_duration_ms(milliseconds), milliseconds)


def thresholds_table(verdicts: Iterable[Verdict]) -> str:
    """What was asked of the run, what came of it, and whether that holds."""
    columns = (Column("Threshold"), Column("Was", numeric=True), Column("Result"))
    rows = [
        (
            Cell(shown(threshold_words(verdict.threshold))),
            Cell(shown(actual_words(verdict)), verdict.actual),
            Cell("✓ kept", kind="good") if verdict.passed else Cell("✗ broken", kind="bad"),
        )
        for verdict in verdicts
    ]
    return table("thresholds", columns, rows)


def latency_table(service: Latency, scheduled: Latency | None) -> str:
    """The percentiles: of the replies themselves, and from when each was due."""
    lines = [("Of the reply", service)]
    if scheduled is not None and scheduled.max is not None:
        lines.append(("From the scheduled start", scheduled))
    columns = (Column("Latency"), *(Column(name, numeric=True) for name in ("p50", "p90", "p95", "p99", "max")))
    rows = [
        (Cell(name), *map(_ms, (latency.p50, latency.p90, latency.p95, latency.p99, latency.max)))
        for name, latency in lines
    ]
    return table("latency", columns, rows)


def groups_table(name: str, head: str, groups: Iterable[Group]) -> str:
    """Counts and latencies of each request, or of each tag."""
    numbers = ("Done", "Passed", "Failed", "Errors", "p50", "p95", "p99", "Max")
    columns = (Column(head), *(Column(number, numeric=True) for number in numbers))
    rows = [
        (
            Cell(shown(group.name), kind="name"),
            _count(group.done),
            _count(group.passed),
            _count(group.failed, "bad"),
            _count(group.errors, "bad"),
            _ms(group.latency.p50),
            _ms(group.latency.p95),
            _ms(group.latency.p99),
            _ms(group.latency.max),
        )
        for group in groups
    ]
    return table(name, columns, rows)


def slowest_table(records: Iterable[Recorded], names: StepNames) -> str:
    """The steps whose replies took longest."""
    columns = (
        Column("Step"),
        Column("Request"),
        Column("Status", numeric=True),
        Column("Ended at", numeric=True),
        Column("Took", numeric=True),
    )
    rows = [
        (
            _step(record, names),
            Cell(shown(record.label), kind="url"),
            _status(record),
            Cell(f"{record.finished_s:,.1f} s", record.finished_s),
            _ms(record.service_ms),
        )
        for record in records
    ]
    return table("slowest", columns, rows, stack=True)


def failures_table(failures: Iterable[tuple[Recorded, str]], names: StepNames) -> str:
    """The steps that did not pass, each with the reason."""
    columns = (Column("Step"), Column("Outcome"), Column("Request"), Column("Status", numeric=True), Column("Why"))
    rows = [
        (
            _step(record, names),
            Cell(OUTCOME_WORDS[record.outcome], kind=f"outcome {record.outcome.value}"),
            Cell(shown(record.label), kind="url"),
            _status(record),
            Cell(shown(reason), kind="why"),
        )
        for record, reason in failures
    ]
    return table("failures", columns, rows, stack=True)


def diff_tables(diff: DiffReport, names: StepNames) -> str:
    """Where replies are not as they were in the other run, then the steps that changed."""
    columns = (Column("Where"), Column("Replies", numeric=True), Column("First change"))
    places = islice(diff.places.items(), LISTED_CHANGES)
    by_place = table("diff-places", columns, [_place_row(where, place, names) for where, place in places])
    columns = (Column("Step"), Column("Request"), Column("What changed"))
    rows = [_changed_row(step, names) for step in islice(diff.changes, LISTED_CHANGES)]
    return (by_place if diff.places else "") + table("diff", columns, rows, stack=True)


def _place_row(where: str, place: Place, names: StepNames) -> Sequence[Cell]:
    example = f"{shown(names.name(place.step))}: {shown(change_words(place.example))}"
    return Cell(shown(where), kind="url"), _count(place.replies), Cell(example, kind="why")


def _changed_row(step: Compared, names: StepNames) -> Sequence[Cell]:
    lines = [f"{shown(one.where)}: {shown(change_words(one))}" for one in step.changes[:_SHOWN_OF_STEP]]
    if len(step.changes) > _SHOWN_OF_STEP:
        lines.append(f"and {len(step.changes) - _SHOWN_OF_STEP} more")
    return (
        Cell(shown(names.name(step.step)), kind="name"),
        Cell(shown(step.label), kind="url"),
        Cell("<br>".join(lines), kind="why"),
    )


def _step(record: Recorded, names: StepNames) -> Cell:
    place = names.place(record.step)
    more = f' <span class="place">{shown(place)}</span>' if place else ""
    return Cell(f"{shown(record.step.key)}{more}", kind="name")


def _status(record: Recorded) -> Cell:
    return Cell("–", 0, "quiet") if record.status is None else Cell(str(record.status), record.status)


def bars_table(name: str, head: str, counts: Mapping[str, int], kind: Callable[[str], str]) -> str:
    """Names with their counts as horizontal bars; kind: the class of a name's bar."""
    total, highest = sum(counts.values()), max(counts.values())
    rows = [_bar_row(word, count, total, highest, kind(word)) for word, count in counts.items()]
    heads = f'<th scope="col">{head}</th><td></td>'
    heads += '<th scope="col" class="n">Count</th><th scope="col" class="n">Share</th>'
    return f'<table class="bars" id="{name}"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _bar_row(word: str, count: int, total: int, highest: int, kind: str) -> str:
    share = f"{count / total * 100:.1f} %" if count / total >= 0.001 else "under 0.1 %"
    bar = f'<rect class="bar {kind}" width="{max(round(200 * count / highest, 1), 1)}" height="10"/>'
    return (
        f'<tr><th scope="row">{shown(word)}</th><td class="bar-cell">'
        f'<svg class="hbar" viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true">{bar}</svg></td>'
        f'<td class="n">{format_count(count)}</td><td class="n quiet">{share}</td></tr>'
    )
