"""How far a merge has come: what was chosen for each difference, and which one is looked at; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from tui_client.storage.three_way import Region, Side, Take, left_out, merged, regions

_WHO: Final = {
    Side.THEIRS: "Only they changed this",
    Side.MINE: "Only you changed this",
    Side.ALIKE: "Both made the same change",
    Side.CONFLICT: "Both changed this",
}
_TAKEN: Final = {
    Take.MINE: "yours is taken",
    Take.THEIRS: "theirs is taken",
    Take.MINE_THEIRS: "both are taken, yours first",
    Take.THEIRS_MINE: "both are taken, theirs first",
}


class Merging(msgspec.Struct, frozen=True):
    """taken: what was chosen, by the index of a region. at: which of `differences` is looked at."""

    regions: tuple[Region, ...]
    taken: Mapping[int, Take] = {}
    at: int = 0

    @property
    def differences(self) -> tuple[int, ...]:
        """The indexes of the regions that anybody changed."""
        return tuple(index for index, region in enumerate(self.regions) if region.differs)

    @property
    def conflicts(self) -> int:
        """How many regions both changed, each in another way."""
        return sum(region.side is Side.CONFLICT for region in self.regions)

    @property
    def undecided(self) -> int:
        """How many of them nothing was chosen for."""
        return sum(self.take(index) is None for index in self.differences)

    @property
    def region(self) -> int:
        """The index of the region that is looked at; -1 where nothing differs."""
        found = self.differences
        return found[self.at] if found else -1

    def take(self, index: int) -> Take | None:
        """What of a region goes into the result; None while that is undecided."""
        return self.taken.get(index, self.regions[index].default)

    def step(self, by: int) -> Merging:
        """At the next difference, or the one before; after the last comes the first."""
        return msgspec.structs.replace(self, at=(self.at + by) % max(1, len(self.differences)))

    def to_undecided(self) -> Merging:
        """At the next difference that is undecided, the first one looked for behind this; else where it is."""
        found = self.differences
        order = [(self.at + by) % len(found) for by in range(1, len(found) + 1)]
        return next((msgspec.structs.replace(self, at=at) for at in order if self.take(found[at]) is None), self)

    def choose(self, *takes: Take) -> Merging:
        """Take this of the difference that is looked at; of several, the one after what is taken now."""
        if self.region < 0 or self.regions[self.region].side is Side.ALIKE:
            return self
        now = self.take(self.region)
        chosen = takes[(takes.index(now) + 1) % len(takes)] if now in takes else takes[0]
        return msgspec.structs.replace(self, taken={**self.taken, self.region: chosen})

    @property
    def is_by_line(self) -> bool:
        """Whether the lines decided wherever they could: nothing was chosen where only one side changed something."""
        return all(self.regions[index].side is Side.CONFLICT for index in self.taken)

    @property
    def text(self) -> str | None:
        """The result; None while something is undecided."""
        return merged(self.regions, self.taken)

    def leaves_out(self, side: Take) -> bool:
        """Whether something that one side changed is not in the result."""
        return left_out(self.regions, self.taken, side)

    @property
    def sentence(self) -> str:
        """What there is to know of the difference that is looked at."""
        if self.region < 0:
            return "The lines are the same."
        take = self.take(self.region)
        side = self.regions[self.region].side
        what = "" if side is Side.ALIKE else f"; {_TAKEN[take] if take else 'choose what to take'}"
        return f"Difference {self.at + 1} of {len(self.differences)}: {_WHO[side].lower()}{what}."


def merging(base: str, theirs: str, mine: str) -> Merging:
    """A merge that begins, at the first difference that must be decided if there is one."""
    began = Merging(regions(base, theirs, mine))
    return msgspec.structs.replace(began, at=-1).to_undecided() if began.undecided else began
