"""The layers of variables that a session puts over those of a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui_client.model.effective import Scope
from tui_client.model.values import Value
from tui_client.model.variables import Constant, Secret
from tui_client.template import SECRETS_ORIGIN

if TYPE_CHECKING:
    from tui_client.replay.session import Session


def literals(values: Mapping[str, Value]) -> dict[str, Constant]:
    """Values from outside the files: `{{` in them is text."""
    return {name: Constant(value, literal=True) for name, value in values.items()}


def session_scope(scope: Scope, session: Session) -> Scope:
    """The request's scope under data row, captures and command line; the command line wins.

    Values of variables that the files call secret lie above all in the layer of secrets, whoever brought them.
    """
    layers = {f"row {session.row}": session.row_values, "captured": session.captured, "command line": session.given}
    return _over(scope, layers)


def captured_scope(scope: Scope, captured: Mapping[str, Value]) -> Scope:
    """The request's scope under captures alone, as previews show it."""
    return _over(scope, {"captured": captured})


def _over(scope: Scope, layers: Mapping[str, Mapping[str, Value]]) -> Scope:
    secret: dict[str, Value] = {}
    layered = scope
    for origin, values in layers.items():
        layered = layered.over(origin, literals(values))
        secret |= {name: value for name, value in values.items() if is_secret(scope, name)}
    return layered.over(SECRETS_ORIGIN, literals(secret))


def known_secrets(scope: Scope) -> frozenset[str]:
    """The secrets whose values lie in a scope, also as hosts are written: in lower case."""
    layers = (layer.values.values() for layer in scope.layers if layer.origin == SECRETS_ORIGIN)
    found = {str(one.value) for values in layers for one in values if isinstance(one, Constant)}
    return frozenset(found | {value.lower() for value in found})


def is_secret(scope: Scope, name: str) -> bool:
    """Whether the files of a request say that this variable is a secret."""
    found = scope.find(name)
    return found is not None and isinstance(found[1], Secret)
