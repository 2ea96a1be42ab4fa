"""A request made the short way, compared with the long way's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http.cookies import CookieJar
from tui_client.http.prepare import prepare
from tui_client.model.effective import EffectiveRequest, Layer, Scope
from tui_client.model.variables import Constant, Variable
from tui_client.replay.filling import Ready, same_to_the_letter
from tui_client.replay.recipe import recipe_of
from tui_client.replay.scope import session_scope
from tui_client.replay.session import Session
from tui_client.template import resolve

BASE = "http://127.0.0.1:8000/v1"


def a_request(url: str = "/users", variables: Mapping[str, Variable] | None = None, **fields: Any) -> EffectiveRequest:
    layer = Layer("env local", {"base_url": Constant(BASE), **(variables or {})})
    return EffectiveRequest(
        **{"key": "k", "name": "k", "method": "POST", "url": url, "scope": Scope((layer,)), **fields}
    )


def a_session(row: Mapping[str, Any] | None = None, **fields: Any) -> Session:
    return Session(CookieJar(), row_values=row or {}, **fields)


def long_way(request: EffectiveRequest, session: Session) -> Ready | None:
    """None where nothing would be sent, or a file."""

    def no_files(path: str) -> Any:
        raise RequestFailed(Failure(FailureKind.FILE_MISSING, path))

    try:
        resolved = resolve(request, session_scope(request.scope, session))
        return Ready(resolved, prepare(resolved, no_files))
    except RequestFailed:
        return None


def assert_never_differs(request: EffectiveRequest, learnt_in: Session, *others: Session) -> list[bool]:
    """Whether each of the others went the short way."""
    recipe = recipe_of(request, learnt_in)
    if recipe is None:
        return [False for _ in others]
    return [assert_same(recipe.fill(other), request, other) for other in others]


def assert_same(short: Ready | None, request: EffectiveRequest, session: Session) -> bool:
    if short is None:
        return False
    long = long_way(request, session)
    assert long is not None
    for name in msgspec.structs.asdict(long.prepared):
        assert getattr(short.prepared, name) == getattr(long.prepared, name), name
    assert short.resolved.asserts == long.resolved.asserts
    # 1 equals true and 1.0, but no check takes one for the other.
    for one, other in zip(short.resolved.asserts, long.resolved.asserts, strict=True):
        assert same_to_the_letter(one.value, other.value)
    assert short.resolved.captures == long.resolved.captures
    assert short.resolved.options == long.resolved.options
    assert short.resolved.secrets == long.resolved.secrets
    return True
