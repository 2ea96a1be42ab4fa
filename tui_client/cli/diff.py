"""`tui-client diff`: two replies compared, saved ones or those of the history."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import click

from tui_client.cli import options, output
from tui_client.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from tui_client.replay.comparison.side import Side

_HISTORY: Final = "history:"
_EPILOG: Final = """\b
Exits with 0 if they are the same, with 1 if they differ. JSON is compared by its values:
the order of names makes no difference, elements of arrays are recognised.

\b
Examples:
  tui-client diff before.json after.json
  tui-client diff history:12 history:19 --ignore '$..id' --ignore '$.generated'
  tui-client diff saved.json history:19 --json
"""


@click.command("diff", epilog=_EPILOG, short_help="Compare two replies: files, or entries of the history.")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option(
    "--ignore", "ignored", metavar="JSONPATH", multiple=True, help="Leave out what this leads to; may be repeated."
)
@options.as_json
def command(before: str, after: str, ignored: tuple[str, ...], as_json: bool) -> int:
    """Compare two replies, A and B: each a file, or history:ID.

    Status, headers and body of replies of the history; of a file, the body alone. Headers that differ in every reply
    (date, etag and their like) are not counted.
    """
    from tui_client.cli import diff_text
    from tui_client.replay.comparison.running import compare_sides
    from tui_client.replay.comparison.summary import differs
    from tui_client.replay.diff.ignore import check_rules
    from tui_client.replay.plan import DiffRules

    check_rules(DiffRules(ignore=ignored))
    comparison = asyncio.run(compare_sides(_side(before), _side(after), ignored))
    with output.for_who_reads():
        if as_json:
            output.out_json(diff_text.to_json(comparison))
        else:
            for line in diff_text.to_lines(comparison):
                output.out_line(line)
    return ExitCode.CHECKS_FAILED if differs(comparison) else ExitCode.OK


def _side(name: str) -> Side:
    """Raises BrokenFile for a file, NotFound for an entry, UsageError for what is no number."""
    from tui_client.errors import UsageError
    from tui_client.replay.comparison.side import side_of_file, side_of_kept

    if not name.startswith(_HISTORY):
        return side_of_file(name)
    number = name.removeprefix(_HISTORY)
    if not (number.isascii() and number.isdigit() and 0 < int(number[:19]) < 1 << 63):
        raise UsageError(f"{name} names no entry: `tui-client history` lists them with their numbers.")
    from tui_client.cli.history_entries import loaded

    return side_of_kept(loaded(int(number)))
