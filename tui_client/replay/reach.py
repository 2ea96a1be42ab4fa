"""Which variables and requests a request reaches, without a value for any of them."""

from __future__ import annotations

from contextlib import suppress

import msgspec

from tui_client.errors import RequestFailed
from tui_client.model.effective import EffectiveRequest, Scope
from tui_client.model.variables import Variable
from tui_client.template import needs


class _Recorder(Scope, frozen=True):
    """A scope that notes every name it is asked for."""

    asked: set[str] = msgspec.field(default_factory=set)

    def find(self, name: str) -> tuple[str, Variable] | None:
        self.asked.add(name)
        return super().find(name)


def reached(request: EffectiveRequest, scope: Scope) -> set[str]:
    """The names of all variables that the request needs, through other variables too."""
    recorder = _Recorder(scope.layers)
    # A template that can't be read is left for sending, which says where it is.
    with suppress(RequestFailed):
        needs(request, recorder)
    return recorder.asked


def sibling(key: str, other: str) -> str:
    """`from` names a request of the same collection: another one's replies are not for this one to use."""
    collection, colon, _ = key.partition(":")
    return f"{collection}:{other.removeprefix(f'{collection}:')}" if colon else other
