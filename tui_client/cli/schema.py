"""`tui-client schema`: the JSON Schema of the collection format."""

from __future__ import annotations

import click

from tui_client.cli import output

_EPILOG = """\b
Examples:
  tui-client schema > tui-client.schema.json
"""


@click.command("schema", epilog=_EPILOG, short_help="Print the JSON Schema of collection files.")
def command() -> None:
    """Print the JSON Schema of request files, for editors that complete and check TOML."""
    from tui_client.storage.schema import schema

    output.out_json(schema())
