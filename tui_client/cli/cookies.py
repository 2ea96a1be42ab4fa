"""`tui-client cookies`: the cookies that were kept beyond the end of the app; list and remove them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tui_client.cli import options, output
from tui_client.cli.exit_codes import ExitCode
from tui_client.text import format_count

if TYPE_CHECKING:
    from tui_client.cli.kept_cookies import Wanted

_EPILOG: Final = """\b
Cookies are kept if config.toml says so, and only those with a date of expiry:
  [cookies]
  keep = true
Each belongs to a collection, an environment and an origin: scheme, host and port.
Replays neither use nor change them.

\b
Examples:
  tui-client cookies
  tui-client cookies list --show-values --origin http://127.0.0.1:8000
  tui-client cookies clear --collection collections/shop --environment local
  tui-client cookies clear --yes
"""
_LIST: Final = """\b
Examples:
  tui-client cookies list
  tui-client cookies list --origin https://api.example.com --show-values
  tui-client cookies list --json
"""
_CLEAR: Final = """\b
An app that runs forgets its own in its Cookies dialog.

\b
Examples:
  tui-client cookies clear --origin https://api.example.com
  tui-client cookies clear --collection collections/shop --environment local --yes
"""


def _filters(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which cookies are meant; all of what is given must fit."""
    environment = click.option(
        "-e",
        "--env",
        "--environment",
        "environment",
        metavar="NAME",
        help='Only those of this environment; "" is none.',
    )
    collection = click.option(
        "-C",
        "--collection",
        "collection",
        type=click.Path(path_type=Path),
        help="Only those of this collection, or of those in it.",
    )
    origin = click.option("--origin", metavar="ORIGIN", help="Only those of this origin, http://127.0.0.1:8000 say.")
    return origin(collection(environment(command)))


_show_values = click.option("--show-values", is_flag=True, help="Print the values; they are masked otherwise.")


@click.group(
    "cookies",
    epilog=_EPILOG,
    invoke_without_command=True,
    short_help="List the cookies that were kept, and remove them.",
)
@_show_values
@options.as_json
@click.pass_context
def command(context: click.Context, show_values: bool, as_json: bool) -> int:
    """Cookies that were kept, by collection, environment and origin. Without a command: the list of all."""
    if context.invoked_subcommand is not None:
        return ExitCode.OK
    from tui_client.cli.kept_cookies import Wanted

    return _list(Wanted(), show_values=show_values, as_json=as_json)


@command.command("list", epilog=_LIST, short_help="List them, with masked values.")
@_filters
@_show_values
@options.as_json
def list_cookies(
    origin: str | None, collection: Path | None, environment: str | None, show_values: bool, as_json: bool
) -> int:
    """List the cookies that were kept."""
    from tui_client.cli.kept_cookies import wanted_of

    return _list(wanted_of(origin, collection, environment), show_values=show_values, as_json=as_json)


def _list(wanted: Wanted, *, show_values: bool, as_json: bool) -> int:
    from tui_client.cli import kept_cookies

    found = kept_cookies.found(wanted)
    if as_json:
        rows = [kept_cookies.entry_json(one, show_values=show_values) for one in found]
        output.out_json({"keep": kept_cookies.is_on(), "cookies": rows})
        return ExitCode.OK
    _print(kept_cookies.lines(found, show_values=show_values))
    if note := kept_cookies.note(found):
        output.say(note)
    return ExitCode.OK


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        output.out_line(line)


@command.command("clear", epilog=_CLEAR, short_help="Remove them, or some of them.")
@_filters
@click.option("--yes", is_flag=True, help="Don't ask.")
@options.as_json
def clear(origin: str | None, collection: Path | None, environment: str | None, yes: bool, as_json: bool) -> int:
    """Remove the cookies that were kept for good: all of them, or those that fit."""
    from tui_client.cli import kept_cookies

    wanted = kept_cookies.wanted_of(origin, collection, environment)
    count = len(kept_cookies.found(wanted))
    if count and not yes:
        click.confirm(f"Remove {_cookies(count)}?", abort=True, err=True)
    removed = kept_cookies.removed(wanted) if count else 0
    if as_json:
        output.out_json({"removed": removed})
    else:
        output.say(f"{_cookies(removed)} {'was' if removed == 1 else 'were'} removed.")
    return ExitCode.OK


def _cookies(count: int) -> str:
    return "1 cookie" if count == 1 else f"{format_count(count)} cookies"
