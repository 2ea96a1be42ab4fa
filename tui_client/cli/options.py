"""Options that several commands share, and the values that they take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from tui_client.trust.grants import Grant, GrantKind

F = TypeVar("F", bound=Callable[..., Any])


class _Pair(click.ParamType):
    """Text with a separator in it, as (name, value)."""

    def __init__(self, separator: str, example: str) -> None:
        self.name = example
        self._separator = separator

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        name, separator, rest = str(value).partition(self._separator)
        if not separator or not name.strip():
            self.fail(f"{value!r} is not {self.name}.", param, ctx)
        return name.strip(), rest


class _GrantType(click.ParamType):
    """"env:HOME" as a Grant."""

    name = "KIND:SUBJECT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Grant:
        if isinstance(value, Grant):
            return value
        kind, separator, subject = str(value).partition(":")
        if not separator or not subject or kind not in list(GrantKind):
            self.fail(f"{value!r} is not one of {', '.join(f'{kind}:…' for kind in GrantKind)}", param, ctx)
        return Grant(GrantKind(kind), subject)


NAME_VALUE = _Pair("=", "NAME=VALUE")
HEADER = _Pair(":", "NAME: VALUE")

workspace = click.option(
    "-C", "path", type=click.Path(path_type=Path), help="The workspace, or one collection. [default: ./collections]"
)
environment = click.option("-e", "--env", "environment", default="", help="The environment whose values are used.")
variables = click.option(
    "-v", "--var", "given", type=NAME_VALUE, multiple=True, help="A variable's value; wins over all others."
)
grants = click.option(
    "--grant",
    "grants",
    type=_GrantType(),
    multiple=True,
    help="What the collection may reach on this machine: env:NAME, file:PATH, host:HOST:PORT, insecure:HOST:PORT.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")


def given_values(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The variables of the command line; the last of a name wins."""
    return dict(pairs)
