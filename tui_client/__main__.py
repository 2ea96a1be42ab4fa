"""The command `tui-client`: a command's name leads to the command line, anything else to the workbench."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

_COMMANDS: Final = frozenset(
    {"send", "replay", "history", "diff", "list", "check", "trust", "cookies", "import", "export", "schema", "demo"}
)


# Textual would write every key that is pressed to a log, to keys.log, to its console: passwords too.
_TELLTALES: Final = ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_DEBUG")
_COLOUR_SYSTEMS: Final = ("auto", "standard", "256", "truecolor")


def main() -> int:
    """Run what the arguments ask for. Returns the exit code; never raises."""
    from tui_client.cli.crash import guarded

    return guarded(_run)


def _run() -> int:
    arguments = sys.argv[1:]
    if arguments and (arguments[0] in _COMMANDS or arguments[0].startswith("-")):
        from tui_client.cli.main import run

        return run(arguments, _open_workbench)
    return _workbench(arguments)


def _workbench(arguments: list[str]) -> int:
    from tui_client.cli.exit_codes import ExitCode
    from tui_client.cli.output import say

    path = Path(arguments[0]) if arguments else None
    if len(arguments) > 1:
        say("The workbench takes one PATH. Try tui-client --help.")
        return ExitCode.USAGE
    if path is not None and not path.is_dir():
        commands = ", ".join(sorted(_COMMANDS))
        say(f"{arguments[0]} is neither a directory nor a command. The commands are {commands}.")
        return ExitCode.USAGE
    return _open_workbench(path)


def _open_workbench(path: Path | None, first: str = "", hello: str = "") -> int:
    """Open the workbench, or say why this terminal can't show it. Returns the exit code."""
    from tui_client.cli.crash import DRAFTS, crashed
    from tui_client.cli.exit_codes import ExitCode, for_error
    from tui_client.cli.output import say
    from tui_client.errors import TuiClientError
    from tui_client.model.wording import describe_error
    from tui_client.replay.calm import begin_without_collector

    reason = _unusable_terminal()
    if reason:
        say(f"The workbench needs a terminal: {reason}. The commands work without one; see tui-client --help.")
        return ExitCode.USAGE
    begin_without_collector()
    for name in _TELLTALES:
        os.environ.pop(name, None)
    if os.environ.get("TEXTUAL_COLOR_SYSTEM") not in _COLOUR_SYSTEMS:
        os.environ.pop("TEXTUAL_COLOR_SYSTEM", None)  # it would be a KeyError
    try:
        from tui_client.tui.app import run_workbench

        return run_workbench(path, first, hello)
    except TuiClientError as error:
        say(describe_error(error))
        return for_error(error)
    except Exception as error:  # noqa: BLE001 - a bug; said here, for a command may have opened the workbench
        return crashed(error, DRAFTS)


def _unusable_terminal() -> str:
    """Why the workbench can't be shown here, as a clause; "" if it can."""
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        return "input or output is not one"
    if os.environ.get("TERM", "dumb") in ("", "dumb", "unknown"):
        return "TERM names none that can move its cursor"
    if (sys.stdout.encoding or "").lower().replace("-", "") != "utf8":
        return "its locale is not UTF-8; set LANG=C.UTF-8"
    # The screen is painted there.
    return "" if sys.stderr and sys.stderr.isatty() else "the error output is not one"


if __name__ == "__main__":
    sys.exit(main())
