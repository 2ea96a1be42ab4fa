"""The commands by name, each imported when it is used, and the one way in which they end."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Sequence
from keyword import iskeyword
from pathlib import Path
from typing import Final, Protocol

import click

from tui_client import __version__
from tui_client.cli import output
from tui_client.cli.exit_codes import ExitCode, for_error
from tui_client.errors import TuiClientError, UsageError
from tui_client.model.wording import describe_error


class OpenWorkbench(Protocol):
    """Opens the workbench; `__main__` hands it in, since cli never imports tui."""

    def __call__(self, path: Path | None, first: str = "", hello: str = "") -> int:
        """Open it on a workspace. Returns the exit code.

        first: the key of the request to open at the start. hello: a sentence to greet with.
        """


COMMANDS: Final = (
    "send",
    "replay",
    "history",
    "diff",
    "list",
    "check",
    "trust",
    "cookies",
    "import",
    "export",
    "schema",
    "demo",
)

_EPILOG: Final = """\b
Without a command, the workbench opens on PATH, a workspace or one collection.

\b
Examples:
  tui-client                          the workbench on ./collections
  tui-client demo                     try everything against an API on this machine
  tui-client send :8000/users         send a request to localhost
  tui-client replay . --json          send all requests, print the figures
"""


class _LazyCommands(click.Group):
    """Imports a command's module when the command is asked for, so that starting costs little."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        # No module can be called "import".
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command = importlib.import_module(f"tui_client.cli.{module}").command
        assert isinstance(command, click.Command)
        return command


@click.group(
    cls=_LazyCommands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_EPILOG,
    options_metavar="",
    subcommand_metavar="[PATH] | COMMAND ...",
)
@click.version_option(__version__, prog_name="tui-client")
def group() -> None:
    """The API explorer that lives in the terminal."""


def _invoke(arguments: Sequence[str], open_workbench: OpenWorkbench) -> int:
    # Not `group.main`: it ends the process with 1 when a reader of ours closes its end.
    try:
        with group.make_context("tui-client", list(arguments), obj=open_workbench) as context:
            code = group.invoke(context)
    except click.exceptions.Exit as ended:
        code = ended.exit_code
    return code if isinstance(code, int) else ExitCode.OK


def _show(error: click.ClickException) -> None:
    """How the command is used and what is wrong; click would print what was typed, or pasted, as it is."""
    text = io.StringIO()
    error.show(text)
    output.say(text.getvalue().rstrip("\n"))


def _show_as_json(arguments: Sequence[str], error: TuiClientError) -> None:
    """What prints one object with --json does so also where the command line itself is wrong."""
    if not arguments or "--json" not in arguments:
        return
    if arguments[0] == "send" or tuple(arguments[:2]) == ("history", "send"):
        from tui_client.cli.send_json import error_json

        said = error_json(error)
    elif arguments[0] in ("replay", "diff", "history", "check", "trust", "cookies"):
        from tui_client.cli.send_json import error_entry

        said = {"error": error_entry(error)}
    else:
        return
    with output.for_who_reads():
        output.out_json(said)


def _told(arguments: Sequence[str], open_workbench: OpenWorkbench) -> int:
    """Run it, and say what ended it. Returns the exit code; raises OSError for a stdout that broke."""
    try:
        return _invoke(arguments, open_workbench)
    except click.ClickException as error:
        _show(error)
        _show_as_json(arguments, UsageError(error.format_message()))
        return ExitCode.USAGE
    except TuiClientError as error:
        output.say(describe_error(error))
        _show_as_json(arguments, error)
        return for_error(error)


def run(arguments: Sequence[str], open_workbench: OpenWorkbench) -> int:
    """Run one command. Returns its exit code; never raises for what a user, a file or a server did."""
    # A locale without UTF-8 must not turn a reply into a traceback.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code: int = ExitCode.OK
    try:
        code = _told(arguments, open_workbench)
        sys.stdout.flush()
        return code
    except (KeyboardInterrupt, EOFError, click.Abort):
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        output.ends_quietly()
        return code
    except OSError as error:
        if not error.errno:
            raise  # no word of the system's: a bug of ours
        # Rooms below turn what it says of files into errors of ours; what names no file is stdout.
        if error.filename is not None:
            output.say(f"{error.filename!s} can't be used: {error.strerror}.")
            return ExitCode.FILE
        output.ends_quietly()
        output.say(f"The output can't be written: {error.strerror or error}.")
        return ExitCode.INTERRUPTED if code == ExitCode.INTERRUPTED else ExitCode.FILE
