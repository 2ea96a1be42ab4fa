"""The objects that `replay --json` prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tui_client.cli.send_json import error_entry
from tui_client.errors import TuiClientError
from tui_client.replay.diff.render import to_json as diff_to_json
from tui_client.replay.diff.runs import DiffReport
from tui_client.replay.journal.header import RunInfo
from tui_client.replay.summary import Summary, to_json


def error_json(error: TuiClientError) -> dict[str, Any]:
    """The object where nothing came about: {error: {kind, message}}."""
    return {"error": error_entry(error)}


def run_json(
    summary: Summary,
    journal: Path,
    reports: tuple[tuple[str, Path], ...],
    before: str,
    diff: DiffReport | None,
    error: TuiClientError | None,
) -> dict[str, Any]:
    """The figures of a run, then: journal (its path), reports [{format, path}], diff, error.

    diff: null, or {run, compared, changed, …}, run being the one that was compared with. error: null, or {kind,
    message} of what ended the run, or of a report that could not be written.
    """
    return {
        **to_json(summary),
        "journal": str(journal),
        "reports": [{"format": name, "path": str(path)} for name, path in reports],
        "diff": None if diff is None else {"run": before, **diff_to_json(diff)},
        "error": None if error is None else error_entry(error),
    }


def info_json(info: RunInfo) -> dict[str, Any]:
    """A run as `replay --list --json` has it; started is ISO 8601 in UTC, null where it can't be read."""
    return {
        "run": info.run,
        "state": info.state,
        "title": info.title,
        "environment": info.environment,
        "workspace": info.workspace,
        "started": None if info.started is None else info.started.isoformat(),
        "planned": info.planned,
        "done": info.done,
        "passed": info.passed,
        "failed": info.failed,
        "errors": info.errors,
        "skipped": info.skipped,
        "dropped": info.dropped,
        "in_doubt": info.in_doubt,
        "seconds": round(info.seconds, 3),
        "parent": info.parent,
        "bytes": info.bytes,
        "problem": info.problem,
    }
