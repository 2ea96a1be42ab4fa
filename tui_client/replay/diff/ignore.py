"""What a comparison leaves out: JSONPaths, and where they lead in one document."""

from __future__ import annotations

import time
from typing import Final

import msgspec

from tui_client.errors import UsageError
from tui_client.kinds.bounded import LIMIT_S, out_of_time
from tui_client.replay.diff.values import Json
from tui_client.replay.plan import DiffRules

_ALL: Final = "$"


class Cuts:
    """The places under one place that are left out, as a tree; `whole`: the place itself, with all under it."""

    __slots__ = ("inner", "whole")

    def __init__(self) -> None:
        self.inner: dict[int | str, Cuts] = {}
        self.whole = False

    def add(self, location: tuple[int | str, ...]) -> None:
        """Leave out one place."""
        cuts = self
        for key in location:
            cuts = cuts.inner.setdefault(key, Cuts())
        cuts.whole = True


def under(cuts: Cuts | None, key: int | str) -> Cuts | None:
    """What is left out under a member or element; None for nothing."""
    return None if cuts is None else cuts.inner.get(key)


class Ignore(msgspec.Struct, frozen=True):
    """JSONPaths (RFC 9535), such as `$..id` or `$.items[*].price`; their places and all under them are left out."""

    paths: tuple[str, ...] = ()

    @property
    def all(self) -> bool:
        """Whether the body is left out as a whole, JSON or not."""
        return _ALL in self.paths

    def cuts(self, document: Json) -> Cuts | None:
        """The places in one document; None for nothing.

        Raises QueryError for a path that can't be read, and where all of them together take more than a second.
        """
        if not self.paths:
            return None
        from tui_client.kinds.jsonpath import locate  # only those who leave something out pay for the import

        found = Cuts()
        end = time.monotonic() + LIMIT_S
        for path in self.paths:
            left_s = end - time.monotonic()
            if left_s <= 0:
                raise out_of_time("ignore")
            for location in locate(path, document, "ignore", limit_s=left_s):
                found.add(location)
        return found


def check_rules(rules: DiffRules) -> None:
    """Raise UsageError, naming it, for an ignored path that can't be read; before anything is sent."""
    if not rules.ignore:
        return
    from tui_client.kinds.jsonpath import expression_problem  # only those who leave something out pay for the import

    for path in rules.ignore:
        problem = expression_problem(path)
        if problem:
            raise UsageError(f"The ignored path {path!r} can't be used: {problem}. Write a JSONPath, such as $..id.")
