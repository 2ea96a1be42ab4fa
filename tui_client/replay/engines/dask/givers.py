"""Which requests give the steps of a run their values: only those are sent for a worker."""

from __future__ import annotations

from contextlib import suppress
from typing import TypeAlias

from tui_client.errors import TuiClientError
from tui_client.model.variables import FromRequest
from tui_client.replay.reach import sibling
from tui_client.replay.scope import session_scope
from tui_client.replay.services import RequestSource
from tui_client.replay.session import Session
from tui_client.template import needs

Giver: TypeAlias = tuple[str, str]  # a variable's name, and the key of the request that gives it


def givers_of(steps: tuple[str, ...], source: RequestSource, session: Session) -> frozenset[Giver]:
    """Those that the steps reach, through other requests too. Blocks for reading files."""
    found: set[Giver] = set()
    seen: set[str] = set()
    waiting = list(steps)
    while waiting:
        key = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        with suppress(TuiClientError):  # what can't be read is not sent either
            request = source.effective(key, session.environment)
            for need in needs(request, session_scope(request.scope, session)):
                if isinstance(need.variable, FromRequest):
                    giver = sibling(key, need.variable.key)
                    found.add((need.name, giver))
                    waiting.append(giver)
    return frozenset(found)
