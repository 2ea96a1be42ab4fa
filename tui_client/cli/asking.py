"""Prompts of a collection, asked on the terminal."""

from __future__ import annotations

import asyncio
import sys
import termios
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

import click

from tui_client.cli.output import LiveLine
from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.replay.services import Asker, Question
from tui_client.text import safe_line


class NoTerminal:
    """Refuses, since nobody is there to answer."""

    async def ask(self, questions: tuple[Question, ...]) -> Mapping[str, str]:
        """Raises RequestFailed (variable.prompt), naming the first variable."""
        raise RequestFailed(Failure(FailureKind.VARIABLE_PROMPT, questions[0].variable))


class TerminalAsker:
    """Asks on stderr, so that stdout holds data only; what is typed is not shown, since it may be a code."""

    def __init__(self, live: LiveLine | None = None) -> None:
        self._live = live or LiveLine()

    async def ask(self, questions: tuple[Question, ...]) -> Mapping[str, str]:
        """An answer for each variable, one line each. Raises RequestFailed (cancelled) for none."""
        with self._live.quiet():
            return await _from_thread(lambda: {one.variable: _answer(one) for one in questions})


async def _from_thread(ask: Callable[[], Mapping[str, str] | None]) -> Mapping[str, str]:
    """What a thread of its own finds out; nobody waits for it once that is not wanted any more.

    Raises RequestFailed (cancelled) if it was not answered.

    A thread of the pool would be waited for: after Ctrl-C the program would hang until Enter.
    """
    loop = asyncio.get_running_loop()
    answers: asyncio.Future[Mapping[str, str]] = loop.create_future()

    def settle(found: Mapping[str, str] | None) -> None:
        if answers.done():
            return
        if found is None:
            answers.set_exception(RequestFailed(Failure(FailureKind.CANCELLED)))
        else:
            answers.set_result(found)

    def work() -> None:
        try:
            found = ask()
        except (click.Abort, OSError):  # Ctrl-D, a terminal that was closed
            found = None
        with suppress(RuntimeError):  # the loop is closed: nobody waits
            loop.call_soon_threadsafe(settle, found)

    # What is typed is hidden while the thread asks, and it may never come to show it again.
    modes = termios.tcgetattr(sys.stdin)
    threading.Thread(target=work, name="asking", daemon=True).start()
    try:
        return await answers
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, modes)


def _answer(question: Question) -> str:
    text = safe_line(question.text or question.variable)
    answer: str = click.prompt(text, hide_input=True, default="", show_default=False, err=True)
    return answer


def make_asker(live: LiveLine | None = None) -> Asker:
    """The terminal if there is one on stdin, else a refusal. live: what must not write over the question."""
    return TerminalAsker(live) if sys.stdin is not None and sys.stdin.isatty() else NoTerminal()
