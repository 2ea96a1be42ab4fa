"""The parts that several files share: auth, body, options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from tui_client.kinds import auth as auths
from tui_client.kinds import body as bodies
from tui_client.model.kinds import Auth, Body
from tui_client.model.options import Options
from tui_client.storage.fields import fields_of
from tui_client.storage.node import Node, did_you_mean
from tui_client.storage.rows import read_named, row_kind

K = TypeVar("K", bound=msgspec.Struct)


def read_auth(node: Node) -> Auth | None:
    """`[auth]`; None for kind = "inherit"."""
    if node.table() and node.value.get("kind") == "inherit":
        node.only(("kind",))
        return None
    return read_kind(node, auths.kinds(), extra=("inherit",))


def read_body(node: Node) -> Body:
    """`[body]`."""
    return read_kind(node, bodies.kinds())


def read_options(node: Node) -> Options:
    """`[options]`; times in seconds, never negative."""
    node.table()
    options = node.convert(Options)
    for name, seconds in msgspec.structs.asdict(options.timeout).items():
        if seconds is not None and not 0 <= seconds < float("inf"):
            raise node.broken("must be 0 (none) or a number of seconds", "timeout", name)
    if options.max_redirects is not None and options.max_redirects < 0:
        raise node.broken("must be 0 or more", "max_redirects")
    return options


def read_kind(node: Node, kinds: Mapping[str, type[K]], extra: tuple[str, ...] = ()) -> K:
    """A table whose `kind` chooses the struct; its fields of rows take the table and the list form."""
    table = node.table()
    if "kind" not in table:
        raise node.broken(f"needs 'kind', one of {', '.join((*extra, *kinds))}")
    name = table["kind"].text()
    if name not in kinds:
        raise table["kind"].broken(f"unknown kind {name!r}{did_you_mean(name, (*extra, *kinds))}")
    kind = kinds[name]
    rows: dict[str, Any] = {}
    for field in fields_of(kind):
        row = row_kind(field.type)
        if row is not None and field.encode_name in table:
            rows[field.encode_name] = read_named(table[field.encode_name], row)
    # As plain data again: msgspec converts the whole table at once, required fields included.
    return node.convert(kind, drop=tuple(rows), **msgspec.to_builtins(rows))
