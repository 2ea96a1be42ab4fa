"""What the command says to the shell when it ends."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Final

from tui_client.errors import BrokenFile, FailureKind, NotFetched, RequestFailed, SaveFailed, TuiClientError


class ExitCode(IntEnum):
    """One of these, for every command."""

    OK = 0
    CHECKS_FAILED = 1  # checks or thresholds failed
    USAGE = 2  # what was asked for can't be done as asked; a prompt without a terminal too
    FILE = 3  # a file could not be read
    NOT_SENT = 4  # requests could not be sent, or no whole reply came
    IN_DOUBT = 5  # nobody knows whether a step was sent
    CRASHED = 70  # a bug of ours; EX_SOFTWARE in sysexits.h
    INTERRUPTED = 130


_ORDER: Final = (
    ExitCode.CRASHED,
    ExitCode.INTERRUPTED,
    ExitCode.USAGE,
    ExitCode.FILE,
    ExitCode.IN_DOUBT,
    ExitCode.NOT_SENT,
    ExitCode.CHECKS_FAILED,
)

_BY_KIND: Final = {
    FailureKind.VARIABLE_PROMPT: ExitCode.USAGE,
    FailureKind.COLLECTION_FILE: ExitCode.FILE,
    FailureKind.DATA_ROW: ExitCode.FILE,
    FailureKind.FILE_MISSING: ExitCode.FILE,
    FailureKind.CAPTURE_FAILED: ExitCode.CHECKS_FAILED,
    FailureKind.CANCELLED: ExitCode.INTERRUPTED,
}


def gravest(codes: Iterable[ExitCode]) -> ExitCode:
    """The one code that stands for all: 70, 130, 2, 3, 5, 4, 1, in that order; 0 if there is none."""
    found = set(codes)
    return next((code for code in _ORDER if code in found), ExitCode.OK)


def for_failure(kind: FailureKind) -> ExitCode:
    """The code for a request that came to no whole reply."""
    return _BY_KIND.get(kind, ExitCode.NOT_SENT)


def for_error(error: TuiClientError) -> ExitCode:
    """The code for an error that ended a command."""
    match error:
        case RequestFailed(failure=failure):
            return for_failure(failure.kind)
        case BrokenFile() | SaveFailed():
            return ExitCode.FILE
        case NotFetched():
            return ExitCode.NOT_SENT
        case _:
            return ExitCode.USAGE
