"""`tui-client check`: read every file of a workspace and say what can't be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui_client.cli import options, output
from tui_client.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from tui_client.storage.library import Library

_EPILOG = """\b
Exits with 3 if any file is broken.
\b
Examples:
  tui-client check
  tui-client check -C collections/shop
"""


@click.command("check", epilog=_EPILOG, short_help="Name every file that can't be read.")
@options.workspace
def command(path: Path | None) -> int:
    """Name every broken file: path, line, column, the place in the TOML, and the reason. The rest is read too."""
    from tui_client.cli.files import open_files

    library = open_files(path)
    broken, count = 0, 0
    for read in _readings(library):
        count += 1
        if (problem := _problem(read)) is not None:
            broken += 1
            output.out_line(problem)
    output.say(f"{count} files read, {broken} broken." if broken else f"{count} files read, all well.")
    return ExitCode.FILE if broken else ExitCode.OK


def _problem(read: Callable[[], object]) -> str | None:
    from tui_client.errors import TuiClientError
    from tui_client.model.wording import describe_error

    try:
        read()
    except TuiClientError as error:
        return describe_error(error)
    return None


def _readings(library: Library) -> Iterator[Callable[[], object]]:
    """Reading each file on its own, so that one that is broken hides no other."""
    for collection in library.collections():
        shelf = library.shelf(collection.id)
        yield shelf.collection
        for entry in shelf.walk():
            if entry.kind == "request":
                yield partial(shelf.read, entry.key)
            elif (collection.root / entry.key / "folder.toml").exists():
                yield partial(shelf.folder, entry.key)
        for name in library.environments(collection.id):
            yield partial(shelf.environment, name)
    for name in library.batches():
        yield partial(library.batch, name)
