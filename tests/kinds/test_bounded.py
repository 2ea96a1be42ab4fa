"""What a file asks to be computed is stopped after a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import QueryError
from tui_client.kinds import bounded
from tui_client.kinds.bounded import (
    Deadline,
    OutOfTime,
    TooSlow,
    first_match,
    pattern_problem,
    quickly,
    run_bounded,
    search,
)
from tui_client.kinds.jsonpath import select

_WILD = "(a|aa)*[bc]"


def test_a_wild_pattern_is_stopped_and_others_run_on() -> None:
    """Catastrophic backtracking ends after a second, and meanwhile other threads work."""
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.wait(0.005):
            ticks += 1

    thread = threading.Thread(target=tick)
    thread.start()
    began = time.monotonic()
    try:
        with pytest.raises(QueryError, match="took longer than 1 s"):
            search(_WILD, "a" * 5000, "matches")
    finally:
        done.set()
        thread.join()
    assert time.monotonic() - began < 5
    assert ticks > 5


@pytest.mark.parametrize("pattern", ["(", "[a", "a{2,1}", "(?P<n>a)(?P=m)", "\\", "*", "(?<=", "(" * 5000, r"\L<x>"])
def test_a_pattern_that_can_not_be_read_is_an_error(pattern: str) -> None:
    """Whatever the library raises."""
    with pytest.raises(QueryError, match="the pattern can't be used"):
        search(pattern, "a", "matches")


@pytest.mark.parametrize("pattern", ["", "a" * 10_001])
def test_empty_and_endless_patterns_are_refused(pattern: str) -> None:
    """Compiling has no limit of its own."""
    with pytest.raises(QueryError, match=r"needs an expression|longer than 10,000"):
        search(pattern, "a", "matches")


@given(
    st.text(alphabet="()[]{}|*+?.^$\\abpPdwsLNxuk<>=!:#-&~1,", max_size=25),
    st.text(alphabet="ab1 \n\ud800", max_size=8),
)
def test_any_pattern_matches_or_raises_query_error(pattern: str, text: str) -> None:
    """No exception of the library gets through."""
    try:
        first_match(pattern, text, "regex")
    except QueryError as error:
        assert error.query == "regex"


@pytest.mark.parametrize(
    "pattern",
    [
        "a" * 3000,
        "[a]" * 3000,
        "a{1}" * 2000,
        "(?:a)" * 1500,
        "(?>a)" * 1500,
        "(?i)" + "a" * 3000,
        "\\x61" * 2000,
        "(a)" * 3000,
    ],
    ids=lambda pattern: pattern[:8],
)
def test_a_long_text_in_a_pattern_is_refused(pattern: str) -> None:
    """The library would build a table for it, for minutes, while nothing else goes on."""
    assert "holds a text of more than 500 characters" in pattern_problem(pattern)


@pytest.mark.parametrize("pattern", ["a" * 490, "a|" * 3000, "a?" * 3000, "word\\s+" * 800, "(?:word|other)*.*" * 400])
def test_a_long_pattern_of_short_texts_is_used(pattern: str) -> None:
    """Long alternations and long sentences with blanks of any kind are no such thing."""
    assert pattern_problem(pattern) == ""


def test_a_pattern_that_fills_the_memory_is_an_error() -> None:
    """One that calls itself, at a gigabyte."""
    with pytest.raises(QueryError, match=r"too much memory|took longer"):
        search("(?R)?a(?R)?", "a" * 1000, "matches")


def test_a_deadline_is_noticed_by_counting() -> None:
    """Once the time is over, some step soon after says so."""
    deadline = Deadline(0.0)
    with pytest.raises(OutOfTime):
        for _ in range(1000):
            deadline.tick()
    with pytest.raises(OutOfTime):
        deadline.remaining_s()


def test_a_bounded_call_gives_what_the_function_gives() -> None:
    """Its value, or its exception."""
    assert run_bounded(lambda: 5, "xpath") == 5
    with pytest.raises(ZeroDivisionError):
        run_bounded(lambda: 1 // 0, "xpath")


def test_calls_that_run_on_are_left_and_then_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller goes on after the limit; too many that still run refuse the next; once they end, all is well."""
    monkeypatch.setattr(bounded, "LIMIT_S", 0.02)
    release = threading.Event()
    for _ in range(4):
        with pytest.raises(QueryError, match="took longer"):
            run_bounded(release.wait, "xpath")
    with pytest.raises(QueryError, match="still being computed"):
        run_bounded(release.wait, "xpath")
    release.set()
    for thread in threading.enumerate():
        if thread.name == "bounded query":
            thread.join(5)
    monkeypatch.undo()
    assert run_bounded(lambda: 5, "xpath") == 5


@pytest.mark.parametrize(
    "work",
    [
        lambda: search(_WILD, "a" * 5000, "matches"),
        lambda: select("$" + "..*" * 9, [[[[[[[[1, 2, 3]] * 3] * 3] * 3] * 3] * 3] * 3] * 3),
        lambda: run_bounded(lambda: 1, "xpath"),
        lambda: [search("b", "a" * 1000, "matches") for _ in range(10_000_000)],
    ],
)
def test_what_is_to_be_quick_gives_up_early(work: Callable[[], object]) -> None:
    """Whoever types is not held up by a pattern, a query, or many of them; it is no error of the pattern."""
    began = time.process_time()
    with pytest.raises(TooSlow), quickly():
        work()
    assert time.process_time() - began < 0.5


def test_quick_work_gives_its_result() -> None:
    """And the full limit holds again afterwards."""
    with quickly():
        assert first_match("a+", "baa", "regex") == "aa"
    with quickly(0):
        pass
    assert first_match("a+", "baa", "regex") == "aa"


def test_being_quick_ends_with_its_block_however_that_ends() -> None:
    """Within another one too: what comes after has the time it had before."""
    with pytest.raises(KeyError), quickly(0):
        raise KeyError("x")
    assert Deadline().remaining_s() > 0
    with quickly(60):
        with pytest.raises(TooSlow), quickly(0):
            Deadline()
        assert Deadline().remaining_s() > 0


@pytest.mark.parametrize(
    "pattern",
    [
        "a{100000000}",
        "(?:a{1000}b){1000}",
        "(?:ab|c{2}){50000,}",
        "(?x)(a{1000}) # (\n{1000}",
        "(?:" * 9 + "a" + "){9}" * 9,
    ],
)
def test_a_pattern_that_would_fill_the_memory_is_refused(pattern: str) -> None:
    """What is repeated a fixed number of times is written out when it is compiled: it is refused before."""
    assert "repeats more than 20,000 times" in pattern_problem(pattern)


@pytest.mark.parametrize(
    "pattern", [".{500}x.{500}y.{500}", "a{0,100000000}", r"[(]{999}[)]{999}\({999}", r"\d{4}-\d{2}", "a{2}" * 2000]
)
def test_counts_beside_each_other_are_no_such_pattern(pattern: str) -> None:
    """Only what is written out counts, and multiplied only within each other."""
    assert pattern_problem(pattern) == ""
