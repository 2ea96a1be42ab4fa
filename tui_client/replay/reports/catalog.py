"""The report formats, which one a user means, and writing a report to its file."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tui_client.errors import SaveFailed, UsageError
from tui_client.replay.plan import Plan
from tui_client.replay.reports import csv_report, har, html, json_report, jsonl, junit
from tui_client.replay.reports._report import ReportFormat, RunData
from tui_client.storage.atomic import sync_folder

_ALL: Final[tuple[ReportFormat, ...]] = (
    html.FORMAT,
    junit.FORMAT,
    json_report.FORMAT,
    jsonl.FORMAT,
    csv_report.FORMAT,
    har.FORMAT,
)
FORMATS: Final[Mapping[str, ReportFormat]] = {one.name: one for one in _ALL}
_BUFFER_BYTES: Final = 256 * 1024


def parse_wanted(text: str) -> tuple[ReportFormat, Path]:
    """ "html=report.out", or a path whose suffix says the format: "report.html", "junit.xml", "steps.jsonl".

    Raises UsageError, with the list of formats, for anything else.
    """
    name, equals, path = text.partition("=")
    if equals and name in FORMATS:
        if not path:
            raise UsageError(f"{text} names no file. Give {name}=FILE.")
        return FORMATS[name], Path(path)
    found = next((one for one in _ALL if Path(text).suffix.lower() == one.suffix), None)
    if found is None or not Path(text).name:
        raise UsageError(f"No report format is known for {text}. Give FORMAT=FILE; the formats are {_listed()}.")
    return found, Path(text)


def _listed() -> str:
    return ", ".join(f"{one.name} ({one.suffix})" for one in _ALL)


def write_report(data: RunData, format: ReportFormat, path: Path) -> None:
    """Write a report so that the file is old or new, never between. Only its owner may read a new one.

    The mode of a file that is there already stays, and a link. Raises SaveFailed, also for the file that the run reads
    its rows from; what stood on disk is untouched then.
    """
    try:
        _keep_rows(data.header.plan, path)
        if path.exists() and not path.is_file():
            # /dev/stdout, a pipe: nothing to rename over.
            with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as out:
                format.write(data, out)
        else:
            _replace(path.resolve(), data, format)
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error


def _keep_rows(plan: Plan, path: Path) -> None:
    rows = plan.data if plan.recording is None else plan.recording.path
    if rows is not None and path.exists() and rows.exists() and path.samefile(rows):
        raise SaveFailed(path, "the run reads its rows from it")


def _replace(path: Path, data: RunData, format: ReportFormat) -> None:
    temporary = path.parent / f".tui-client-{secrets.token_hex(8)}.tmp"
    try:
        _fill(temporary, _mode(path), data, format)
        temporary.replace(path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return 0o600


def _fill(temporary: Path, mode: int, data: RunData, format: ReportFormat) -> None:
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    # Line ends as the format writes them, and a name that is no text never ends a report half way.
    with os.fdopen(descriptor, "w", _BUFFER_BYTES, encoding="utf-8", errors="backslashreplace", newline="") as out:
        os.fchmod(descriptor, mode)
        format.write(data, out)
        out.flush()
        # Without this, a power cut can leave the renamed report empty.
        os.fsync(descriptor)
