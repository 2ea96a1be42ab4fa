"""What people type to choose requests: a key, a folder, a glob, a tag, or "." for all."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence

from tui_client.errors import NotFound


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
        pattern = glob_pattern(target)
        return tuple(key for key in keys if pattern.fullmatch(key))
    return ()


def glob_pattern(glob: str) -> re.Pattern[str]:
    """`*` and `?` stay inside a folder, `**` doesn't; `[a-c]` is one of a set."""
    out = ""
    for token in re.findall(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|.", glob, re.DOTALL):
        match token:
            case "**/":
                out += "(?:.*/)?"
            case "**":
                out += ".*"
            case "*":
                out += "[^/]*"
            case "?":
                out += "[^/]"
            case _ if len(token) > 1:
                out += "[" + re.escape(token[1:-1]).replace(r"\-", "-").replace("!", "^", token[1] == "!") + "]"
            case _:
                out += re.escape(token)
    return _compiled(out, glob)


def _compiled(pattern: str, glob: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error as error:
        raise NotFound("request", glob) from error


def near(name: str, known: Sequence[str]) -> tuple[str, ...]:
    """Up to five names like `name`, best first; a name whose last part is the same counts as like it."""
    last = name.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
    same = [key for key in known if last and key.rsplit("/", 1)[-1].rsplit(":", 1)[-1] == last]
    close = difflib.get_close_matches(name, known, n=5, cutoff=0.5)
    return tuple(dict.fromkeys([*same[:5], *close]))[:5]
