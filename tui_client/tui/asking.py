"""Questions that come up while a request is made: values, and what a collection may reach."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar, assert_never

from textual.app import App
from textual.screen import ModalScreen

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.trust.grants import Grant, GrantKind
from tui_client.tui.modals.choose import Choice, Choose

if TYPE_CHECKING:
    from tui_client.replay.services import Question

Answer = TypeVar("Answer")

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
    """What the collection wants, as a question."""
    name = collection.name
    match grant.kind:
        case GrantKind.ENV:
            return (
                f"The collection {name} wants to read the environment variable {grant.subject}. Allow it from now on?"
            )
        case GrantKind.FILE:
            return f"The collection {name} wants to read {grant.subject}, a file outside it. Allow it from now on?"
        case GrantKind.HOST:
            return f"The collection {name} wants to send a secret to {grant.subject}, which never got one. Allow it?"
        case GrantKind.INSECURE:
            return (
                f"The collection {name} wants to talk to {grant.subject} without verifying its certificate. Allow it?"
            )
        case _:
            assert_never(grant.kind)


def grant_question(app: App[int]) -> Callable[[Path, Grant], Awaitable[bool]]:
    """Asks the user for a grant."""

    async def ask(collection: Path, grant: Grant) -> bool:
        return await _ask(app, Choose("Allow this?", grant_text(collection, grant), _CHOICES)) == "yes"

    return ask
