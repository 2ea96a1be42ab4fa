"""The last net under every command and the workbench: a bug of ours is said without values, and never exits with 0."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tui_client.cli import output
from tui_client.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    import logging

DRAFTS: Final = "Drafts that were not saved are kept: start it again, and they are open."
_REPORT: Final = "Please report it with the lines above; they name places in the code, and hold no values of yours."


def guarded(work: Callable[[], int]) -> int:
    """Do the work of the whole process. Returns its exit code, `ExitCode.CRASHED` after a bug; never raises."""
    output.open_missing()
    _print_no_tracebacks()
    try:
        return work()
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BaseException as error:  # noqa: BLE001 - the net: Python would print messages and lines of source
        if isinstance(error, SystemExit) and isinstance(error.code, int | None):
            return error.code or ExitCode.OK
        return crashed(error)


def crashed(error: BaseException, next_step: str = "") -> ExitCode:
    """Report a bug on stderr: type, places, versions, what to do next. Returns the exit code."""
    try:
        text = _report(error)
    except Exception:  # noqa: BLE001 - no memory, say; the least that can be said
        text = "Something in tui-client went wrong. This is a bug of ours."
    output.say("\n".join([text, *filter(None, [next_step]), _REPORT]))
    return ExitCode.CRASHED


def _report(error: BaseException) -> str:
    from tui_client import __version__
    from tui_client.model.crash import report

    python = sys.version.partition(" ")[0]
    return f"{report(error)}\n  tui-client {__version__}, Python {python}, {sys.platform}"


def _print_no_tracebacks() -> None:
    """Those that Python and its libraries print of what nobody handles hold messages, and with them values."""
    import logging
    import threading

    sys.excepthook = lambda _kind, error, _traceback: _tell(error)
    threading.excepthook = lambda hooked: _tell(hooked.exc_value)
    sys.unraisablehook = lambda hooked: _tell(hooked.exc_value)
    logging.lastResort = _untold()


def _tell(error: BaseException | None) -> None:
    """Say what broke aside, while the work goes on."""
    from tui_client.errors import TuiClientError
    from tui_client.model.crash import internal
    from tui_client.model.wording import describe

    # What the system or a server did to something that nobody waits for any more is no bug.
    if error is not None and not isinstance(error, (SystemExit, OSError, TuiClientError)):
        output.say(describe(internal(error)))


def _untold() -> logging.Handler:
    """A handler of logging for records that no other takes, asyncio's of lost tasks among them."""
    import logging

    class Untold(logging.Handler):
        def handle(self, record: logging.LogRecord) -> bool:
            if record.exc_info and record.exc_info[1]:
                _tell(record.exc_info[1])
            return True

    return Untold(logging.WARNING)
