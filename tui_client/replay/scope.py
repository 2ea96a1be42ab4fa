"""The layers of variables that a session puts over those of a request."""

from __future__ import annotations

from collections.abc import Mapping

from tui_client.model.effective import Scope
from tui_client.model.values import Value
from tui_client.model.variables import Constant, Secret
from tui_client.replay.session import Session
from tui_client.template import SECRETS_ORIGIN


def literals(values: Mapping[str, Value]) -> dict[str, Constant]:
    """Values from outside the files: `{{` in them is text."""
    return {name: Constant(value, literal=True) for name, value in values.items()}


def session_scope(scope: Scope, session: Session) -> Scope:
    """The request's scope under data row, captures and command line; the command line wins.

    Values of variables that the files call secret lie above all in the layer of secrets, whoever brought them.
    """
    brought = {**session.row_values, **session.captured, **session.given}
    secret = {name: value for name, value in brought.items() if is_secret(scope, name)}
    return (
        scope.over(f"row {session.row}", literals(session.row_values))
        .over("captured", literals(session.captured))
        .over("command line", literals(session.given))
        .over(SECRETS_ORIGIN, literals(secret))
    )


def is_secret(scope: Scope, name: str) -> bool:
    """Whether the files of a request say that this variable is a secret."""
    found = scope.find(name)
    return found is not None and isinstance(found[1], Secret)
