"""Prompts of a collection, asked on the terminal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping

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
        """An answer for each variable, one line each."""
        with self._live.quiet():
            return await asyncio.to_thread(lambda: {one.variable: _answer(one) for one in questions})


def _answer(question: Question) -> str:
    text = safe_line(question.text or question.variable)
    answer: str = click.prompt(text, hide_input=True, default="", show_default=False, err=True)
    return answer


def make_asker(live: LiveLine | None = None) -> Asker:
    """The terminal if there is one on stdin, else a refusal. live: what must not write over the question."""
    return TerminalAsker(live) if sys.stdin is not None and sys.stdin.isatty() else NoTerminal()
