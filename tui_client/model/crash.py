"""What went wrong in our own code, said without values: a message, a local or a line of source may hold a secret."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tui_client.errors import Failure, FailureKind
from tui_client.model.wording import describe

_ROOT: Final = Path(__file__).resolve().parents[2]
_FIRST: Final = 8  # calls of a report, and so many of the last ones: a recursion has a thousand
_LAST: Final = 16
_CAUSES: Final = 3


def internal(error: BaseException) -> Failure:
    """An exception that nobody expected as a failure: its type, and where it was raised."""
    error = _culprit(error)
    return Failure(FailureKind.INTERNAL, detail=f"{type(error).__name__} at {_place(error)}")


def report(error: BaseException) -> str:
    """The same for a terminal that has its screen back: a sentence, then the calls that led there, oldest first."""
    error = _culprit(error)
    causes = (f"  after {type(one).__name__} at {_place(one)}" for one in _before(error))
    return "\n".join([describe(internal(error)), *(f"  {frame}" for frame in _shortened(_frames(error))), *causes])


def _culprit(error: BaseException) -> BaseException:
    """Of a group the first one: the group itself tells nothing but that there was one."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _before(error: BaseException) -> Iterator[BaseException]:
    """What was being handled when it was raised, newest first."""
    seen = [error]
    while (one := seen[-1].__cause__ or seen[-1].__context__) and one not in seen and len(seen) <= _CAUSES:
        seen.append(one)
        yield _culprit(one)


def _place(error: BaseException) -> str:
    frames = _frames(error)
    return frames[-1] if frames else "an unknown place"


def _shortened(frames: list[str]) -> list[str]:
    left_out = len(frames) - _FIRST - _LAST
    if left_out <= 1:
        return frames
    return [*frames[:_FIRST], f"… {left_out} more calls", *frames[-_LAST:]]


def _frames(error: BaseException) -> list[str]:
    return [f"{_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in _walk(error)]


def _walk(error: BaseException) -> list[traceback.FrameSummary]:
    # lookup_lines=False: a line of source may hold a value too.
    return list(traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False))


def _short(filename: str) -> str:
    # The folders above may hold the user's name. Elsewhere the last one tells app.py from app.py.
    path = Path(filename)
    return path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else "/".join(path.parts[-2:])
