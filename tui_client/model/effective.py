"""A request with what it inherits, and the same once every template in it has its value."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tui_client.model.collection import Surroundings
from tui_client.model.kinds import Auth, Body
from tui_client.model.options import Options, SendOptions, TimeoutOptions, Timeouts
from tui_client.model.request import Assertion, Capture, NameValue, Request
from tui_client.model.variables import Constant, Variable


class Layer(msgspec.Struct, frozen=True):
    """Variables of one origin: "command line", "captured", "row 7", "env local", "folder users", "collection shop"."""

    origin: str
    values: Mapping[str, Variable]


class Scope(msgspec.Struct, frozen=True):
    """Where variables are looked up: the first layer that has the name wins."""

    layers: tuple[Layer, ...] = ()

    def find(self, name: str) -> tuple[str, Variable] | None:
        """The origin and the variable of this name, or None."""
        for layer in self.layers:
            if name in layer.values:
                return layer.origin, layer.values[name]
        return None

    def over(self, origin: str, values: Mapping[str, Variable]) -> Scope:
        """A new scope with one more layer before all others."""
        return Scope((Layer(origin, values), *self.layers)) if values else self


class EffectiveRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request with all that it inherits; templates still in it.

    auth None: none. auth_origin: "" if its own, else the folder's path or the collection's id.
    scope: the layers of environment, folders (nearest first) and collection; base_url is a variable in it.
    """

    key: str
    name: str
    method: str
    url: str
    tags: tuple[str, ...] = ()
    path: tuple[NameValue, ...] = ()
    params: tuple[NameValue, ...] = ()
    headers: tuple[NameValue, ...] = ()
    body: Body | None = None
    auth: Auth | None = None
    auth_origin: str = ""
    options: SendOptions = SendOptions()
    captures: tuple[Capture, ...] = ()
    asserts: tuple[Assertion, ...] = ()
    scope: Scope = Scope()


class ResolvedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request with no template left; enabled rows only.

    url is absolute and exactly what will be sent: path parameters filled, params appended.
    headers are (name, value), in order.
    secrets: the secret values in it, to be masked wherever it is shown or written.
    """

    key: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: Body | None = None
    auth: Auth | None = None
    options: SendOptions = SendOptions()
    captures: tuple[Capture, ...] = ()
    asserts: tuple[Assertion, ...] = ()
    secrets: frozenset[str] = frozenset()


def merge_headers(*groups: tuple[NameValue, ...]) -> tuple[NameValue, ...]:
    """Headers from the farthest group to the nearest; a nearer group replaces all rows of a name it has itself."""
    merged: list[NameValue] = []
    for group in groups:
        own = {row.name.lower() for row in group if row.enabled}
        merged = [row for row in merged if row.name.lower() not in own]
        merged.extend(row for row in group if row.enabled)
    return tuple(merged)


def _merge_timeouts(base: Timeouts, over: TimeoutOptions) -> Timeouts:
    given = {
        name: (None if value == 0 else value)
        for name, value in msgspec.structs.asdict(over).items()
        if value is not None
    }
    if not given:
        return base
    return msgspec.structs.replace(base, **given, given=base.given | frozenset(given))


def merge_options(base: SendOptions, over: Options) -> SendOptions:
    """The options in force when `over` speaks after `base`; unset values stay, a timeout of 0 becomes none."""
    given = {
        name: value for name, value in msgspec.structs.asdict(over).items() if value is not None and name != "timeout"
    }
    return msgspec.structs.replace(base, timeouts=_merge_timeouts(base.timeouts, over.timeout), **given)


def surrounding_scope(around: Surroundings) -> Scope:
    """Environment, then folders from the nearest out, then the collection; base_url counts as a variable."""
    environment, collection = around.environment, around.collection
    layers = [_layer(f"env {environment.name}", environment.variables, environment.base_url)]
    layers += [_layer(f"folder {folder.path}", folder.variables, "") for folder in reversed(around.folders)]
    layers.append(_layer(f"collection {collection.id}", collection.root.variables, collection.base_url))
    return Scope(tuple(layer for layer in layers if layer.values))


def _layer(origin: str, variables: Mapping[str, Variable], base_url: str) -> Layer:
    return Layer(origin, {**variables, "base_url": Constant(base_url)} if base_url else variables)


def inherited_auth(around: Surroundings) -> tuple[Auth | None, str]:
    """The nearest auth of folders and collection, and where it stands; (None, "") if there is none."""
    for folder in reversed(around.folders):
        if folder.auth is not None:
            return folder.auth, folder.path
    root = around.collection.root
    return (root.auth, around.collection.id) if root.auth is not None else (None, "")


def inherit(key: str, request: Request, around: Surroundings, defaults: SendOptions) -> EffectiveRequest:
    """Add what a request inherits. Headers: collection, folders, environment, then its own; the nearer wins."""
    shared = (around.collection.root, *around.folders)
    options = defaults
    for folder in shared:
        options = merge_options(options, folder.options)
    auth, origin = (request.auth, "") if request.auth is not None else inherited_auth(around)
    return EffectiveRequest(
        key=key,
        name=request.name,
        method=request.method,
        url=request.url,
        tags=request.tags,
        path=request.path,
        params=request.params,
        headers=merge_headers(*(folder.headers for folder in shared), around.environment.headers, request.headers),
        body=request.body,
        auth=auth,
        auth_origin=origin,
        options=merge_options(options, request.options),
        captures=request.captures,
        asserts=request.asserts,
        scope=surrounding_scope(around),
    )
