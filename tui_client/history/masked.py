"""Secrets that are not there: a request of the past has a mask where one was; pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from tui_client.model.request import Request
from tui_client.text import MASK

_WORDS: Final = {
    "url": "the URL",
    "params": "the parameter",
    "headers": "the header",
    "path": "the path parameter",
    "auth": "the authentication's",
    "body": "the body",
}


def masked_places(request: Request) -> tuple[str, ...]:
    """Where a mask stands, in words: "the header Authorization"; not yet safe to print."""
    return tuple(dict.fromkeys(_place(path) for path, text in _texts(msgspec.to_builtins(request)) if MASK in text))


def same_but_masked(kept: Request, now: Request) -> bool:
    """Whether a request is the one that was kept, whatever stands in the masked places."""
    return _same(msgspec.to_builtins(kept), msgspec.to_builtins(now))


def _same(kept: object, now: object) -> bool:
    if isinstance(kept, dict) and isinstance(now, dict):
        return kept.keys() == now.keys() and all(_same(kept[name], now[name]) for name in kept)
    if isinstance(kept, list | tuple) and isinstance(now, list | tuple):
        return len(kept) == len(now) and all(map(_same, kept, now))
    if isinstance(kept, str) and isinstance(now, str) and MASK in kept:
        return _fits(kept, now)
    return kept == now


def _fits(kept: str, now: str) -> bool:
    first, *between, last = kept.split(MASK)
    if not (now.startswith(first) and now.endswith(last)):
        return False
    at, end = len(first), len(now) - len(last)
    for part in between:
        at = now.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return at <= end


def _texts(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        # A row is called by its name, not by its place.
        name = value.get("name")
        inside = (*path, name) if path and isinstance(name, str) and name else path
        for key, part in value.items():
            yield from _texts(part, inside if inside is not path and key == "value" else (*inside, str(key)))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part, path)


def _place(path: tuple[str, ...]) -> str:
    first, *rest = path or ("request",)
    return " ".join((_WORDS.get(first, first), *rest))
