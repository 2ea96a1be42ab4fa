"""The history forgets what is too old and what is too much, oldest first."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from handmade_journal import exchange_of

from tui_client.history.limits import Limits
from tui_client.history.store import History
from tui_client.model.exchange import Exchange
from tui_client.model.request import Request


def record(history: History, *exchanges: Exchange) -> None:
    for exchange in exchanges:
        history.record(exchange, Request(), key="", root="", environment="")
    asyncio.run(history.settled())


def aged(days: float, body: bytes = b"x") -> Exchange:
    return msgspec.structs.replace(exchange_of(body), started=datetime.now(UTC) - timedelta(days=days))


@pytest.mark.parametrize(("days", "left"), [(30, 2), (0, 252)])
def test_what_is_too_old_goes(tmp_path: Path, days: int, left: int) -> None:
    """All of it, in bites, when the history is next written; 0 keeps it for ever."""
    first = History(tmp_path / "history", Limits(days=0))
    record(first, *[aged(31)] * 250, aged(29))
    first.close()
    history = History(tmp_path / "history", Limits(days=days))
    record(history, aged(0))
    # Closing waits for the bite that is being taken; the next one comes with the next process.
    for _ in range(3):
        history.close()
        history = History(tmp_path / "history", Limits(days=days))
        history.start()
    history.close()
    assert len(History(tmp_path / "history").recent(1000)) == left


def test_entries_of_a_wrong_clock_hold_up_nothing(tmp_path: Path) -> None:
    """What was sent while the clock was years ahead stays, and what is too old goes all the same."""
    first = History(tmp_path / "history", Limits(days=0))
    record(first, *[aged(-900)] * 120, aged(40))
    first.close()
    history = History(tmp_path / "history", Limits(days=30))
    record(history, aged(0))
    history.close()
    assert [entry.id for entry in History(tmp_path / "history").recent(2)] == [122, 120]


def test_what_is_too_much_goes(tmp_path: Path) -> None:
    """With the files of its bodies; the newest stay, and what is left fits."""
    history = History(tmp_path / "history", Limits(megabytes=3))
    for _ in range(5):
        record(history, aged(0, b"x" * 1_200_000))
    history.close()
    left = History(tmp_path / "history").recent()
    assert [entry.id for entry in left] == [5, 4]
    assert len(list((tmp_path / "history" / "bodies").iterdir())) == 2


def test_files_that_nothing_names_go(tmp_path: Path) -> None:
    """A body whose process died before its row was written is removed, one that is just being written is not."""
    history = History(tmp_path / "history")
    record(history, aged(0, b"x" * 100_000))
    bodies = tmp_path / "history" / "bodies"
    (kept,) = bodies.iterdir()
    for name in ("orphan", "fresh"):
        (bodies / name).write_bytes(b"x")
    for path in (kept, bodies / "orphan"):
        os.utime(path, (0, 0))
    record(history, aged(0, b"x" * 2_000_000))
    history.close()
    assert {"fresh", kept.name} < {path.name for path in bodies.iterdir()}
    assert not (bodies / "orphan").exists()
