"""`tui-client trust`: what collections may reach on this machine; list it, allow more, take it back."""

from __future__ import annotations

import click

from tui_client.cli.exit_codes import ExitCode

_EPILOG = """\b
Examples:
  tui-client trust
"""


@click.group("trust", epilog=_EPILOG, short_help="List what collections may reach, allow more, take it back.")
def command() -> int:
    """What collections may reach on this machine, as you decided."""
    return ExitCode.OK
