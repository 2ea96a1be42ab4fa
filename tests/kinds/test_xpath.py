"""XPath is bounded in time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tui_client.kinds.checks import check
from tui_client.kinds.query.xpath import XPath
from tui_client.model.exchange import Exchange
from tui_client.model.request import Assertion

# Quadratic in the number of elements: about two seconds, so that the thread that is left behind ends soon.
_WILD = "count(//b[count(//b) > 0])"


def test_a_runaway_xpath_is_stopped_after_a_second(exchange: Callable[..., Exchange]) -> None:
    """It fails once, the asserts after it over the same tree fail at once, and others go on."""
    reply = exchange(b"<a>" + b"<b/>" * 14_000 + b"</a>", "text/xml")
    began = time.monotonic()
    results = check([Assertion(XPath(_WILD), "exists")] * 3, reply)
    assert time.monotonic() - began < 5
    assert [result.passed for result in results] == [False] * 3
    assert all("took longer than 1 s" in result.error for result in results)
    assert check([Assertion(XPath("count(//b)"), "==", 14_000)], reply)[0].passed


@pytest.mark.parametrize("expr", ["//b", "//b/text()"])
def test_many_nodes_are_fine(exchange: Callable[..., Exchange], expr: str) -> None:
    """A list of thousands is a list."""
    reply = exchange(b"<a>" + b"<b>x</b>" * 5000 + b"</a>", "text/xml")
    assert XPath(expr).evaluate(reply) == ["x"] * 5000
