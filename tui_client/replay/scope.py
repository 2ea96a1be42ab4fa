"""The layers of variables that a session puts over those of a request."""

from __future__ import annotations

from collections.abc import Mapping

from tui_client.model.effective import Scope
from tui_client.model.values import Value
from tui_client.model.variables import Constant
from tui_client.replay.session import Session


def literals(values: Mapping[str, Value]) -> dict[str, Constant]:
    """Values from outside the files: `{{` in them is text."""
    return {name: Constant(value, literal=True) for name, value in values.items()}


def session_scope(scope: Scope, session: Session) -> Scope:
    """The request's scope under data row, captures and command line; the command line wins."""
    return (
        scope.over(f"row {session.row}", literals(session.row_values))
        .over("captured", literals(session.captured))
        .over("command line", literals(session.given))
    )
