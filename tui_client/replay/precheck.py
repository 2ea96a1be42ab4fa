"""What can be said of a plan before anything is sent: a data file that can't be used, a column that isn't there."""

from __future__ import annotations

from typing import Final

from tui_client.errors import BrokenFile, Failure, FailureKind, NotFound, RequestFailed
from tui_client.http.cookies import CookieJar
from tui_client.model.effective import EffectiveRequest, Scope
from tui_client.model.values import Value
from tui_client.replay.plan import Plan
from tui_client.replay.reach import reached
from tui_client.replay.rows import Row, columns, read_rows
from tui_client.replay.scope import literals, session_scope
from tui_client.replay.services import RequestSource
from tui_client.replay.session import Session
from tui_client.template import needs, resolve
from tui_client.text import format_count

# Stands for values that only the run will bring; as a number in text it survives most functions.
_SOME_VALUE = "1"
_MOST_NAMED: Final = 30


def check_plan(plan: Plan, source: RequestSource) -> None:
    """Reads the beginning of the data file, if there is one; call it from a thread.

    Raises UsageError or BrokenFile for a file that can't be used, RequestFailed (template.unknown_variable) for a
    column that a request needs and nothing else provides. JSON rows may differ in their names: they are not checked.
    """
    if plan.data is None:
        return
    names = columns(plan.data)
    if names is None:
        return
    first = next((row.values for row in read_rows(plan.data) if isinstance(row, Row)), dict.fromkeys(names, ""))
    captured: dict[str, Value] = {}
    for key in (*plan.setup, *plan.steps):
        try:
            request = source.effective(key, plan.environment)
        except (BrokenFile, NotFound):
            continue  # the step says so when its turn comes
        row = {} if key in plan.setup and key not in plan.steps else first
        session = Session(CookieJar(), plan.environment, plan.given, captured, row)
        _refuse_unknown(plan, request, session, names)
        captured = {**captured, **{one.name: _SOME_VALUE for one in request.captures}}


def _refuse_unknown(plan: Plan, request: EffectiveRequest, session: Session, names: frozenset[str]) -> None:
    scope = session_scope(request.scope, session)
    unknown = {name for name in reached(request, scope) if scope.find(name) is None}
    for name in sorted(unknown):
        if _is_missed(request, scope, unknown - {name}, name):
            assert plan.data is not None  # the caller looked
            place = f"{request.key}; {plan.data.name} has the columns {_listed(names)}"
            raise RequestFailed(Failure(FailureKind.TEMPLATE_UNKNOWN_VARIABLE, name, place))


def _listed(names: frozenset[str]) -> str:
    shown, more = sorted(names)[:_MOST_NAMED], len(names) - _MOST_NAMED
    return ", ".join(shown) + (f" and {format_count(more)} more" if more > 0 else "")


def _is_missed(request: EffectiveRequest, scope: Scope, others: set[str], name: str) -> bool:
    """Whether the request can't do without it: `{{default(name, 1)}}` can."""
    try:
        fetched = {need.name: _SOME_VALUE for need in needs(request, scope)}
        resolve(request, scope.over("later", literals({**dict.fromkeys(others, _SOME_VALUE), **fetched})))
    except RequestFailed as error:
        return error.failure.kind is FailureKind.TEMPLATE_UNKNOWN_VARIABLE and error.failure.subject == name
    return False
