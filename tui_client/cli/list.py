"""`tui-client list`: the requests of a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui_client.cli import options, output

if TYPE_CHECKING:
    from tui_client.storage.library import Library

_EPILOG = """\b
Examples:
  tui-client list
  tui-client list -C collections/shop --json
"""


@click.command("list", epilog=_EPILOG, short_help="List the requests of a workspace.")
@options.workspace
@options.as_json
def command(path: Path | None, as_json: bool) -> None:
    """List the requests, one a line: key, method, name. A file that can't be read is listed with the reason."""
    from tui_client.cli.files import open_files

    library = open_files(path)
    keys = library.keys()
    rows = [_row(library, key) for key in keys]
    if as_json:
        output.out_json(rows)
        return
    width = max((len(row["key"]) for row in rows), default=0)
    for row in rows:
        method = row["method"] or "!"
        output.out_line(f"{row['key']:<{width}}  {method:<7} {row['error'] or row['name']}".rstrip())
    if not rows:
        output.say(f"There are no requests in {library.root}. Run tui-client to make some, or give -C PATH.")


def _row(library: Library, key: str) -> dict[str, Any]:
    from tui_client.errors import TuiClientError
    from tui_client.model.wording import describe_error

    try:
        request = library.load(key).request
    except TuiClientError as error:
        return {"key": key, "method": None, "name": "", "url": None, "tags": [], "error": describe_error(error)}
    return {
        "key": key,
        "method": request.method,
        "name": request.name,
        "url": request.url,
        "tags": list(request.tags),
        "error": None,
    }
