"""How large a pattern becomes once its repeats are written out, which is how long it may take for each letter."""

from __future__ import annotations

import re
from typing import Final

MOST: Final = 10_000_000
# One escape, set, group or character of a pattern, or how often the one before is repeated at least and at most.
_PART: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+)(,?)(\d*)\}|.", re.DOTALL)


def written_out(pattern: str) -> int:
    """The parts of a pattern, each as often as it is repeated; MOST for any more."""
    groups, last = [0], 0
    for part in _PART.finditer(pattern):
        if part[1]:
            more = last * (max(1, _count(part[1]), _count(part[3])) - 1)
            groups[-1] += more
            last += more
        elif part[0] == "(":
            groups.append(1)
            last = 0
        elif part[0] == ")" and len(groups) > 1:
            last = groups.pop()
            groups[-1] += last
        else:
            last = 1
            groups[-1] += 1
        if groups[-1] > MOST:
            return MOST
    return min(MOST, sum(groups))


def _count(digits: str) -> int:
    return int(digits[:9] or 0)
