"""`tui-client replay merge`: the journals of all parts of a plan, joined into one run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tui_client.cli import options, output
from tui_client.cli.exit_codes import ExitCode, gravest
from tui_client.errors import UsageError

if TYPE_CHECKING:
    from tui_client.cli.replay_journals import Journal
    from tui_client.replay.journal.store import RunStore

_EPILOG: Final = """\b
JOURNAL is a journal's file, a folder with such files, or a run as for --show.
Without -o the whole run becomes one of yours: see --list, --show last, --only failed last.

\b
Exits as the whole run would have: 0 if all is well, 1 if checks or thresholds failed or
parts are missing, 2 for journals that don't belong together, 3 if a file could not be
read; see tui-client replay --help for the others.

\b
Examples:
  tui-client replay batches/nightly --shard 1/2        on one machine
  tui-client replay batches/nightly --shard 2/2        on another one
  tui-client replay merge journals/ --report whole.html
  tui-client replay merge one.sqlite two.sqlite -o whole.sqlite
  tui-client replay --show whole.sqlite --report junit.xml
"""


@click.command("merge", epilog=_EPILOG, short_help="Join the journals of all parts of a plan into one run.")
@click.argument("journals", metavar="JOURNAL...", nargs=-1, required=True)
@click.option("-o", "--output", "path", type=click.Path(path_type=Path), help="The new journal, a file (.sqlite).")
@click.option("--allow-missing", is_flag=True, help="Merge what is there; a missing part makes the exit code 1.")
@click.option(
    "--report",
    "reports",
    metavar="[FORMAT=]FILE",
    multiple=True,
    help="Write html, junit, json, jsonl, csv or har; the suffix says which (junit: .xml).",
)
@options.as_json
def command(
    journals: tuple[str, ...], path: Path | None, allow_missing: bool, reports: tuple[str, ...], as_json: bool
) -> int:
    """Join the journals of runs with --shard into one, and print its figures as if one run had sent it all.

    The journals are left as they are.
    """
    from tui_client.cli.replay_finish import Over, asked_of, finish
    from tui_client.cli.replay_options import Wanted
    from tui_client.replay.journal.merging.merge import merge, merged_header
    from tui_client.replay.journal.merging.parts import missing_of, missing_words, read_parts
    from tui_client.workspace import open_runs

    store = open_runs()
    asked = asked_of(Wanted(reports=reports, as_json=as_json), store)
    if path is not None:
        _check_new(path)
    found = [file for text in journals for file in _files(store, text)]
    parts = read_parts(found, store.sealer(), allow_missing=allow_missing)
    header = merged_header(parts)
    journal = _place(store, header.run, path)
    live = output.LiveLine()
    live.show(f"Merging {len(parts)} journals …")  # a million steps take some seconds
    try:
        summary = merge(parts, header, journal.path, store.sealer())
    finally:
        live.clear()
    missing = missing_of(parts)
    if missing:
        output.say(f"{missing_words(missing, parts[0].shard.of)}: these are the figures of the others.")
    code = ExitCode.CHECKS_FAILED if missing else ExitCode.OK
    return gravest([code, finish(Over(header, summary, journal), asked, header.plan.diff)])


def _check_new(path: Path) -> None:
    from tui_client.cli.replay_journals import SUFFIX

    if path.suffix != SUFFIX:
        raise UsageError(f"The new journal {path} must end in {SUFFIX}, so that --show knows it for one.")
    if not path.expanduser().parent.is_dir():
        raise UsageError(f"There is no folder {path.parent} for the journal {path.name}. Make it, and try again.")
    if path.expanduser().exists():
        raise UsageError(f"There is a file {path} already. Choose another name for the merged journal, or remove it.")


def _place(store: RunStore, run: str, path: Path | None) -> Journal:
    from tui_client.cli.replay_journals import Journal

    return Journal(run, store.new_path(run)) if path is None else Journal(str(path), path.expanduser(), stored=False)


def _files(store: RunStore, text: str) -> Iterator[Path]:
    from tui_client.cli.replay_journals import SUFFIX, journal_of
    from tui_client.errors import BrokenFile

    path = Path(text).expanduser()
    if path.is_dir():
        files = sorted(path.glob(f"*{SUFFIX}"))
        if not files:
            raise UsageError(f"There is no journal in the folder {text}: their names end in {SUFFIX}.")
        yield from files
    elif path.suffix == SUFFIX and not path.is_file():
        raise BrokenFile(path, "there is no such journal")
    else:
        yield journal_of(store, text).path
