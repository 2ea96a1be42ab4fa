"""`tui-client cookies`: the cookies that were kept beyond the end of the app; list and remove them."""

from __future__ import annotations

import click

from tui_client.cli.exit_codes import ExitCode

_EPILOG = """\b
Examples:
  tui-client cookies
"""


@click.group("cookies", epilog=_EPILOG, short_help="List the cookies that were kept, and remove them.")
def command() -> int:
    """Cookies that were kept, by collection, environment and origin."""
    return ExitCode.OK
