"""What went wrong in our own code, said without values: a message or a local may hold a secret."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Final

from tui_client.errors import Failure, FailureKind
from tui_client.model.wording import describe

_ROOT: Final = Path(__file__).resolve().parents[2]


def internal(error: BaseException) -> Failure:
    """An exception that nobody expected as a failure: its type, and where it was raised."""
    frames = _frames(error)
    place = frames[-1] if frames else "an unknown place"
    return Failure(FailureKind.INTERNAL, detail=f"{type(error).__name__} at {place}")


def report(error: BaseException) -> str:
    """The same for a terminal that has its screen back: a sentence, then the calls that led there, oldest first."""
    return "\n".join([describe(internal(error)), *(f"  {frame}" for frame in _frames(error))])


def _frames(error: BaseException) -> list[str]:
    return [f"{_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in _walk(error)]


def _walk(error: BaseException) -> list[traceback.FrameSummary]:
    # lookup_lines=False: a line of source may hold a value too.
    return list(traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False))


def _short(filename: str) -> str:
    path = Path(filename)
    return path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else path.name
