"""Limits for what a file asks to be computed: patterns and queries get one second, then they are an error."""

from __future__ import annotations

import math
import re
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeVar

from tui_client.errors import QueryError
from tui_client.model.values import MISSING, Missing

if TYPE_CHECKING:
    import regex

T = TypeVar("T")

LIMIT_S: Final = 1.0
QUICK_S: Final = 0.01  # unnoticed by whoever types
MAX_EXPRESSION_CHARS: Final = 10_000
MAX_QUERY_BYTES: Final = 64 * 1024 * 1024
MAX_REPEATS: Final = 20_000
MAX_LITERAL: Final = 500
_MAX_ABANDONED: Final = 4
# One escape, set, group or character of a pattern, or how often the one before is repeated at least.
_PART: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+)(?:,\d*)?\}|.", re.DOTALL)
# What a text can't go on over.
_BREAKING: Final = frozenset("|.*+?^$") | {rf"\{sign}" for sign in "dDwWsSbBAZzGhHRXKmM"}
_VERBOSE: Final = re.compile(r"\(\?[a-zA-Z]*x")

_abandoned: set[threading.Thread] = set()


class OutOfTime(Exception):
    """A computation took longer than its limit; turned into a QueryError where its name is known."""


class TooSlow(Exception):
    """What was to be done `quickly` takes longer; it must be done again where it holds nothing up."""


# The moment when quick work must be over, on the monotonic clock; None where the full limit holds.
_quick_end: ContextVar[float | None] = ContextVar("quick_end", default=None)


class quickly:  # noqa: N801 - reads as a word in `with quickly():`; a generator would cost a replay 2 µs a step
    """While this is entered, all patterns and queries together get so many seconds, then TooSlow is raised."""

    __slots__ = ("_limit_s", "_token")

    def __init__(self, limit_s: float = QUICK_S) -> None:
        self._limit_s = limit_s

    def __enter__(self) -> None:
        self._token = _quick_end.set(time.monotonic() + self._limit_s)

    def __exit__(self, *_: object) -> None:
        _quick_end.reset(self._token)


def _allowed_s(wanted_s: float) -> float:
    """What of a limit may be used here, in seconds; raises TooSlow if nothing of it."""
    end = _quick_end.get()
    if end is None:
        return wanted_s
    left_s = end - time.monotonic()
    if left_s <= 0:
        raise TooSlow
    return min(wanted_s, left_s)


def takes_long() -> None:
    """Say before a long piece of work, an import say, that it is one: raises TooSlow where it holds something up."""
    if _quick_end.get() is not None:
        raise TooSlow


class Deadline:
    """Counts steps and looks at the clock now and then; `tick` raises OutOfTime once the limit is over."""

    __slots__ = ("_end", "_ticks")

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self._end = time.monotonic() + _allowed_s(limit_s)
        self._ticks = 0

    def remaining_s(self) -> float:
        """Seconds that are left; raises OutOfTime if none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise OutOfTime
        return left

    def tick(self) -> None:
        """Call it once for each thing that is looked at."""
        self._ticks += 1
        if self._ticks & 0xFF == 0 and time.monotonic() > self._end:
            raise OutOfTime


def out_of_time(name: str, limit_s: float = LIMIT_S) -> QueryError:
    """The error of a query, filter or operator that took too long; raises TooSlow if it was to be done quickly."""
    if _quick_end.get() is not None:
        raise TooSlow
    return QueryError(name, f"took longer than {limit_s:.2g} s and was stopped; make the expression simpler")


def check_expression(expr: str, name: str) -> None:
    """Raise QueryError for an expression that is empty or absurdly long."""
    if not expr:
        raise QueryError(name, "needs an expression")
    if len(expr) > MAX_EXPRESSION_CHARS:
        raise QueryError(name, f"the expression is longer than {MAX_EXPRESSION_CHARS:,} characters")


def repeats_too_often(pattern: str) -> bool:
    """Whether to compile it takes absurd time and memory: what is repeated a fixed number of times is written out."""
    counts = [int(part[1][:9]) for part in _PART.finditer(pattern) if part[1]]
    # All of them within each other is the worst they can be.
    if math.prod(max(1, count) for count in counts) * len(pattern) <= MAX_REPEATS:
        return False
    # A comment may stand between a part and its count.
    return bool(_VERBOSE.search(pattern)) or _parts_written_out(pattern) > MAX_REPEATS + len(pattern)


def _parts_written_out(pattern: str) -> int:
    groups, last = [0], 0
    for part in _PART.finditer(pattern):
        if part[1]:
            more = last * (max(1, int(part[1][:9])) - 1)
            groups[-1] += more
            last += more
        elif part[0] == "(":
            groups.append(1)
        elif part[0] == ")" and len(groups) > 1:
            last = groups.pop()
            groups[-1] += last
        else:
            last = 1
            groups[-1] += 1
    return sum(groups)


def is_too_literal(pattern: str) -> bool:
    """Whether the first search may take absurdly long: for each text in a pattern, the library makes a table, in a time
    that grows with the cube of its length, and nothing else goes on meanwhile.

    Errs on the side of length: a set may be of one character, and groups may vanish.
    """
    if len(pattern) <= MAX_LITERAL:
        return False
    run, before = 0, ""
    for part in _PART.finditer(pattern):
        sign = part[0]
        if part[1] is not None:
            run = 0 if int(part[1][:9]) > 1 else run
        elif sign in _BREAKING and not (sign == "?" and before == "("):
            run = 0
        else:
            run += 1
        if run > MAX_LITERAL:
            return True
        before = sign
    return False


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> regex.Pattern[str]:
    import regex

    if repeats_too_often(pattern):
        raise ValueError(f"it repeats more than {MAX_REPEATS:,} times")
    if is_too_literal(pattern):
        raise ValueError(f"it holds a text of more than {MAX_LITERAL} characters")
    compiled: regex.Pattern[str] = regex.compile(pattern)
    return compiled


def _usable(pattern: str, name: str) -> regex.Pattern[str]:
    import regex  # only those who use patterns pay for the import

    check_expression(pattern, name)
    try:
        return _compiled(pattern)
    except (regex.error, ValueError, RecursionError, OverflowError, LookupError, TypeError) as error:
        raise QueryError(name, f"the pattern can't be used: {error}") from error


def pattern_problem(pattern: str) -> str:
    """Why a pattern can't be read; "" if it can."""
    try:
        _usable(pattern, "regex")
    except QueryError as error:
        return error.reason
    return ""


def search(
    pattern: str, text: str, name: str, *, whole: bool = False, limit_s: float = LIMIT_S
) -> regex.Match[str] | None:
    """The first match of a pattern, or the match of the whole text.

    The interpreter lock is released while matching, so a thread that searches does not stop the others.
    Raises QueryError, for `name`, for a pattern that can't be read or that takes more than `limit_s` seconds.
    """
    compiled = _usable(pattern, name)
    import regex  # imported by now

    try:
        find = compiled.fullmatch if whole else compiled.search
        return find(text, timeout=_allowed_s(limit_s), concurrent=True)
    except TimeoutError as error:
        raise out_of_time(name) from error
    except MemoryError as error:
        # A pattern that calls itself, say; the library stops at a gigabyte.
        raise QueryError(name, "takes too much memory; make the expression simpler") from error
    except (regex.error, ValueError, RecursionError, OverflowError, LookupError, TypeError) as error:
        raise QueryError(name, f"the pattern can't be used: {error}") from error


def first_match(pattern: str, text: str, name: str) -> str | Missing:
    """The first group of the first match, or the whole match of a pattern without groups."""
    found = search(pattern, text, name)
    if found is None:
        return MISSING
    group: str | None = found[1] if found.re.groups else found[0]
    return MISSING if group is None else group


def run_bounded(function: Callable[[], T], name: str) -> T:
    """Run what can't be interrupted (C code that releases the interpreter lock) in a thread, for a second at most.

    A thread that runs on is left to itself; while some do, more are refused. Raises QueryError for `name`, and
    whatever `function` raises.
    """
    if _quick_end.get() is not None:
        raise TooSlow  # the wait for the thread would hold up the caller
    for thread in [thread for thread in _abandoned if not thread.is_alive()]:
        _abandoned.discard(thread)
    if len(_abandoned) >= _MAX_ABANDONED:
        raise QueryError(name, "earlier expressions that took too long are still being computed; wait, or start again")
    results: list[T] = []
    errors: list[Exception] = []

    def work() -> None:
        try:
            results.append(function())
        except Exception as error:  # noqa: BLE001 - raised again in the calling thread
            errors.append(error)

    thread = threading.Thread(target=work, name="bounded query", daemon=True)
    thread.start()
    thread.join(LIMIT_S)
    if errors:
        raise errors[0]
    if not results:
        _abandoned.add(thread)
        raise out_of_time(name)
    return results[0]
