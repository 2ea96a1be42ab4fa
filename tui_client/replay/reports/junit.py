"""JUnit XML: a test case for each step, threshold and difference, as Jenkins and GitLab read it.

What makes a run fail is red here too: a failed step is a `failure`; an error, a dropped step and one in doubt are an
`error`, its type saying which. Only a step that follows one that failed is `skipped`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC
from html import escape
from typing import Final, TextIO

import msgspec

from tui_client.model.step import StepId
from tui_client.replay.diff.runs import DiffReport
from tui_client.replay.record import OutcomeKind, Recorded
from tui_client.replay.reports._report import RunData
from tui_client.replay.reports._words import StepNames, change_words, with_reasons
from tui_client.replay.thresholds import Verdict, actual_words, threshold_words
from tui_client.text import safe, safe_line

_ELEMENTS: Final[dict[OutcomeKind, str]] = {
    OutcomeKind.FAILED: "failure",
    OutcomeKind.ERROR: "error",
    OutcomeKind.SKIPPED: "skipped",
    OutcomeKind.DROPPED: "error",
    OutcomeKind.IN_DOUBT: "error",
}


class JUnit(msgspec.Struct, frozen=True):
    name: str = "junit"
    suffix: str = ".xml"

    def write(self, data: RunData, out: TextIO) -> None:
        """Reads the records twice: the counts stand before what they count."""
        counts = _step_counts(data)
        checks = [*_threshold_cases(data.summary.thresholds)]
        diffs = [] if data.diff is None else [*_diff_cases(data.diff, StepNames(data.header.plan))]
        total = counts.plus(_counts_of(checks)).plus(_counts_of(diffs))
        title = data.header.plan.title or data.header.run
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        seconds = f"{data.summary.seconds:.3f}"
        attributes = f'tests="{total.tests}" failures="{total.failures}" errors="{total.errors}" time="{seconds}"'
        out.write(f"<testsuites name={_quoted(title)} {attributes}>\n")
        _write_suite(out, data, title, counts, seconds, _step_cases(data))
        if checks:
            _write_suite(out, data, "thresholds", _counts_of(checks), "0.000", checks)
        if diffs:
            _write_suite(out, data, "diff", _counts_of(diffs), "0.000", diffs)
        out.write("</testsuites>\n")


class _Case(msgspec.Struct, frozen=True):
    """element: what stands in the test case, "" if it passed."""

    classname: str
    name: str
    seconds: float = 0.0
    element: str = ""
    type: str = ""
    message: str = ""
    text: str = ""


class _Counts(msgspec.Struct, frozen=True):
    tests: int = 0
    failures: int = 0
    errors: int = 0
    skipped: int = 0

    def plus(self, other: _Counts) -> _Counts:
        return _Counts(
            self.tests + other.tests,
            self.failures + other.failures,
            self.errors + other.errors,
            self.skipped + other.skipped,
        )


def _step_counts(data: RunData) -> _Counts:
    found = {"failure": 0, "error": 0, "skipped": 0}
    tests = 0
    for record in data.records():
        tests += 1
        if record.outcome in _ELEMENTS:
            found[_ELEMENTS[record.outcome]] += 1
    return _Counts(tests, found["failure"], found["error"], found["skipped"])


def _counts_of(cases: Iterable[_Case]) -> _Counts:
    elements = [case.element for case in cases]
    return _Counts(len(elements), elements.count("failure"), elements.count("error"), elements.count("skipped"))


def _step_cases(data: RunData) -> Iterator[_Case]:
    names = StepNames(data.header.plan)
    for record, reason in with_reasons(data):
        yield _step_case(record, reason, names.name(record.step))


def _step_case(record: Recorded, reason: str, name: str) -> _Case:
    seconds = (record.service_ms or 0.0) / 1000
    if record.outcome is OutcomeKind.PASSED:
        return _Case(_classname(record.step), name, seconds)
    status = "" if record.status is None else f"status {record.status}"
    return _Case(
        _classname(record.step),
        name,
        seconds,
        element=_ELEMENTS[record.outcome],
        type=record.error or record.outcome.value,
        message=reason or record.outcome.value,
        text="\n".join(line for line in (record.label, status, reason) if line),
    )


def _classname(step: StepId) -> str:
    # Jenkins and GitLab make a tree of packages from the dots.
    return step.key.replace(".", "_").replace("/", ".")


def _threshold_cases(verdicts: Iterable[Verdict]) -> Iterator[_Case]:
    for verdict in verdicts:
        name = threshold_words(verdict.threshold)
        if verdict.passed:
            yield _Case("thresholds", name)
        else:
            message = f"{name}, was {actual_words(verdict)}"
            yield _Case("thresholds", name, element="failure", type="threshold", message=message, text=message)


def _diff_cases(diff: DiffReport, names: StepNames) -> Iterator[_Case]:
    for step in diff.changes:
        lines = [f"{one.where}: {change_words(one)}" for one in step.changes]
        more = f", and {len(lines) - 1} more" if len(lines) > 1 else ""
        message, text = f"{lines[0]}{more}", "\n".join((step.label, *lines))
        yield _Case("diff", names.name(step.step), element="failure", type="diff", message=message, text=text)
    if not diff.changes:
        yield _Case("diff", f"{diff.compared} replies compared, none changed")


def _write_suite(out: TextIO, data: RunData, name: str, counts: _Counts, seconds: str, cases: Iterable[_Case]) -> None:
    # Without an offset: the common schemas know none, and readers take it as UTC.
    started = data.header.started.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    out.write(
        f'<testsuite name={_quoted(name)} tests="{counts.tests}" failures="{counts.failures}" errors="{counts.errors}"'
        f' skipped="{counts.skipped}" time="{seconds}" timestamp="{started}" hostname="localhost">\n'
    )
    for case in cases:
        _write_case(out, case)
    out.write("</testsuite>\n")


def _write_case(out: TextIO, case: _Case) -> None:
    head = f'<testcase classname={_quoted(case.classname)} name={_quoted(case.name)} time="{case.seconds:.3f}"'
    if not case.element:
        out.write(f"{head}/>\n")
        return
    out.write(
        f"{head}><{case.element} type={_quoted(case.type)} message={_quoted(case.message)}>"
        f"{escape(safe(case.text), quote=False)}</{case.element}></testcase>\n"
    )


def _quoted(text: str) -> str:
    return f'"{escape(safe_line(text))}"'


FORMAT: Final = JUnit()
