"""Bad inputs: how many are tried, how long one may take, and how they are counted.

`@bad_inputs(200, strategy)` runs a test for 200 inputs, twenty times as many with `.ci/run --full`. Hypothesis chooses
them anew in each run by hand, and the same each time where CI is set.
"""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Callable
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scale import tries

BUDGET_S: Final = 4.0
"""Processor time that no input may take, however bad: generous, since all inputs are small."""

_MORE: Final = 20
_tried = 0


class Spent:
    """Counts an input, and asserts that what is done with it stays within the budget."""

    def __enter__(self) -> None:
        global _tried
        _tried += 1
        self._began = time.process_time()

    def __exit__(self, *_: object) -> None:
        assert time.process_time() - self._began < BUDGET_S


def bad_inputs(
    count: int, /, *strategies: st.SearchStrategy[Any]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test for so many inputs; each must end within the budget."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @settings(
            max_examples=tries(count, count * _MORE),
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # Neither shrinking for minutes nor explaining: the failing input itself says enough.
            phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
        )
        @given(*strategies)
        @functools.wraps(test)
        def counted(*inputs: Any, **fixtures: Any) -> None:
            with Spent():
                test(*fixtures.values(), *inputs)

        return counted

    return decorate


def tried() -> int:
    """How many inputs this process has tried so far."""
    return _tried


def mutated(valid: st.SearchStrategy[bytes], most: int = 3) -> st.SearchStrategy[bytes]:
    """Valid bytes with a few places overwritten, taken out, doubled or filled with others."""
    edit = st.tuples(st.integers(0, 1 << 16), st.integers(0, 6), st.binary(max_size=4) | st.sampled_from(NASTY))
    return st.builds(_edited, valid, st.lists(edit, min_size=1, max_size=most))


NASTY: Final = (b"\0", b"\r\n", b"\n\n", b"\r", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b"\x1b[31m",
    b"\xe2\x80\xae", b'"', b"'", b"\\", b"{{", b"}}", b"[[", b"]]", b"%00", b"%", b"=", b";", b",", b":", b"-1",
    b"9" * 400, b"1e400", b"a" * 5000)  # fmt: skip


def _edited(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for place, cut, put in edits:
        at = place % (len(data) + 1)
        data = data[:at] + put + data[at + cut :]
    return data


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """The data cut at these places; the pieces put together are the data."""
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    return [data[start:end] for start, end in itertools.pairwise(places)]


CUTS: Final = st.lists(st.integers(0, 1 << 16), max_size=6)

TEXT: Final = st.text(max_size=30) | st.sampled_from(
    ["", "\0", "\ud800", "\u202e", "../../x", "a" * 5000, "{{", "{{a}}", "{{a(", "\r\nX: y", "é", "e\u0301", "İ", "ß"]
)
"""Text that is short, odd, or both."""

JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
