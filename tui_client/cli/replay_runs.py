"""`replay --list`, `--show` and `--delete`: the runs there are, one of them, one of them less."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Final

from tui_client.cli import output
from tui_client.cli.exit_codes import ExitCode
from tui_client.cli.replay_compare import rules_of
from tui_client.cli.replay_finish import Over, asked_of, finish
from tui_client.cli.replay_journals import journal_of
from tui_client.cli.replay_json import info_json
from tui_client.cli.replay_options import Wanted
from tui_client.replay.journal.header import RunInfo
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.reports.journalled import summary_of
from tui_client.text import format_bytes, format_count, format_duration_ms, safe_line
from tui_client.workspace import open_runs

_TITLES: Final = ("run", "state", "started", "done", "failed", "took", "size", "what")
_RIGHT: Final = frozenset({"done", "failed", "took", "size"})


def list_runs(wanted: Wanted) -> ExitCode:
    """All runs, newest first."""
    runs = open_runs().list()
    with output.for_who_reads():
        if wanted.as_json:
            output.out_json([info_json(info) for info in runs])
        elif runs:
            width = output.columns(sys.stdout)
            for line in table(runs):
                output.out_line(line[:width])
    if not runs and not wanted.as_json:
        output.say("There are no runs yet. Begin one with: tui-client replay TARGET")
    return ExitCode.OK


def table(runs: Sequence[RunInfo]) -> Iterator[str]:
    """A line for each run under a line of titles, in columns; safe to print."""
    rows = [_TITLES, *map(_cells, runs)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(_TITLES, row, widths, strict=True)
        yield "  ".join(text.rjust(w) if title in _RIGHT else text.ljust(w) for title, text, w in cells).rstrip()


def _cells(info: RunInfo) -> tuple[str, ...]:
    started = "" if info.started is None else f"{info.started.astimezone():%Y-%m-%d %H:%M}"
    if info.problem:
        return (info.run, info.state, started, "", "", "", format_bytes(info.bytes), safe_line(info.problem))
    planned = "…" if info.planned is None else format_count(info.planned)
    what = f"{info.title} ({info.environment})" if info.environment else info.title
    return (
        info.run,
        info.state,
        started,
        f"{format_count(info.done)} / {planned}",
        format_count(info.failed + info.errors),
        format_duration_ms(info.seconds * 1000),
        format_bytes(info.bytes),
        safe_line(what),
    )


def show(wanted: Wanted) -> ExitCode:
    """One run's figures, folded from its journal. Raises NotFound, BrokenFile."""
    store = open_runs()
    journal = journal_of(store, wanted.show or "")
    asked = asked_of(wanted, store)
    running = journal.is_running
    with JournalReader(journal.path) as reader:
        header = reader.header(store.sealer())
        rules = rules_of(wanted, header.plan.diff)
        summary = summary_of(reader, header, running)
        info = reader.info(running)
    if running:
        output.say(f"Run {header.run} is still going on. These are its figures so far.")
    if not wanted.as_json:
        with output.for_who_reads():
            output.out_line("  ".join(filter(None, (header.run, info.title, info.environment, info.state))))
    return finish(Over(header, summary, journal), asked, rules)


def delete(wanted: Wanted) -> ExitCode:
    """Remove a run. Raises NotFound; UsageError while it runs; SaveFailed."""
    store = open_runs()
    run = store.find(wanted.delete or "")
    path = store.path(run)
    store.delete(run)
    with output.for_who_reads():
        if wanted.as_json:
            output.out_json({"deleted": run, "journal": str(path), "error": None})
        else:
            output.out_line(f"Deleted run {run}: {path}")
    return ExitCode.OK
