"""`tui-client history`: what was sent in the past, and sending it again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tui_client.cli import options, output
from tui_client.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from tui_client.trust.grants import Grant

_EPILOG: Final = """\b
Without a command, the newest entries are listed, newest first. Secrets were masked
before anything was kept. Runs of replay are not here: they have their journals.

\b
Examples:
  tui-client history
  tui-client history --search 'users 404' --limit 20
  tui-client history show 42
  tui-client history send 42
  tui-client history export users -o users.har
  tui-client history clear --yes
  tui-client replay --from-history 'GET users'
"""
_SHOW: Final = """\b
Examples:
  tui-client history show 42
  tui-client history show 42 --body > reply.json
  tui-client history show 42 --json
"""
_SEND: Final = """\b
A secret that was typed into the request itself was not kept; where the request of its
file still says the same, that is sent.

\b
Examples:
  tui-client history send 42
  tui-client history send 42 -v id=7 --json
"""
_EXPORT: Final = """\b
A redirect is an entry of its own. What the history masks or has cut is masked and cut
there too.

\b
Examples:
  tui-client history export -o all.har
  tui-client history export users 404 --limit 20 > some.har
"""
_CLEAR: Final = """\b
Examples:
  tui-client history clear
  tui-client history clear -C collections/shop --yes
"""
_number = click.argument("number", metavar="ID", type=click.IntRange(min=1))
_collection = click.option(
    "-C", "path", type=click.Path(path_type=Path), help="Only what was sent from this collection, or from those in it."
)


@click.group(
    "history", epilog=_EPILOG, short_help="List what was sent, show it, send it again.", invoke_without_command=True
)
@click.option("--search", "text", default="", metavar="TEXT", help="Only entries with all of these words.")
@click.option("--limit", type=click.IntRange(min=1, max=100_000), default=50, help="At most so many. [default: 50]")
@_collection
@options.as_json
@click.pass_context
def command(context: click.Context, text: str, limit: int, path: Path | None, as_json: bool) -> int:
    """List what was sent, newest first."""
    if context.invoked_subcommand is not None:
        return ExitCode.OK
    from tui_client.cli import history_text
    from tui_client.cli.history_entries import found, nothing_yet

    entries = found(text, limit, path)
    if as_json:
        output.out_json([history_text.entry_json(entry) for entry in entries])
        return ExitCode.OK
    for line in history_text.lines(entries):
        output.out_line(line)
    if not entries:
        output.say("Nothing was found." if text or path else nothing_yet())
    return ExitCode.OK


@command.command("show", epilog=_SHOW, short_help="Show one entry: request and reply.")
@_number
@click.option("--body", "only_body", is_flag=True, help="Print the reply's body alone.")
@options.as_json
def show(number: int, only_body: bool, as_json: bool) -> int:
    """Show the request as it was sent, and the reply; what was secret is masked."""
    from tui_client.cli import history_text
    from tui_client.cli.history_entries import loaded

    kept = loaded(number)
    if as_json:
        output.out_json(history_text.kept_json(kept))
    elif only_body:
        history_text.show_body(kept)
    else:
        history_text.show(kept)
    return ExitCode.OK


@command.command("send", epilog=_SEND, short_help="Send the request of an entry again.")
@_number
@options.variables
@options.body_path
@options.include
@options.as_json
@options.fail
@options.grants
def send(
    number: int,
    given: tuple[tuple[str, str], ...],
    body_path: Path | None,
    include: bool,
    as_json: bool,
    fail: bool,
    grants: tuple[Grant, ...],
) -> int:
    """Send the request of an entry again, as it was written, with the variables of its environment as they are now."""
    from tui_client.cli.history_send import send_again
    from tui_client.cli.send import Wanted
    from tui_client.cli.target import Changes

    wanted = Wanted(
        target=str(number),
        path=None,
        environment="",
        given=options.given_values(given),
        changes=Changes(),
        grants=frozenset(grants),
        body_path=body_path,
        as_json=as_json,
        fail=fail,
        include=include,
    )
    return asyncio.run(send_again(number, wanted))


@command.command("export", epilog=_EXPORT, short_help="Write entries as HAR, with replies and times.")
@click.argument("words", metavar="[SEARCH]...", nargs=-1)
@click.option("--format", "_format", type=click.Choice(["har"]), default="har", help="HAR 1.2. [default: har]")
@click.option("--limit", type=click.IntRange(min=1, max=100_000), default=100_000, help="At most so many, the newest.")
@_collection
@click.option("-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a file.")
def export(words: tuple[str, ...], _format: str, limit: int, path: Path | None, file: Path | None) -> int:
    """Write all entries, or those with all of these words: requests, replies and timings."""
    from tui_client.cli.history_export import export as write

    write(" ".join(words), limit, path, file)
    return ExitCode.OK


@command.command("clear", epilog=_CLEAR, short_help="Remove all entries.")
@_collection
@click.option("--yes", is_flag=True, help="Don't ask.")
def clear(path: Path | None, yes: bool) -> int:
    """Remove all entries for good, or those of one collection."""
    from tui_client.cli.history_entries import cleared
    from tui_client.text import format_count, safe_line

    what = "all of the history" if path is None else f"what was sent from {path}"
    if not yes:
        click.confirm(f"Remove {safe_line(what)}?", abort=True, err=True)
    count = cleared(path)
    output.say("1 entry was removed." if count == 1 else f"{format_count(count)} entries were removed.")
    return ExitCode.OK
