"""Questions that come up while a request is made: values, and what a collection may reach."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar, assert_never

from textual.app import App
from textual.screen import ModalScreen

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.text import format_count, safe_line
from tui_client.trust.grants import Grant, GrantKind
from tui_client.tui.modals.choose import Choice, Choose

if TYPE_CHECKING:
    from tui_client.replay.services import Question

Answer = TypeVar("Answer")

_LONGEST_NAME: Final = 60
_LONGEST_SUBJECT: Final = 500  # fits into a terminal of 80 by 24; no host is as long
_CHOICES: Final = (Choice("no", "No"), Choice("yes", "Allow", danger=True))


async def _ask(app: App[int], dialog: ModalScreen[Answer | None]) -> Answer | None:
    return await app.push_screen_wait(dialog)


class AskUser:
    """Asks for values in one form; closing it cancels the send."""

    def __init__(self, app: App[int]) -> None:
        self._app = app

    async def ask(self, questions: tuple[Question, ...]) -> Mapping[str, str]:
        """An answer for each variable. Raises RequestFailed (cancelled) where the user closed the form."""
        from tui_client.tui.modals.questions import Questions

        answers = await _ask(self._app, Questions(questions))
        if answers is None:
            raise RequestFailed(Failure(FailureKind.CANCELLED))
        return answers


def grant_text(collection: Path, grant: Grant) -> str:
    """What the collection wants, as a question; what it is about stands on its own line, whole or with both ends."""
    name = _shown(collection.name or str(collection), _LONGEST_NAME)
    match grant.kind:
        case GrantKind.ENV:
            wants = "read an environment variable of this machine"
        case GrantKind.FILE:
            wants = "read a file outside of it"
        case GrantKind.HOST:
            wants = "send a secret to a host that never got one"
        case GrantKind.INSECURE:
            wants = "talk to a host without verifying its certificate"
        case _:
            assert_never(grant.kind)
    subject = _shown(grant.subject, _LONGEST_SUBJECT)
    return f"The collection {name} wants to {wants}:\n\n{subject}\n\nAllow it from now on?"


def _shown(text: str, most: int) -> str:
    """All of it, or its beginning and its end: what matters of a host stands last."""
    line = safe_line(text)
    if len(line) <= most:
        return line
    half = most // 2
    return f"{line[:half]} … ({format_count(len(line) - 2 * half)} signs are left out here) … {line[-half:]}"


def grant_question(app: App[int]) -> Callable[[Path, Grant], Awaitable[bool]]:
    """Asks the user for a grant."""

    async def ask(collection: Path, grant: Grant) -> bool:
        return await _ask(app, Choose("Allow this?", grant_text(collection, grant), _CHOICES)) == "yes"

    return ask
