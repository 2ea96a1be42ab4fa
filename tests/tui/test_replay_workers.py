"""A replay on other processes, from the app."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from replaying import at_replay, rows_file


async def test_a_replay_on_two_processes_shows_them(bench: Any, sample: Path) -> None:
    """While it runs, who takes part; at its end the same figures as ever."""
    async with bench(sample) as b:
        screen = await at_replay(b, target="users/list", data=str(rows_file(sample, 300)), where="2")
        seen: set[str] = set()
        await b.press("ctrl+r")

        def over() -> bool:
            workers = screen.dashboard.run.summary.workers
            if workers is not None:
                seen.add(workers.words)
            return bool(screen.dashboard.run.state == "done")

        await b.until(over)
        summary = screen.dashboard.run.summary
        assert (summary.planned, summary.passed) == (300, 300)
        assert seen & {"1 worker", "2 workers"}


async def test_what_is_no_place_to_run_is_said_so(bench: Any, sample: Path) -> None:
    """Nothing starts, and the sentence says what to write."""
    async with bench(sample) as b:
        screen = await at_replay(b, target="users/list", where="four")
        await b.press("ctrl+r")
        await b.until(lambda: "tcp://HOST:PORT" in b.text)
        assert screen.dashboard.run.state == "ready"
