"""The `detail` of a step: its exchange but for the bodies, as JSON that people can query, secrets masked."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from tui_client.errors import Failure
from tui_client.model.exchange import BodyEnd, Timings
from tui_client.text import redact

_LISTS: Final = (list, tuple)
# What is read back as a time or a member of a closed set; and what was masked before.
_NEVER_MASKED: Final = frozenset({"started", "kind", "body_end", "value", "actual"})


class SavedRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A request as sent. target: only where it is not the URL's path and query. verified: TLS was."""

    method: str
    url: str
    http_version: str
    headers: list[tuple[str, str]]
    body_bytes: int
    target: str = ""
    proxy: str = ""
    verified: bool = True


class SavedResponse(msgspec.Struct, frozen=True, omit_defaults=True):
    """A reply without its body; body_bytes: of the whole one, decoded."""

    status: int
    reason: str
    http_version: str
    headers: list[tuple[str, str]]
    encoded_bytes: int
    body_bytes: int
    complete: bool
    body_end: BodyEnd
    note: str = ""


class SavedHop(msgspec.Struct, frozen=True, omit_defaults=True):
    """A reply that led to another request."""

    request: SavedRequest
    status: int
    reason: str
    headers: list[tuple[str, str]]
    timings: Timings
    dropped_headers: tuple[str, ...] = ()


class SavedCheck(msgspec.Struct, frozen=True, omit_defaults=True):
    """An assert; value and actual as `values.to_plain` makes them, no `actual` where the reply had nothing to give."""

    query: str
    expr: str
    op: str
    passed: bool
    value: Any = None
    actual: Any = msgspec.UNSET
    negated: bool = False
    error: str = ""


class Detail(msgspec.Struct, frozen=True, omit_defaults=True):
    """failure: of the step; send_failure: of its exchange. because: the step for which it was skipped."""

    request: SavedRequest | None = None
    response: SavedResponse | None = None
    timings: Timings | None = None
    started: datetime | None = None
    remote: str = ""
    hops: tuple[SavedHop, ...] = ()
    failure: Failure | None = None
    send_failure: Failure | None = None
    warnings: tuple[str, ...] = ()
    checks: tuple[SavedCheck, ...] = ()
    http_error: bool = False
    because: str = ""


_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Detail).decode


def detail_to_json(detail: Detail, secrets: frozenset[str]) -> str:
    """JSON text, secrets masked in all of it."""
    if not secrets:
        try:
            return _encode(detail).decode()
        except UnicodeEncodeError:
            pass  # half a surrogate pair, which neither JSON nor SQLite takes
    tree = msgspec.to_builtins(detail, builtin_types=(datetime,))
    texts: list[str] = []
    _collect(tree, texts)
    # One search finds out whether there is anything to mask at all; mostly there is not.
    together = "\n".join(texts)
    if storable(together) != together or redact(together, secrets) != together:
        tree = _masked(tree, secrets)
    return _encode(tree).decode()


def detail_from_json(text: str) -> Detail:
    """What was written. Raises msgspec.MsgspecError for what never was."""
    return _decode(text)


def storable(text: str) -> str:
    """The text as SQLite and JSON take it: halves of surrogate pairs become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _collect(node: Any, texts: list[str]) -> None:
    if isinstance(node, str):
        texts.append(node)
    elif isinstance(node, _LISTS):
        for one in node:
            _collect(one, texts)
    elif isinstance(node, dict):
        for name, one in node.items():
            if name not in _NEVER_MASKED:
                _collect(one, texts)


def _masked(node: Any, secrets: frozenset[str]) -> Any:
    if isinstance(node, str):
        return storable(redact(node, secrets))
    if isinstance(node, _LISTS):
        return [_masked(one, secrets) for one in node]
    if isinstance(node, dict):
        return {name: one if name in _NEVER_MASKED else _masked(one, secrets) for name, one in node.items()}
    return node
