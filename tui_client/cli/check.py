"""`tui-client check`: read every file of a workspace and say what can't be read."""

from __future__ import annotations

from pathlib import Path

import click

from tui_client.cli import options, output
from tui_client.cli.exit_codes import ExitCode

_EPILOG = """\b
Exits with 3 if any file is broken.
\b
Examples:
  tui-client check
  tui-client check -C collections/shop
"""


@click.command("check", epilog=_EPILOG, short_help="Name every file that is broken, and where.")
@options.workspace
def command(path: Path | None) -> int:
    """Name every broken file: path, line, column, the place in the TOML, and the reason. The rest is read too.

    Templates, queries and patterns that can never be used are told too; variables are not looked up.
    """
    from tui_client.cli.files import open_files
    from tui_client.model.wording import describe_error

    library = open_files(path)
    broken = set()
    for problem in library.problems():
        broken.add(problem.path)
        output.out_line(describe_error(problem))
    for oddity in library.warnings():
        output.say(f"{describe_error(oddity)}; it is passed over.")
    count = library.count_files()
    output.say(f"{count} files read, {len(broken)} broken." if broken else f"{count} files read, all well.")
    return ExitCode.FILE if broken else ExitCode.OK
