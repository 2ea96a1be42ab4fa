"""Where a run is done, as the command line says it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui_client.cli.replay_options import Wanted
from tui_client.cli.replay_text import summary_lines
from tui_client.cli.replay_where import cluster_of, tell_narrow, where_words
from tui_client.errors import UsageError
from tui_client.replay.engines.dask import terms
from tui_client.replay.engines.dask.terms import ClusterTerms, terms_of
from tui_client.replay.plan import Plan
from tui_client.replay.summary import Summary

Cli = Callable[..., Any]
Shop = Callable[..., Path]
SCHEDULER = "tcp://10.0.0.7:8786"


@pytest.mark.parametrize(
    ("wanted", "terms"),
    [
        (Wanted(), None),
        (Wanted(workers=4), ClusterTerms(workers=4)),
        (Wanted(workers=1, send_secrets=True), ClusterTerms(workers=1, send_secrets=True)),
        (Wanted(scheduler=SCHEDULER), ClusterTerms(scheduler=SCHEDULER)),
        (Wanted(scheduler="tls://h:1", listen="me:7"), ClusterTerms(scheduler="tls://h:1", listen="me:7")),
    ],
)
def test_what_is_said_is_what_is_meant(wanted: Wanted, terms: ClusterTerms | None) -> None:
    """Nothing said: this process alone."""
    assert cluster_of(wanted) == terms


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (Wanted(workers=0), "1 to 256 workers, not 0"),
        (Wanted(workers=257), "1 to 256 workers, not 257"),
        (Wanted(workers=2, scheduler=SCHEDULER), "Give one of them"),
        (Wanted(workers=2, listen="me"), "need no --listen"),
        (Wanted(listen="me"), "give --scheduler"),
        (Wanted(send_secrets=True), "give --scheduler"),
        (Wanted(scheduler="10.0.0.7"), "tcp://HOST:PORT"),
        (Wanted(scheduler="http://10.0.0.7:8786"), "tcp://HOST:PORT"),
    ],
)
def test_what_can_not_be_meant_is_refused(wanted: Wanted, reason: str) -> None:
    """With what to write instead."""
    with pytest.raises(UsageError, match=reason):
        cluster_of(wanted)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted(), ""),
        (Wanted(workers=4, send_secrets=True), " --workers 4 --send-secrets"),
        (Wanted(scheduler=SCHEDULER, listen="a b:7"), f" --scheduler {SCHEDULER} --listen 'a b:7'"),
    ],
)
def test_who_goes_on_is_told_where(wanted: Wanted, words: str) -> None:
    """As it can be pasted behind the command; meant is the same as before."""
    assert where_words(wanted) == words
    summary = Summary(run="R", done=2, interrupted=True)
    assert list(summary_lines(summary, where=words))[-1].endswith(f"replay --resume R{words}")


def test_one_field_says_it_too() -> None:
    """A number is processes here, an address a cluster."""
    assert terms_of("") is None
    assert terms_of("4") == ClusterTerms(workers=4)
    assert terms_of(SCHEDULER) == ClusterTerms(scheduler=SCHEDULER)
    for odd in ("²", "-1", "four", "99999"):
        with pytest.raises(UsageError):
            terms_of(odd)


@pytest.mark.parametrize(
    ("sessions", "workers", "said"), [(1, 4, "Only one row"), (3, 4, "Only 3 rows"), (4, 4, ""), (1, 0, "Only one row")]
)
def test_idle_workers_are_told_of(sessions: int, workers: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Who asks for four workers and one row at a time gets no more than with one."""
    tell_narrow(Plan(steps=("a",), concurrency=sessions), ClusterTerms(workers=workers))
    err = capsys.readouterr().err
    assert said in err and bool(said) == bool(err)


def test_nobody_at_the_address_leaves_nothing_behind(cli: Cli, shop: Shop) -> None:
    """One sentence that says what to do, and no run in the list."""
    shop({"a": 'url = "http://127.0.0.1:9/"\n'})
    result = cli("replay", "a", "--scheduler", "tcp://127.0.0.1:9")
    assert result.code == 2
    assert "The scheduler tcp://127.0.0.1:9 does not answer (Connection refused)" in result.err
    assert "dask scheduler" in result.err
    assert cli("replay", "--list", "--json").json == []


def test_dask_that_is_not_installed_is_asked_for(cli: Cli, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command, and no stack of errors."""
    monkeypatch.setattr(terms, "find_spec", lambda name: None)
    shop({"a": 'url = "/users"\n'})
    result = cli("replay", "a", "--workers", "2")
    assert result.code == 2
    assert result.err.count("\n") <= 2 and "pip install 'tui-client[distributed]'" in result.err
    assert cli("replay", "--list", "--json").json == []
