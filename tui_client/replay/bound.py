"""What goes only to hosts that the user agreed to: secrets, and what was captured once one was sent.

Otherwise a collection could have a secret echoed, or exchanged for a token, by a host that may have it, and send that
on to one that nobody was asked about.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from tui_client.errors import RequestFailed, TuiClientError
from tui_client.http.cookies import CookieJar
from tui_client.model.effective import EffectiveRequest, Scope
from tui_client.model.variables import FromRequest, HostVariable, Secret
from tui_client.replay.plan import Plan
from tui_client.replay.reach import sibling
from tui_client.replay.scope import is_secret, session_scope
from tui_client.replay.services import RequestSource
from tui_client.replay.session import Session
from tui_client.template import reached_by

_FETCHED: Final = (Secret, HostVariable, FromRequest)


def is_bound(request: EffectiveRequest, session: Session, source: RequestSource) -> bool:
    """Whether a request, sent in this session, carries something that not every host may have.

    That is a secret whoever brings it, a variable of this machine, what was derived from one, and what comes `from` a
    request that carries one.
    """
    return _is_bound(request, session, source, frozenset())


def derived_of(plan: Plan, source: RequestSource) -> frozenset[str]:
    """The variables that the steps of a plan capture once a secret was sent. Blocks for reading files."""
    session = Session(CookieJar(), plan.environment, plan.given)
    found: set[str] = set()
    sent = False
    for key in (*plan.setup, *plan.steps):
        with suppress(TuiClientError):  # the step says so when its turn comes
            request = source.effective(key, session.environment)
            # Cookies may stand for a secret too: from here on, all replies do.
            sent = sent or is_bound(request, session, source)
            found |= {one.name for one in request.captures} if sent else set()
    return frozenset(found)


def _is_bound(request: EffectiveRequest, session: Session, source: RequestSource, seen: frozenset[str]) -> bool:
    files = request.scope
    if not session.derived and not _may_fetch(files):
        return False
    scope = session_scope(files, session)
    names = _reached(request, scope)
    if names & session.derived & session.captured.keys() - session.given.keys():
        return True
    if any(is_secret(files, name) for name in names):
        return True
    # Of what is fetched, what the session has already is not.
    fetched = [found[1] for name in names if (found := scope.find(name))]
    if any(isinstance(one, HostVariable) for one in fetched):
        return True
    givers = {sibling(request.key, one.key) for one in fetched if isinstance(one, FromRequest)} - seen
    return any(_gives_bound(key, session, source, seen | givers) for key in givers)


def _gives_bound(key: str, session: Session, source: RequestSource, seen: frozenset[str]) -> bool:
    try:
        return _is_bound(source.effective(key, session.environment), session, source, seen)
    except TuiClientError:
        return False  # whoever needs its value is told


def _may_fetch(files: Scope) -> bool:
    """Whether any variable is one that has to be fetched: in most files none is."""
    return any(isinstance(one, _FETCHED) for layer in files.layers for one in layer.values.values())


def _reached(request: EffectiveRequest, scope: Scope) -> frozenset[str]:
    try:
        return reached_by(request, scope).names
    except RequestFailed:
        return frozenset()  # a template that can't be read is not sent
