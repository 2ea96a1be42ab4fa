"""Options that several commands share, and the values that they take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tui_client.trust.grants import Grant


def name_value(text: str) -> tuple[str, str]:
    """ "NAME=VALUE" as a pair."""
    name, separator, value = text.partition("=")
    if not separator or not name.strip():
        raise click.BadParameter(f"{text!r} is not NAME=VALUE.")
    return name.strip(), value


def header(text: str) -> tuple[str, str]:
    """ "Name: value" as a pair."""
    name, separator, value = text.partition(":")
    if not separator or not name.strip():
        raise click.BadParameter(f"{text!r} is not 'Name: value'.")
    return name.strip(), value.strip(" \t")


def grant(text: str) -> Grant:
    """ "env:HOME" as a grant. Raises UsageError."""
    from tui_client.trust.grants import parse_grant

    return parse_grant(text)


workspace = click.option(
    "-C", "path", type=click.Path(path_type=Path), help="The workspace, or one collection. [default: ./collections]"
)
environment = click.option("-e", "--env", "environment", default="", help="The environment whose values are used.")
variables = click.option(
    "-v",
    "--var",
    "given",
    type=name_value,
    metavar="NAME=VALUE",
    multiple=True,
    help="A variable's value; wins over all others.",
)
grants = click.option(
    "--grant",
    "grants",
    type=grant,
    metavar="KIND:SUBJECT",
    multiple=True,
    help="What the collection may reach on this machine: env:NAME, file:PATH, host:HOST:PORT, insecure:HOST:PORT.",
)
body_path = click.option(
    "-o", "--output", "body_path", type=click.Path(path_type=Path, dir_okay=False), help="Save the body here."
)
include = click.option("-i", "--include", is_flag=True, help="Print status line and headers before the body.")
fail = click.option("--fail", is_flag=True, help="Exit with 1 on a status of 400 or more.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")


def given_values(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The variables of the command line; the last of a name wins."""
    return dict(pairs)
