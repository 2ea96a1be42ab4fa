"""Filtering in the process, as an app does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import pytest
from fair_clock import fair_clock

from tui_client.model.exchange import BodyContent, BytesBody
from tui_client.tui.widgets.filters import live
from tui_client.tui.widgets.filters.live import Filtered, LiveFilter, NotFiltered, Outcome, tool_for
from tui_client.tui.widgets.filters.messages import LARGEST, Source, Tool


async def _answers(content: BodyContent, source: Source, *exprs: str) -> list[Outcome]:
    filtering = LiveFilter(content, source, "utf-8")
    found = []
    async with aclosing(filtering.answers()) as answers:
        for expr in exprs:
            filtering.want(expr)
            asked, outcome = await anext(answers)
            assert asked == expr
            found.append(outcome)
    return found


async def _next(answers: AsyncGenerator[tuple[str, Outcome], None]) -> tuple[str, Outcome]:
    return await anext(answers)


def _shown(outcome: Outcome) -> str:
    return outcome.content.read().decode() if isinstance(outcome, Filtered) else outcome.reason


async def test_expressions_are_answered_by_one_process() -> None:
    """A mistake is said and the next expression is answered; large results come whole."""
    body = BytesBody(b'{"a": [%s]}' % b",".join(b'{"id": %d}' % n for n in range(60_000)))
    found = await _answers(body, Source.JSON, "$.a[7].id", "$.a[", "$.a", "x")
    assert [_shown(outcome) for outcome in (found[0], found[1], found[3])] == [
        "7",
        "'$.a[' is not a JSONPath: unbalanced brackets at character 4",
        "a JSONPath begins with $, a jq filter with . or jq",
    ]
    whole = found[2]
    assert isinstance(whole, Filtered)
    assert (whole.nodes, whole.roots) == (1, ("$.a",))
    assert whole.content.read(whole.content.size - 5) == b"  }\n]"
    assert whole.content.size > 1 << 20


async def test_jq_and_xpath_are_answered_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each result of jq is a document; nothing of the user's environment is there to be shown."""
    pytest.importorskip("jq")
    monkeypatch.setenv("FILTER_TEST_SECRET", "s3cret")
    found = await _answers(
        BytesBody(b'[{"id": 1}, {"id": 2}]'), Source.JSON, ".[].id", "jq 'map(.id) | add'", ".[", "jq env"
    )
    assert [_shown(outcome) for outcome in found[:2]] == ["1\n2", "3"]
    assert _shown(found[2]).startswith("jq: syntax error")
    assert "s3cret" not in _shown(found[3])
    (xml,) = await _answers(BytesBody(b"<a><b/></a>"), Source.XML, "//b")
    assert _shown(xml) == "<b/>"


async def test_what_takes_too_long_is_stopped_and_the_next_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process is killed and another one reads the body."""
    pytest.importorskip("jq")
    monkeypatch.setitem(live._ANSWER_S, Tool.JQ, 0.3)
    found = await _answers(BytesBody(b"[1]"), Source.JSON, "jq [repeat(1)]", "$[0]")
    assert [_shown(outcome) for outcome in found] == [
        "it takes too long and was stopped; make the expression simpler",
        "1",
    ]


async def test_a_newer_expression_interrupts_an_older_one() -> None:
    """Only what is wanted last is answered, without waiting for the limit of what was wanted before."""
    filtering = LiveFilter(BytesBody(b"[%s]" % b",".join([b"[1]"] * 3000)), Source.JSON, "utf-8")
    async with aclosing(filtering.answers()) as answers:
        filtering.want("$[0]")
        await anext(answers)
        filtering.want("$[?count($[*]) == 1]")  # some nine million nodes
        async with fair_clock() as clock, asyncio.TaskGroup() as group:
            waiting = group.create_task(_next(answers))
            await asyncio.sleep(0)  # it is asked
            filtering.want("$[1][0]")
        expr, outcome = waiting.result()
    assert (expr, _shown(outcome)) == ("$[1][0]", "1")
    assert clock.took_s < 0.9


async def test_bodies_over_a_limit_are_refused_before_they_are_read() -> None:
    """The sentence says how large, and how large it may be."""

    class Huge:
        size = LARGEST + 1
        path: Path | None = None

        def read(self, start: int = 0, length: int | None = None) -> bytes:
            raise AssertionError

    (refused,) = await _answers(Huge(), Source.JSON, "$.a")
    assert isinstance(refused, NotFiltered)
    assert "filters read 67.1 MB at most" in refused.reason


async def test_a_body_that_can_not_be_read_is_said_for_every_expression() -> None:
    """Once it was read, nothing is started again for it."""
    found = await _answers(BytesBody(b'{"a": '), Source.JSON, "$.a", "$.b")
    assert {_shown(outcome) for outcome in found} == {"not valid JSON: Input data was truncated"}


@pytest.mark.parametrize(
    ("expr", "source", "tool"),
    [
        (" $.a", Source.JSON, Tool.JSONPATH),
        (".a", Source.LINES, Tool.JQ),
        ("jq keys", Source.JSON, Tool.JQ),
        ("keys", Source.JSON, None),
        ("$.a", Source.XML, Tool.XPATH),
    ],
)
def test_an_expression_says_by_its_beginning_what_it_is(expr: str, source: Source, tool: Tool | None) -> None:
    """JSONPath, jq, or XPath where the body is markup."""
    assert tool_for(expr, source) is tool
