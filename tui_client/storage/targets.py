"""What people type to choose requests: a key, a folder, a glob, a tag, or "." for all."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeAlias

from tui_client.errors import NotFound

_TOKEN: Final = re.compile(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|[^*?\[]+|\[", re.DOTALL)


def expand(target: str, keys: Sequence[str], tags: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    """The keys a target means, in the order of `keys`; () if it means none.

    "users/list", "users" or "users/" (the folder, all below), "users/*" (one level), "**" (any level),
    "tag:smoke", "." (all). A request wins over a folder of the same name.
    """
    if target in (".", "./"):
        return tuple(keys)
    if target.startswith("tag:"):
        return tuple(key for key in keys if target.removeprefix("tag:") in tags(key))
    target = target.removeprefix("./")
    for exact in (target, target.removesuffix(".toml")):
        if exact in keys:
            return (exact,)
    folder = target.rstrip("/") + "/"
    if below := tuple(key for key in keys if key.startswith(folder)):
        return below
    if any(sign in target for sign in "*?["):
        pattern = _Glob(target)
        return tuple(key for key in keys if pattern.fits(key))
    return ()


class _Glob:
    """`*` and `?` stay inside a folder, `**` doesn't; `[a-c]` is one of a set.

    All the places that a text may have come to are known at once: an expression that goes back for each star would
    take years for twenty of them.
    """

    def __init__(self, glob: str) -> None:
        """Raises NotFound for a set that is none."""
        self._parts = [_part(token, glob) for token in _TOKEN.findall(glob)]

    def fits(self, key: str) -> bool:
        """Whether it means the key."""
        reached = {0}
        for part in self._parts:
            reached = part(key, reached)
            if not reached:
                return False
        return len(key) in reached


# Gives the places in a text that a part of a glob leads to from others.
_Part: TypeAlias = Callable[[str, set[int]], set[int]]


def _part(token: str, glob: str) -> _Part:
    match token:
        case "**/":
            return _folders
        case "**":
            return lambda key, reached: set(range(min(reached), len(key) + 1))
        case "*":
            return _inside
        case "?":
            return partial(_one_sign, re.compile("[^/]", re.DOTALL))
        case _ if token[0] == "[" and len(token) > 1:
            return partial(_one_sign, _set(token, glob))
        case _:
            return lambda key, reached: {at + len(token) for at in reached if key.startswith(token, at)}


def _folders(key: str, reached: set[int]) -> set[int]:
    first = min(reached)
    return reached | {at for at in range(first + 1, len(key) + 1) if key[at - 1] == "/"}


def _inside(key: str, reached: set[int]) -> set[int]:
    found: set[int] = set()
    for at in sorted(reached):
        if at not in found:
            end = key.find("/", at)
            found.update(range(at, (len(key) if end < 0 else end) + 1))
    return found


def _one_sign(sign: re.Pattern[str], key: str, reached: set[int]) -> set[int]:
    return {at + 1 for at in reached if sign.match(key, at)}


def _set(token: str, glob: str) -> re.Pattern[str]:
    signs = re.escape(token[1:-1]).replace(r"\-", "-").replace("!", "^", token[1] == "!")
    try:
        return re.compile(f"[{signs}]", re.DOTALL)
    except re.error as error:
        raise NotFound("request", glob) from error


def near(name: str, known: Sequence[str]) -> tuple[str, ...]:
    """Up to five names like `name`, best first; a name whose last part is the same counts as like it."""
    last = name.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
    same = [key for key in known if last and key.rsplit("/", 1)[-1].rsplit(":", 1)[-1] == last]
    close = difflib.get_close_matches(name, known, n=5, cutoff=0.5)
    return tuple(dict.fromkeys([*same[:5], *close]))[:5]
