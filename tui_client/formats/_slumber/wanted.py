"""What the templates of a whole Slumber collection ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tui_client.formats._values import Table
from tui_client.model.kinds import Query
from tui_client.model.request import Capture
from tui_client.model.variables import FromRequest, Variable

_UNUSUAL: Final = re.compile(r"[^A-Za-z0-9]+")


class Wanted:
    """Variables of the collection, and captures of its recipes.

    titles: of the recipes, by their ids. reserved: names of the profiles' own, which would hide a variable.
    """

    def __init__(self, chains: Table) -> None:
        self.chains = chains
        self.used: set[str] = set()  # chains
        self.titles: dict[str, str] = {}
        self.reserved: set[str] = set()
        self.variables: dict[str, Variable] = {}
        self.captures: dict[str, dict[tuple[Query, float | None], str]] = {}

    def named(self, words: str, value: Variable, *, taken: Iterable[str] = ()) -> str:
        """The name of a variable with this value, made of these words."""
        base = _UNUSUAL.sub("_", words).strip("_").lower()[:60] or "value"
        refused = self.reserved.union(taken)
        number, name = 1, base
        while name in refused or self.variables.get(name, value) != value:
            number += 1
            name = f"{base}_{number}"
        self.variables[name] = value
        return name

    def captured(self, recipe: str, query: Query, words: str, max_age_s: float | None) -> str:
        """The name of the variable that a reply of a recipe gives; how old it may be is its own for each age."""
        known = self.captures.setdefault(recipe, {})
        key = (query, max_age_s)
        if key not in known:
            source = FromRequest(self.titles[recipe], max_age_s)
            known[key] = self.named(f"{recipe} {words}", source, taken=known.values())
        return known[key]

    def captures_of(self, recipe: str) -> tuple[Capture, ...]:
        """Those of one recipe."""
        return tuple(Capture(name, query) for (query, _), name in self.captures.get(recipe, {}).items())
